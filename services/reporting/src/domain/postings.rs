//! Signed contributions added up in memory, by cell. It knows how to do that quickly (an import posts some hundred amounts for
//! each petition); it refuses to know why something is posted.

use super::{
    Bucket, Cell, Fact, Known, Level, Sheet, SliceKey, bucket_key,
    roll::{MONTHS, child, month_at, nodes},
};
use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasherDefault, Hasher},
    sync::Arc,
};

/// Contributions added up by slice, basis year, stamp month and vector key. Slices get small numbers, so that adding does not
/// touch their texts; years are added up from months at the end.
#[derive(Debug, Default)]
pub struct Postings {
    numbers: HashMap<SliceKey, u32>,
    /// The slices of images with the same division, unit, channel and conclusion.
    kinds: HashMap<String, Arc<Slices>>,
    sums: HashMap<Sum, i64, BuildHasherDefault<Mixer>>,
    /// (this part, of so many): slices of other parts are left out.
    part: Option<(u64, u64)>,
}

/// Where one amount goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Sum {
    slice: u32,
    basis_year: i16,
    month: i32,
    key: u16,
}

/// The slices an image is posted to.
#[derive(Debug, Default)]
struct Slices {
    /// By every contribution.
    always: Vec<u32>,
    /// By what is split by conclusion.
    conclusion: Option<u32>,
    /// By month of the basis day, for each node that has months.
    months: Vec<[Option<u32>; 12]>,
}

impl Postings {
    /// Postings that keep only the slices of one part of `parts`.
    pub fn of_part(part: u64, parts: u64) -> Self {
        Self { part: Some((part, parts)), ..Self::default() }
    }

    /// Whether this takes the slice.
    pub fn takes(&self, slice: &SliceKey) -> bool {
        self.part.is_none_or(|(part, parts)| slice.part(parts) == part)
    }

    /// Adds (`sign` 1) or takes away (`sign` -1) what an image counts for.
    pub fn post(&mut self, known: &Known, sign: i64) {
        let slices = self.slices(&known.fact);
        for c in known.contributions() {
            let month = Bucket::month_of(c.stamp);
            let key = bucket_key(c.measure, u16::from(c.stamp.day().unsigned_abs()));
            let amount = c.amount * sign;
            let conclusion = slices.conclusion.filter(|_| c.measure.by_conclusion());
            let months = slices.months.iter().filter_map(|numbers| numbers[month_at(c.basis)]);
            for slice in slices.always.iter().copied().chain(conclusion).chain(months) {
                *self.sums.entry(Sum { slice, basis_year: c.basis.year(), month, key }).or_default() += amount;
            }
        }
    }

    /// The cells that something was added to, ascending, each with its pairs for [`super::Amounts::plus`].
    pub fn into_cells(self) -> Vec<(Cell, Vec<(u16, i64)>)> {
        let mut slices: Vec<(SliceKey, u32)> = self.numbers.into_iter().collect();
        slices.sort_unstable();
        let mut rank: Vec<u32> = vec![0; slices.len()];
        for (at, (_, number)) in (0..).zip(&slices) {
            rank[*number as usize] = at;
        }
        let mut sums: Vec<(Sum, i64)> = self.sums.into_iter().filter(|(_, amount)| *amount != 0).collect();
        sums.iter_mut().for_each(|(sum, _)| sum.slice = rank[sum.slice as usize]);
        sums.sort_unstable();
        let mut cells = Vec::new();
        for of_year in sums.chunk_by(|(a, _), (b, _)| (a.slice, a.basis_year) == (b.slice, b.basis_year)) {
            let cell = |bucket| {
                let sum = of_year[0].0;
                Cell { slice: slices[sum.slice as usize].0.clone(), basis_year: i64::from(sum.basis_year), bucket }
            };
            for in_year in of_year.chunk_by(|(a, _), (b, _)| a.month / 100 == b.month / 100) {
                let mut pairs: BTreeMap<u16, i64> = BTreeMap::new();
                for (sum, amount) in in_year {
                    *pairs.entry(sum.key % 256).or_default() += amount;
                }
                pairs.retain(|_, amount| *amount != 0);
                if !pairs.is_empty() {
                    cells.push((cell(Bucket::Year(in_year[0].0.month / 100)), pairs.into_iter().collect()));
                }
            }
            for in_month in of_year.chunk_by(|(a, _), (b, _)| a.month == b.month) {
                let pairs = in_month.iter().map(|(sum, amount)| (sum.key, *amount)).collect();
                cells.push((cell(Bucket::Month(in_month[0].0.month)), pairs));
            }
        }
        cells
    }

    fn slices(&mut self, fact: &Fact) -> Arc<Slices> {
        let kind = [fact.division.as_str(), &fact.unit, &fact.channel, &fact.conclusion].join("\0");
        if let Some(slices) = self.kinds.get(&kind) {
            return slices.clone();
        }
        let slices = Arc::new(self.number_all(fact));
        self.kinds.insert(kind, slices.clone());
        slices
    }

    fn number_all(&mut self, fact: &Fact) -> Slices {
        let division = &fact.division;
        let mut slices = Slices::default();
        for (level, node) in nodes(division) {
            let mut number =
                |sheet, member: &str| self.number(SliceKey { level, node: node.to_string(), sheet, member: member.to_owned() });
            slices.always.extend(number(Sheet::Total, ""));
            if level == Level::Village {
                continue;
            }
            if !fact.unit.is_empty() {
                slices.always.extend(number(Sheet::Unit, &fact.unit));
            }
            if level == Level::County {
                if !fact.channel.is_empty() {
                    slices.always.extend(number(Sheet::Channel, &fact.channel));
                }
                if !fact.conclusion.is_empty() {
                    slices.conclusion = number(Sheet::Conclusion, &fact.conclusion);
                }
                slices.always.extend(number(Sheet::Division, child(division).as_str()));
            }
            slices.months.push(MONTHS.map(|month| number(Sheet::Month, month)));
        }
        slices
    }

    fn number(&mut self, slice: SliceKey) -> Option<u32> {
        if !self.takes(&slice) {
            return None;
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        Some(*self.numbers.entry(slice).or_insert(next))
    }
}

/// A quick hash for small numbers of our own (multiply and rotate): nothing a client chooses comes near it but days.
#[derive(Default)]
struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.mix(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }

    fn write_u16(&mut self, number: u16) {
        self.mix(u64::from(number));
    }

    fn write_i32(&mut self, number: i32) {
        self.mix(u64::from(number.cast_unsigned()));
    }

    fn write_i16(&mut self, number: i16) {
        self.mix(u64::from(number.cast_unsigned()));
    }

    fn finish(&self) -> u64 {
        // The table looks at the high and the low bits; a product is well mixed in the high ones only.
        self.0.rotate_left(26)
    }
}
