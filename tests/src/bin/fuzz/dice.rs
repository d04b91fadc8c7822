//! Chance that is the same on every machine and in every version: `SplitMix64`.

/// One case's chance.
pub struct Dice(u64);

impl Dice {
    /// The same for the same three.
    pub fn new(seed: u64, name: &str, case: u64) -> Self {
        let mut dice = Self(seed);
        for byte in name.bytes() {
            dice.0 ^= u64::from(byte);
            dice.next();
        }
        dice.0 ^= case.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        usize::try_from(self.next().checked_rem(end).unwrap_or(0)).unwrap_or(0)
    }

    /// True once in so many.
    pub fn once_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// A power of two below 2^`bits`; small ones far more often, for they are read faster.
    pub fn size(&mut self, bits: usize) -> usize {
        let most = self.below(bits) + 1;
        1 << self.below(most)
    }

    /// One of several, which must be some.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A part of something so long: where it begins and ends.
    pub fn part(&mut self, length: usize) -> std::ops::Range<usize> {
        let (one, other) = (self.below(length + 1), self.below(length + 1));
        one.min(other)..one.max(other)
    }
}
