//! The invented county, modelled on the divisions of Jinhu (320831): places, units, matters, bodies. No real person, body, case or
//! figure; only the division codes are real.

use fengqiao_model::{Day, Instant};
use fengqiao_proto::mediation::v1::Force;

/// A township-level division, its invented name, and how often something arises there. Eight are townships, four are farms and a
/// zone.
pub struct Place {
    pub code: &'static str,
    pub name: &'static str,
    pub weight: u64,
}

const fn place(code: &'static str, name: &'static str, weight: u64) -> Place {
    Place { code, name, weight }
}

/// Every township-level division.
pub const PLACES: [Place; 12] = [
    place("320831001", "河湾街道", 22),
    place("320831002", "柳岸街道", 12),
    place("320831003", "北塘街道", 8),
    place("320831101", "南圩镇", 9),
    place("320831103", "塔桥镇", 8),
    place("320831106", "前滩镇", 8),
    place("320831107", "双桥镇", 8),
    place("320831111", "银荡镇", 9),
    place("320831400", "湖西农场", 3),
    place("320831401", "东圩农场", 3),
    place("320831402", "原种场", 3),
    place("320831403", "经济开发区", 7),
];

/// The village of the quarrel that goes over three bodies.
pub const VILLAGE: &str = "320831107201";

/// Unit, content category, title of the matter, and how often.
pub const MATTERS: [(&str, &str, &str, u64); 8] = [
    ("住建局", "城乡建设", "反映小区屋面渗漏长期未修", 18),
    ("人社局", "劳动和社会保障", "反映工程款结清后工资仍被拖欠", 16),
    ("自然资源局", "自然资源", "反映宅基地四至与登记不符", 14),
    ("农业农村局", "农业农村", "反映土地流转费未按约兑付", 14),
    ("市场监管局", "市场监管", "反映预付卡商户停业不退款", 12),
    ("生态环境局", "生态环境", "反映夜间加工作业噪声扰民", 10),
    ("交通运输局", "交通运输", "反映村道破损影响通行", 9),
    ("民政局", "民政与应急", "反映临时救助申请久未答复", 7),
];

/// Channel and how often.
pub const CHANNELS: [(&str, u64); 5] = [("online", 45), ("visit", 24), ("hotline", 16), ("letter", 8), ("phone", 7)];

/// Dispute type and how often (the shape of D§4.1's shares).
pub const TYPES: [(&str, u64); 15] = [
    ("T02", 30),
    ("T01", 17),
    ("T06", 9),
    ("T03", 8),
    ("T17", 8),
    ("T16", 7),
    ("T14", 6),
    ("T10", 5),
    ("T04", 5),
    ("T11", 4),
    ("T15", 3),
    ("T05", 3),
    ("T09", 2),
    ("T07", 2),
    ("T20", 1),
];

/// Source and how often.
pub const SOURCES: [(&str, u64); 5] = [("initiative", 50), ("applied", 40), ("police", 6), ("court", 3), ("other_body", 1)];

/// A mediation body that is not a township's committee.
pub struct Room {
    pub code: &'static str,
    pub name: &'static str,
    pub force: Force,
    pub kind: &'static str,
    pub theme: &'static str,
    pub tags: &'static [&'static str],
    pub division: &'static str,
    pub specialities: &'static [&'static str],
    pub capacity: i32,
    /// Founded before the played years, or on this day.
    pub founded: &'static str,
}

const COUNTY: &str = "320831";
const LONG_AGO: &str = "2019-05-01";

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
const fn room(
    code: &'static str,
    name: &'static str,
    force: Force,
    kind: &'static str,
    theme: &'static str,
    tags: &'static [&'static str],
    specialities: &'static [&'static str],
    capacity: i32,
    founded: &'static str,
) -> Room {
    Room { code, name, force, kind, theme, tags, division: COUNTY, specialities, capacity, founded }
}

const ENTERPRISE: &[&str] = &["enterprise_related"];

/// A body for each force, themed rooms, a personal studio, a court outpost, a wage-arrears station.
pub const ROOMS: [Room; 17] = [
    Room {
        code: "TJ-CUN",
        name: "双桥镇下河村人民调解委员会",
        force: Force::People,
        kind: "committee",
        theme: "",
        tags: &[],
        division: VILLAGE,
        specialities: &[],
        capacity: 12,
        founded: LONG_AGO,
    },
    room("TJ-ZX", "县矛盾纠纷调处中心调委会", Force::People, "committee", "", &[], &[], 80, LONG_AGO),
    room("TJ-GR", "老班长个人调解工作室", Force::People, "personal_studio", "邻里", &[], &["T02", "T06"], 20, "2024-04-18"),
    room("TJ-JS", "家事调解室", Force::People, "themed_room", "家事", &[], &["T01"], 40, LONG_AGO),
    room("XZ-RS", "根治欠薪工作站", Force::Administrative, "wage_station", "欠薪", &[], &["T10"], 40, "2024-01-15"),
    room("XZ-HJ", "生态环境局行政调解室", Force::Administrative, "room", "", &[], &["T09"], 20, LONG_AGO),
    room("XZ-SC", "市场监管局行政调解室", Force::Administrative, "room", "", &[], &["T12", "T13", "T14"], 30, LONG_AGO),
    room("SF-YZ", "法官驿站", Force::Judicial, "court_outpost", "", &[], &[], 25, LONG_AGO),
    room("HY-WY", "物业纠纷行业调委会", Force::Industry, "committee", "物业", &[], &["T17"], 40, LONG_AGO),
    room("HY-XF", "消费纠纷行业调委会", Force::Industry, "committee", "消费", &[], &["T12", "T13", "T14"], 40, LONG_AGO),
    room("HY-SH", "商会调委会", Force::Industry, "committee", "涉企", ENTERPRISE, &["T04", "T05"], 25, "2024-03-05"),
    room("HY-YQ", "园区涉企调解室", Force::Industry, "themed_room", "涉企", ENTERPRISE, &["T04", "T05"], 20, "2024-06-11"),
    room("ZY-YL", "医疗纠纷专业调委会", Force::Professional, "committee", "医疗", &[], &["T15"], 20, LONG_AGO),
    room("ZY-JT", "道路交通事故专业调委会", Force::Professional, "committee", "交通", &[], &["T16"], 40, LONG_AGO),
    room("ZY-LD", "劳动争议专业调委会", Force::Professional, "committee", "劳动", ENTERPRISE, &["T10", "T11"], 40, LONG_AGO),
    room("ZY-ZC", "知识产权专业调委会", Force::Professional, "committee", "", ENTERPRISE, &["T19"], 10, "2024-09-02"),
    room("ZY-JY", "校园纠纷专业调委会", Force::Professional, "committee", "校园", &[], &["T20"], 15, LONG_AGO),
];

/// The code of a township's people's committee.
pub fn committee_of(place: &Place) -> String {
    format!("TJ-{}", &place.code[6..])
}

/// Nine o'clock in the morning, when the office opens.
pub fn office_opens(day: Day) -> Instant {
    Instant(day.begins().0 + 9 * 3_600_000_000)
}

/// A sequence of numbers that is the same at each run (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + i32::try_from(self.below(u64::try_from(high - low + 1).unwrap_or(1))).unwrap_or(0)
    }

    /// One of the weighted things.
    pub fn pick<'a, T>(&mut self, things: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let mut at = self.below(things.iter().map(&weight).sum());
        for thing in things {
            let weight = weight(thing);
            if at < weight {
                return thing;
            }
            at -= weight;
        }
        &things[0]
    }
}
