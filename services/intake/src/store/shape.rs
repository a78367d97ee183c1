//! Which shape the images of petitions have, as the book says it.

use fengqiao_store::{Db, StoreError, Tx, on};

const PETITION: &str = "petition";

/// The shape of the images in the book; 0 when nobody said.
pub async fn shape(db: &Db) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT shape FROM image_shape WHERE what = $1";
    let found: Option<i64> = on!(read db, c => sqlx::query_scalar(SQL).bind(PETITION).fetch_optional(c).await)?;
    Ok(found.unwrap_or(0))
}

/// Says that all images have this shape.
pub async fn set_shape(tx: &mut Tx, shape: i64) -> Result<(), StoreError> {
    const SQL: &str =
        "INSERT INTO image_shape (what, shape) VALUES ($1, $2) ON CONFLICT (what) DO UPDATE SET shape = excluded.shape";
    on!(tx tx, c => sqlx::query(SQL).bind(PETITION).bind(shape).execute(c).await.map(drop))?;
    Ok(())
}
