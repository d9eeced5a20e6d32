//! Numbers that look random and are the same in every run and on every machine.

use amorphous_packing::atoms::Vec3;

/// The generator SplitMix64 of Steele, Lea and Flood, doi:10.1145/2714064.2660195, from a seed.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to 1, 1 excluded.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A vector of three such numbers.
    pub fn vector(&mut self) -> Vec3 {
        Vec3::from([(); 3].map(|()| self.unit()))
    }
}
