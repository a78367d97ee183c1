//! Keyed hashes ("marks") of petitions: written beside the petition in one row, and from there, a little later and many at once, into
//! the table in which they are looked up. A row that waits is looked through by hand, so what is found does not depend on how far that is.
//!
//! A mark by itself is a row of its own at a random place of the table, which costs a hundred times what a further byte of the
//! petition's row does: that is why they wait.

use fengqiao_model::PetitionId;
use fengqiao_store::{Column, Db, StoreError, Tx, insert, lookup, on};

/// The most rows that wait and are looked through; while a large import is taken in, the oldest of more are found a little later.
const LOOKED_THROUGH: i64 = 4_096;

/// How many petitions of one mark [`marked`] gives, the latest ones.
pub const LATEST: usize = 64;

/// The marks of one petition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Of title and opening: by these matters are compared. In order, each once.
    pub head: Vec<i64>,
    /// Of all else: persons, further words. In order, each once, none of the head.
    pub rest: Vec<i64>,
}

impl Marks {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = i64> + '_ {
        self.head.iter().chain(&self.rest).copied()
    }

    fn bytes(&self) -> Vec<u8> {
        self.all().flat_map(i64::to_be_bytes).collect()
    }

    fn read(heads: i64, bytes: &[u8]) -> Result<Self, StoreError> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        let heads = usize::try_from(heads).ok().filter(|heads| *heads <= numbers.len() && rest.is_empty());
        let Some(heads) = heads else {
            return Err(StoreError::Inconsistent { table: "petition_likeness", column: "marks", key: String::new() });
        };
        let mut head: Vec<i64> = numbers.iter().map(|number| i64::from_be_bytes(*number)).collect();
        let rest = head.split_off(heads);
        Ok(Self { head, rest })
    }
}

/// Writes the marks of petitions that have none yet, to be looked up from now on.
pub async fn save_marks(tx: &mut Tx, marked: &[(PetitionId, Marks)]) -> Result<(), StoreError> {
    let ids: Vec<&[u8]> = marked.iter().map(|(id, _)| id.as_bytes().as_slice()).collect();
    let pending = vec![1; marked.len()];
    let heads: Vec<i64> = marked.iter().map(|(_, marks)| i64::try_from(marks.head.len()).unwrap_or(0)).collect();
    let bytes: Vec<Vec<u8>> = marked.iter().map(|(_, marks)| marks.bytes()).collect();
    let columns = [Column::Slice(&ids), Column::I64(&pending), Column::I64(&heads), Column::Bytes(&bytes)];
    insert(tx, "petition_likeness (petition, pending, heads, marks)", &columns, "").await.map(drop)
}

/// Forgets the marks of a petition. Its own row goes first: who moves it to where it is looked up waits for that, or is waited for.
pub async fn forget_marks(tx: &mut Tx, petition: PetitionId) -> Result<(), StoreError> {
    const OWN: &str = "DELETE FROM petition_likeness WHERE petition = $1 RETURNING heads, marks";
    const SQL: &str = "DELETE FROM petition_mark WHERE (mark, petition) IN (SELECT mark, petition FROM keys) RETURNING mark";
    let id = petition.as_bytes().as_slice();
    let own: Option<(i64, Vec<u8>)> = on!(tx &mut *tx, c => sqlx::query_as(OWN).bind(id).fetch_optional(c).await)?;
    let Some((heads, bytes)) = own else { return Ok(()) };
    let marks: Vec<i64> = Marks::read(heads, &bytes)?.all().collect();
    let ids = vec![id; marks.len()];
    let gone: Vec<(i64,)> = lookup(tx, &[("mark", Column::I64(&marks)), ("petition", Column::Slice(&ids))], SQL).await?;
    drop(gone);
    Ok(())
}

/// Moves the marks of so many waiting petitions to where they are looked up, in one transaction, and tells how many that were.
pub async fn index_marks(db: &Db, limit: i64) -> Result<usize, StoreError> {
    const SQL: &str = "UPDATE petition_likeness SET pending = 0 WHERE petition IN \
        (SELECT petition FROM petition_likeness WHERE pending = 1 ORDER BY petition LIMIT $1) RETURNING petition, heads, marks";
    let mut tx = db.begin().await?;
    let moved: Vec<(Vec<u8>, i64, Vec<u8>)> = on!(tx &mut tx, c => sqlx::query_as(SQL).bind(limit).fetch_all(c).await)?;
    let mut rows: Vec<(i64, &[u8])> = Vec::new();
    for (petition, heads, bytes) in &moved {
        rows.extend(Marks::read(*heads, bytes)?.all().map(|mark| (mark, petition.as_slice())));
    }
    rows.sort_unstable();
    let (marks, ids): (Vec<i64>, Vec<&[u8]>) = rows.into_iter().unzip();
    let columns = [Column::I64(&marks), Column::Slice(&ids)];
    insert(&mut tx, "petition_mark (mark, petition)", &columns, "ON CONFLICT (mark, petition) DO NOTHING").await?;
    tx.commit().await?;
    Ok(moved.len())
}

/// (mark, petition) of the latest petitions that have one of these marks; of a mark that very many have, not all.
pub async fn marked(db: &Db, marks: &[i64]) -> Result<Vec<(i64, PetitionId)>, StoreError> {
    const SQL: &str = "SELECT found.mark, found.petition FROM keys JOIN petition_mark found ON found.mark = keys.mark \
        AND found.petition >= COALESCE((SELECT later.petition FROM petition_mark later WHERE later.mark = keys.mark \
        ORDER BY later.petition DESC LIMIT 1 OFFSET 63), keys.first)";
    let first = vec![b"".as_slice(); marks.len()];
    let keys = [("mark", Column::I64(marks)), ("first", Column::Slice(&first))];
    let found: Vec<(i64, Vec<u8>)> = lookup(db, &keys, SQL).await?;
    found.into_iter().map(|(mark, petition)| Ok((mark, id(&petition)?))).collect()
}

/// Petitions that have a mark, before a petition in the order of ids backwards; at most so many.
pub async fn with_mark(db: &Db, mark: i64, before: Option<PetitionId>, limit: i64) -> Result<Vec<PetitionId>, StoreError> {
    const SQL: &str = "SELECT petition FROM petition_mark WHERE mark = $1 AND petition < $2 ORDER BY petition DESC LIMIT $3";
    let before = before.map_or([255; 16], |id| *id.as_bytes());
    let found: Vec<Vec<u8>> = on!(read db, c => sqlx::query_scalar(SQL)
        .bind(mark)
        .bind(before.as_slice())
        .bind(limit)
        .fetch_all(c).await)?;
    found.iter().map(|petition| id(petition)).collect()
}

/// The marks of these petitions.
pub async fn marks_of(db: &Db, petitions: &[PetitionId]) -> Result<Vec<(PetitionId, Marks)>, StoreError> {
    const SQL: &str =
        "SELECT own.petition, own.heads, own.marks FROM keys JOIN petition_likeness own ON own.petition = keys.petition";
    let ids: Vec<&[u8]> = petitions.iter().map(|id| id.as_bytes().as_slice()).collect();
    read(lookup(db, &[("petition", Column::Slice(&ids))], SQL).await?)
}

/// The marks of those that wait, the latest first, at most [`LOOKED_THROUGH`].
pub async fn waiting(db: &Db) -> Result<Vec<(PetitionId, Marks)>, StoreError> {
    const SQL: &str = "SELECT petition, heads, marks FROM petition_likeness WHERE pending = 1 ORDER BY petition DESC LIMIT $1";
    read(on!(read db, c => sqlx::query_as(SQL).bind(LOOKED_THROUGH).fetch_all(c).await)?)
}

fn read(rows: Vec<(Vec<u8>, i64, Vec<u8>)>) -> Result<Vec<(PetitionId, Marks)>, StoreError> {
    rows.into_iter().map(|(petition, heads, marks)| Ok((id(&petition)?, Marks::read(heads, &marks)?))).collect()
}

fn id(bytes: &[u8]) -> Result<PetitionId, StoreError> {
    let broken = || StoreError::Inconsistent { table: "petition_mark", column: "petition", key: String::new() };
    bytes.try_into().map(PetitionId::from_bytes).map_err(|_| broken())
}
