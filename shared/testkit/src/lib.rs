//! What tests of every crate share; a dev-dependency only.
//!
//! | File | Knows |
//! |---|---|
//! | `database.rs` | a fresh database per test, on each engine, gone afterwards |
//! | `cluster.rs` | a throw-away PostgreSQL server that cannot outlive its user |
//! | `schema.rs` | the shape of a schema as text, the same for both engines |
//! | `eventually.rs` | waiting for a condition |
//! | `golden.rs` | comparing with a file |
//!
//! The binary `testkit-postgres run -- COMMAND` starts one server for a whole test run.

pub mod cluster;
pub mod database;
pub mod eventually;
pub mod golden;
pub mod schema;

pub use database::{Fresh, on_fresh_database, on_fresh_location};
pub use eventually::eventually;
pub use golden::assert_golden;
pub use schema::schema_summary;

#[doc(hidden)]
pub use fengqiao_store as store;

/// Makes two tests of each function, `name::sqlite` and `name::postgres`, each with a database of its own.
///
/// ```text
/// on_each_engine! {
///     async fn works_with_the_kernel_tables(db: Db) { … }
///     async fn opens_the_database_itself(location: Location) { … }
/// }
/// on_each_engine! { MIGRATIONS; async fn works_with_the_service_tables(db: Db) { … } }
/// ```
///
/// `MIGRATIONS` is an expression of type `Migrations` (a static of the service). `?` does not work in the bodies: unwrap.
#[macro_export]
macro_rules! on_each_engine {
    ($($(#[$meta:meta])* async fn $name:ident($arg:ident : $kind:ident) $body:block)+) => {
        $($crate::on_each_engine!(@one [$(#[$meta])*] [$crate::store::NO_MIGRATIONS] $kind $name $arg $body);)+
    };
    (@one [$($meta:tt)*] [$migrations:expr] $kind:ident $name:ident $arg:ident $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[test]
            $($meta)*
            fn sqlite() {
                $crate::on_each_engine!(@run [$migrations] $kind $kind Sqlite $arg $body);
            }

            #[test]
            $($meta)*
            fn postgres() {
                $crate::on_each_engine!(@run [$migrations] $kind $kind Postgres $arg $body);
            }
        }
    };
    (@run [$migrations:expr] Db $kind:ident $engine:ident $arg:ident $body:block) => {
        $crate::on_fresh_database($crate::store::Engine::$engine, &$migrations, async |$arg: $kind| $body)
    };
    (@run [$migrations:expr] Location $kind:ident $engine:ident $arg:ident $body:block) => {
        $crate::on_fresh_location($crate::store::Engine::$engine, async |$arg: $kind| $body)
    };
    ($migrations:expr; $($(#[$meta:meta])* async fn $name:ident($arg:ident : $kind:ident) $body:block)+) => {
        $($crate::on_each_engine!(@one [$(#[$meta])*] [$migrations] $kind $name $arg $body);)+
    };
}
