//! Signed contributions added up in memory, by cell. It knows how to do that quickly (an import posts some hundred amounts for
//! each petition); it refuses to know why something is posted.

use super::{
    Bucket, Cell, Known, Members, Sheet, SliceKey, bucket_key,
    roll::{MONTHS, child, force_at, month_at, nodes},
};
use fengqiao_statute::Force;
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
    /// The slices of images that stand under the same members.
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
    /// By responsible unit: by those that stand under it.
    unit: Vec<u32>,
    /// By the office that transferred: likewise.
    office: Vec<u32>,
    /// By what is split by conclusion, by round.
    conclusions: Vec<Option<u32>>,
    /// By month of the basis day, for each node that has months.
    months: Vec<[Option<u32>; 12]>,
    /// By force of the contribution, likewise.
    forces: Vec<[Option<u32>; 5]>,
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
        let Some(members) = known.fact.members() else { return };
        let slices = self.slices(&members);
        for c in known.contributions() {
            let month = Bucket::month_of(c.stamp);
            let key = bucket_key(c.measure, u16::from(c.stamp.day().unsigned_abs()));
            let amount = c.amount * sign;
            let conclusion =
                slices.conclusions.get(usize::from(c.round)).copied().flatten().filter(|_| c.measure.by_conclusion());
            let units = if c.of_office { &slices.office } else { &slices.unit };
            let months = slices.months.iter().filter_map(|numbers| numbers[month_at(c.basis)]);
            let forces = slices.forces.iter().filter_map(|numbers| numbers[force_at(c.force?)]);
            let always = slices.always.iter().chain(units).copied();
            for slice in always.chain(conclusion).chain(months).chain(forces) {
                let sum = self.sums.entry(Sum { slice, basis_year: c.basis.year(), month, key }).or_default();
                *sum = sum.wrapping_add(amount);
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
                    let pair = pairs.entry(sum.key % 256).or_default();
                    *pair = pair.wrapping_add(*amount);
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

    fn slices(&mut self, members: &Members<'_>) -> Arc<Slices> {
        let Members { division, unit, office, channel, dispute_type, source, body, body_kind, .. } = members;
        let force = if members.has_force { "force" } else { "" };
        let mut kind = [division.as_str(), unit, office, channel, dispute_type, source, body, body_kind, force].join("\0");
        for conclusion in members.conclusions() {
            kind.push('\0');
            kind.push_str(conclusion);
        }
        if let Some(slices) = self.kinds.get(&kind) {
            return slices.clone();
        }
        let slices = Arc::new(self.number_all(members));
        self.kinds.insert(kind, slices.clone());
        slices
    }

    fn number_all(&mut self, members: &Members<'_>) -> Slices {
        let mut slices = Slices::default();
        for (level, node) in nodes(members.division) {
            let mut number =
                |sheet, member: &str| self.number(SliceKey { level, node: node.to_string(), sheet, member: member.to_owned() });
            slices.always.extend(number(Sheet::Total, ""));
            if level.keeps(Sheet::Unit) {
                let mut of_unit = |unit: &str| if unit.is_empty() { None } else { number(Sheet::Unit, unit) };
                slices.unit.extend(of_unit(members.unit));
                slices.office.extend(of_unit(members.office));
            }
            for (sheet, member) in [
                (Sheet::Channel, members.channel),
                (Sheet::Division, child(members.division).as_str()),
                (Sheet::Type, members.dispute_type),
                (Sheet::Source, members.source),
                (Sheet::Body, members.body),
                (Sheet::BodyKind, members.body_kind),
            ] {
                if level.keeps(sheet) && !member.is_empty() {
                    slices.always.extend(number(sheet, member));
                }
            }
            if level.keeps(Sheet::Conclusion) {
                let of_round =
                    |conclusion: &str| if conclusion.is_empty() { None } else { number(Sheet::Conclusion, conclusion) };
                slices.conclusions = members.conclusions().map(of_round).collect();
            }
            if level.keeps(Sheet::Month) {
                slices.months.push(MONTHS.map(|month| number(Sheet::Month, month)));
            }
            if level.keeps(Sheet::Force) && members.has_force {
                slices.forces.push(Force::ALL.map(|force| number(Sheet::Force, force.code())));
            }
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
