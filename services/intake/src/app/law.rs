//! The law in force: what the settings say, with the notices that the book took over. The calendar may change while the service runs,
//! here or in another replica; everybody else asks for the law anew with each batch and each call.

use crate::{domain::Law, store};
use fengqiao_store::{Db, StoreError, Tx};
use std::sync::{Arc, PoisonError, RwLock};

/// The law in force.
pub struct LawInForce {
    /// As the settings say.
    base: Law,
    /// How many notices were taken over, and the law with them.
    now: RwLock<(i64, Arc<Law>)>,
}

impl LawInForce {
    /// The law of the settings, with the notices of the book.
    pub async fn open(base: Law, db: &Db) -> Result<Self, StoreError> {
        let notices = store::notices(db).await?;
        let law = with_notices(&base, &notices)?;
        Ok(Self { base, now: RwLock::new((notices.version, law)) })
    }

    /// As it was known last.
    pub fn get(&self) -> Arc<Law> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// As it stands in the book.
    pub async fn read(&self, tx: &mut Tx) -> Result<Arc<Law>, StoreError> {
        let version = store::notices_version(&mut *tx).await?;
        if version == self.version() {
            return Ok(self.get());
        }
        let notices = store::notices(&mut *tx).await?;
        self.keep(&notices)
    }

    /// As it stands in the book, from outside of a transaction.
    pub async fn refresh(&self, db: &Db) -> Result<Arc<Law>, StoreError> {
        let notices = store::notices(db).await?;
        if notices.version == self.version() { Ok(self.get()) } else { self.keep(&notices) }
    }

    fn version(&self) -> i64 {
        self.now.read().unwrap_or_else(PoisonError::into_inner).0
    }

    fn keep(&self, notices: &crate::domain::Notices) -> Result<Arc<Law>, StoreError> {
        let law = with_notices(&self.base, notices)?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = (notices.version, law.clone());
        Ok(law)
    }
}

fn with_notices(base: &Law, notices: &crate::domain::Notices) -> Result<Arc<Law>, StoreError> {
    // Adopting checked that they go together; a file of the settings that was changed since may not.
    let clash = |_| StoreError::Misuse("the notices taken over do not go together with the calendar of HOLIDAYS_FILE");
    let calendar = notices.over(&base.calendar).map_err(clash)?;
    Ok(Arc::new(Law { calendar, ..base.clone() }))
}
