//! The packed vector in a bucket of the roll: key and amount pairs, ascending, zeros left out, so that equal sums have equal
//! bytes. Sums wrap around, so that they are the same in whatever order they are made, however absurd a ledger's amounts are. It
//! knows varints; it refuses to know what a key means.

/// A sparse vector: (key, amount), ascending by key, no zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts(Vec<(u16, i64)>);

/// Stored bytes that are not a packed vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("damaged vector of amounts")]
pub struct Damaged;

impl Amounts {
    /// The pairs.
    pub fn iter(&self) -> impl Iterator<Item = (u16, i64)> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sum with pairs that ascend by key, each key at most once.
    pub fn plus(&self, other: &[(u16, i64)]) -> Amounts {
        let mut sum = Vec::with_capacity(self.0.len() + other.len());
        let (mut left, mut right) = (self.0.iter().peekable(), other.iter().peekable());
        loop {
            let pair = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(a), Some(b)) if a.0 == b.0 => {
                    let pair = (a.0, a.1.wrapping_add(b.1));
                    left.next();
                    right.next();
                    pair
                }
                (Some(a), Some(b)) if a.0 > b.0 => {
                    let pair = **b;
                    right.next();
                    pair
                }
                (None, Some(b)) => {
                    let pair = **b;
                    right.next();
                    pair
                }
                (Some(a), _) => {
                    let pair = **a;
                    left.next();
                    pair
                }
            };
            if pair.1 != 0 {
                sum.push(pair);
            }
        }
        Amounts(sum)
    }

    /// The bytes: for each pair the distance of the key from the one before, then the amount in zigzag form, as varints.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * 3);
        let mut last = 0;
        for (key, amount) in &self.0 {
            put(&mut bytes, u64::from(key - last));
            put(&mut bytes, ((amount << 1) ^ (amount >> 63)) as u64);
            last = *key;
        }
        bytes
    }

    /// Reads what [`Amounts::pack`] wrote.
    pub fn unpack(bytes: &[u8]) -> Result<Amounts, Damaged> {
        let mut pairs = Vec::with_capacity(bytes.len() / 2);
        let mut at = 0;
        let mut last: u16 = 0;
        while at < bytes.len() {
            let distance = u16::try_from(take(bytes, &mut at)?).map_err(|_| Damaged)?;
            let zigzag = take(bytes, &mut at)?;
            last = last.checked_add(distance).ok_or(Damaged)?;
            pairs.push((last, (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)));
        }
        Ok(Amounts(pairs))
    }
}

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn take(bytes: &[u8], at: &mut usize) -> Result<u64, Damaged> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at).ok_or(Damaged)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn vectors_add_up_and_survive_packing(
            a in proptest::collection::btree_map(0u16..2000, -9i64..9, 0..40),
            b in proptest::collection::btree_map(0u16..2000, any::<i32>().prop_map(i64::from), 0..40),
        ) {
            let pairs = |m: &BTreeMap<u16, i64>| m.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>();
            let sum = Amounts::default().plus(&pairs(&a)).plus(&pairs(&b));
            let mut expected = a.clone();
            for (k, v) in &b {
                *expected.entry(*k).or_default() += v;
            }
            expected.retain(|_, v| *v != 0);
            prop_assert_eq!(sum.iter().collect::<Vec<_>>(), pairs(&expected));
            prop_assert_eq!(Amounts::unpack(&sum.pack()), Ok(sum.clone()));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Amounts::unpack(&bytes);
        }
    }
}
