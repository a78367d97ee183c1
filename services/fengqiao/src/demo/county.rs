//! The invented county, modelled on the divisions of Jinhu (320831): places, units, matters. No real person, case or figure.

use fengqiao_model::{Day, Instant};

/// Township-level divisions and how often a matter arises there.
pub const TOWNSHIPS: [(&str, u64); 12] = [
    ("320831001", 22),
    ("320831002", 12),
    ("320831003", 8),
    ("320831101", 9),
    ("320831103", 8),
    ("320831106", 8),
    ("320831107", 8),
    ("320831111", 9),
    ("320831400", 3),
    ("320831401", 3),
    ("320831402", 3),
    ("320831403", 7),
];

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
