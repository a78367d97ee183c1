//! How much two sets of tokens have in common.

/// From this score on, a text alone makes a candidate. Of pairs of petitions on the messages of `../shared` (weighted to all pairs)
/// 83 of 100 above it are one matter, and 84 of 100 of one matter are above it.
pub const ALIKE: u32 = 120;

/// From this score on, a text makes a candidate of who is the same person already: 65 and 98 of 100.
pub const ALIKE_SAME_PERSON: u32 = 80;

/// Shared tokens of all tokens of both, in thousandths, rounded down: 1000 for equal sets, 0 where one is empty. Both sorted, without
/// repetitions.
pub fn score<T: Ord>(a: &[T], b: &[T]) -> u32 {
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = a.len() + b.len() - shared;
    u32::try_from((shared * 1000).checked_div(all).unwrap_or(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn shared_of_all() {
        assert_eq!(score(&[1, 2, 3], &[2, 3, 4]), 500);
        assert_eq!(score::<u8>(&[], &[]), 0);
        assert_eq!(score(&[1], &[]), 0);
        assert_eq!(score(&[1, 2], &[1, 2]), 1000);
    }

    proptest! {
        #[test]
        fn as_sets_say(a: BTreeSet<u8>, b: BTreeSet<u8>) {
            let (x, y): (Vec<u8>, Vec<u8>) = (a.iter().copied().collect(), b.iter().copied().collect());
            let all = a.union(&b).count();
            let expected = (a.intersection(&b).count() * 1000).checked_div(all).unwrap_or(0);
            prop_assert_eq!(score(&x, &y) as usize, expected);
            prop_assert_eq!(score(&x, &y), score(&y, &x));
        }
    }
}
