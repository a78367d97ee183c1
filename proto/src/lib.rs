//! The contract: every message and service, compiled from the protos beside this file. The rules it follows are in README.md.

pub mod mask;

/// The protos compiled to a descriptor set, for reflection and for `fengqiao contract`.
pub const DESCRIPTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fengqiao.binpb"));

/// The proto files as they stand in this folder: (path, text).
pub const FILES: &[(&str, &str)] = &[
    ("fengqiao/common/v1/common.proto", include_str!("../fengqiao/common/v1/common.proto")),
    ("fengqiao/feed/v1/feed.proto", include_str!("../fengqiao/feed/v1/feed.proto")),
    ("fengqiao/intake/v1/clocks.proto", include_str!("../fengqiao/intake/v1/clocks.proto")),
    ("fengqiao/intake/v1/conduct.proto", include_str!("../fengqiao/intake/v1/conduct.proto")),
    ("fengqiao/intake/v1/events.proto", include_str!("../fengqiao/intake/v1/events.proto")),
    ("fengqiao/intake/v1/look_up.proto", include_str!("../fengqiao/intake/v1/look_up.proto")),
    ("fengqiao/intake/v1/petition_changes.proto", include_str!("../fengqiao/intake/v1/petition_changes.proto")),
    ("fengqiao/intake/v1/repeats.proto", include_str!("../fengqiao/intake/v1/repeats.proto")),
    ("fengqiao/intake/v1/service.proto", include_str!("../fengqiao/intake/v1/service.proto")),
    ("fengqiao/intake/v1/unit.proto", include_str!("../fengqiao/intake/v1/unit.proto")),
    ("fengqiao/mediation/v1/case.proto", include_str!("../fengqiao/mediation/v1/case.proto")),
    ("fengqiao/mediation/v1/case_work.proto", include_str!("../fengqiao/mediation/v1/case_work.proto")),
    ("fengqiao/mediation/v1/events.proto", include_str!("../fengqiao/mediation/v1/events.proto")),
    ("fengqiao/mediation/v1/service.proto", include_str!("../fengqiao/mediation/v1/service.proto")),
    ("fengqiao/reporting/v1/service.proto", include_str!("../fengqiao/reporting/v1/service.proto")),
];

macro_rules! package {
    ($module:ident, $package:literal) => {
        pub mod $module {
            /// Version 1 of the package.
            pub mod v1 {
                #![allow(clippy::doc_markdown, clippy::large_enum_variant, clippy::mixed_attributes_style, missing_docs)]
                tonic::include_proto!($package);
            }
        }
    };
}

package!(common, "fengqiao.common.v1");
package!(feed, "fengqiao.feed.v1");
package!(intake, "fengqiao.intake.v1");
package!(mediation, "fengqiao.mediation.v1");
package!(reporting, "fengqiao.reporting.v1");

/// Without the key: no log line may show one.
impl std::fmt::Debug for feed::v1::HandedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandedKey")
            .field("position", &self.position)
            .field("aggregate_id", &self.aggregate_id)
            .finish_non_exhaustive()
    }
}

/// A key that was handed over is overwritten when its message goes.
impl Drop for feed::v1::HandedKey {
    fn drop(&mut self) {
        self.key.fill(0);
        // Or the compiler would leave the overwriting out.
        std::hint::black_box(&mut self.key);
    }
}
