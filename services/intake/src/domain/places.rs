//! Where petitions arise: which division codes a desk may write on a day, and which of them deserve a second look.
//!
//! Ledgers are not asked: their rows keep the codes of their time and place, whatever they are.

use super::Rejection;
use fengqiao_identifiers::{Division, Divisions, Found};
use fengqiao_model::{Day, DivisionCode};

/// The register of divisions and how strictly a desk goes by it.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The register.
    pub divisions: Divisions,
    /// Also townships and villages must be known, where any of their level are; else the county only.
    pub strict: bool,
}

impl Places {
    /// Whether a petition of the day may arise there. A county and everything wider must be known; a code that was withdrawn, is not
    /// yet in force, or is filled up with zeros is refused with what to write instead.
    pub fn check(&self, field: &'static str, code: &DivisionCode, on: Day) -> Result<(), Rejection> {
        let refused = |problem: String| Err(Rejection::field(field, problem));
        match self.divisions.find(code, on) {
            Found::Valid(_) => self.county(field, code, on),
            Found::Withdrawn(old) => refused(self.withdrawn(&old, on)),
            Found::NotYet(new) => {
                refused(format!("is {} from {} on only", new.name, new.from.map(|day| day.to_string()).unwrap_or_default()))
            }
            Found::Padded(short) => refused(format!("must be written without zeros behind: {short}")),
            Found::Unknown(nearest) => {
                self.county(field, code, on)?;
                let known_below = parent(code).is_some_and(|parent| self.divisions.knows_below(&parent));
                if code.as_str().len() <= 6 || self.strict && known_below {
                    return refused(match nearest {
                        Some(nearest) => format!("must be a division on {on}; the nearest that is one: {nearest}"),
                        None => format!("must be a division on {on}; not even its province is one"),
                    });
                }
                Ok(())
            }
        }
    }

    /// Whether the county around a smaller division is one on the day.
    fn county(&self, field: &'static str, code: &DivisionCode, on: Day) -> Result<(), Rejection> {
        if code.as_str().len() <= 6 { Ok(()) } else { self.check(field, &code.county(), on) }
    }

    /// What is said of a code that is over.
    fn withdrawn(&self, old: &Division<'_>, on: Day) -> String {
        let until = old.until.map(|day| day.to_string()).unwrap_or_default();
        let name = |code: &DivisionCode| self.divisions.valid(code, on).map_or_else(|| code.to_string(), |new| new.to_string());
        let successors: Vec<String> = old.successors.iter().map(name).collect();
        match successors.as_slice() {
            [] => format!("was {} until {until}", old.name),
            _ => format!("was {} until {until}; since then {}", old.name, successors.join(", ")),
        }
    }

    /// What the desk should look at again, of a code that may be written.
    pub fn remark(&self, code: &DivisionCode, on: Day) -> Option<String> {
        match self.divisions.find(code, on) {
            Found::Valid(division) if division.statistical => {
                Some(format!("{division} is an area of statistics, not a division of GB/T 2260 nor a street, town or township"))
            }
            Found::Unknown(Some(nearest)) if parent(code).is_some_and(|parent| self.divisions.knows_below(&parent)) => {
                Some(format!("is not on the list of divisions; the nearest that is: {nearest}"))
            }
            _ => None,
        }
    }
}

/// What a township or village lies in.
fn parent(code: &DivisionCode) -> Option<DivisionCode> {
    match code.as_str().len() {
        12 => code.township(),
        9 => Some(code.county()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(places: &Places, code: &str, on: &str) -> String {
        let (code, on): (DivisionCode, Day) = (code.parse().unwrap(), on.parse().unwrap());
        match (places.check("at", &code, on), places.remark(&code, on)) {
            (Ok(()), None) => "good".to_owned(),
            (Ok(()), Some(remark)) => format!("remark: {remark}"),
            (Err(Rejection::Field { field: "at", problem }), _) => problem,
            (Err(other), _) => panic!("{other}"),
        }
    }

    #[test]
    fn a_desk_is_helped_and_nothing_valid_is_refused() {
        const ON: &str = "2026-03-02";
        let places = Places::default();
        for code in ["32", "3208", "320831", "320831101", "320831101201", "71"] {
            assert_eq!(said(&places, code, ON), "good", "{code}");
        }
        for (code, expected) in [
            ("320831100", "remark: is not on the list of divisions; the nearest that is: 320831 金湖县"),
            ("320831100201", "good"),
            (
                "320831403",
                "remark: 320831403 金湖经济开发区 is an area of statistics, not a division of GB/T 2260 nor a street, town or township",
            ),
            ("320832", "must be a division on 2026-03-02; the nearest that is one: 3208 淮安市"),
            ("320832101", "must be a division on 2026-03-02; the nearest that is one: 3208 淮安市"),
            ("3299", "must be a division on 2026-03-02; the nearest that is one: 32 江苏省"),
            ("99", "must be a division on 2026-03-02; not even its province is one"),
            ("320829", "was 洪泽县 until 2016-12-31; since then 320813 洪泽区"),
            ("320829101", "was 洪泽县 until 2016-12-31; since then 320813 洪泽区"),
            ("320800", "must be written without zeros behind: 3208 淮安市"),
            ("320831101000", "must be written without zeros behind: 320831101 金南镇"),
        ] {
            assert_eq!(said(&places, code, ON), expected, "{code}");
        }
        assert_eq!(said(&places, "320813", "2015-01-01"), "is 洪泽区 from 2016-01-01 on only");
    }

    #[test]
    fn a_strict_desk_goes_by_each_level_that_it_has() {
        const ON: &str = "2026-03-02";
        let file = "code,name\n320831101201,某村\n";
        let strict = Places { divisions: Divisions::with_file(file).unwrap(), strict: true };
        for (code, expected) in [
            ("320831101", "good"),
            ("320831101201", "good"),
            ("320831103201", "good"),
            ("320831100", "must be a division on 2026-03-02; the nearest that is one: 320831 金湖县"),
            ("320831101202", "must be a division on 2026-03-02; the nearest that is one: 320831101 金南镇"),
        ] {
            assert_eq!(said(&strict, code, ON), expected, "{code}");
        }
        let county = Places { strict: false, ..strict };
        assert!(said(&county, "320831101202", ON).starts_with("remark: is not on the list"));
    }
}
