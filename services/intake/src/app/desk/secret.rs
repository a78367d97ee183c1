//! What is sealed of the petitions on the desk, the keys it is sealed under, and what they are found by.

use super::Desk;
use crate::{
    app::sealing::unsealed,
    domain::{Petition, SealedContent},
};
use fengqiao_store::{DataKey, StoreError, Tx, log};
use std::sync::Arc;

impl Desk<'_> {
    /// What is sealed of a petition before what is decided now, this batch's earlier changes among it.
    pub(super) async fn sealed_so_far(&self, tx: &mut Tx, id: &str, key: &DataKey) -> Result<SealedContent, StoreError> {
        let mut content = SealedContent::default();
        for event in log::of_aggregate(&mut *tx, id, 0).await? {
            content.merge(unsealed(key, id, event.version, &event.sealed)?);
        }
        for pending in self.pending.iter().filter(|pending| pending.id == id) {
            content.merge(pending.sealed.clone().unwrap_or_default());
        }
        Ok(content)
    }

    /// Hashes what a petition is found by, as its texts and persons stand now.
    pub(super) fn mark(&mut self, id: &str, petition: &Petition, content: &SealedContent) {
        self.marks.insert(id.to_owned(), self.book.marker.marks(petition, content));
    }

    /// The petition's key, made now if it has none yet.
    pub(super) fn key(&mut self, id: &str) -> Arc<DataKey> {
        if let Some(key) = self.keys.get(id) {
            return key.clone();
        }
        let key = Arc::new(DataKey::generate());
        self.keys.insert(id.to_owned(), key.clone());
        self.new_keys.insert(id.to_owned(), key.clone());
        key
    }
}
