//! What the benches run on besides the liquid: the published models where they are, and a crystal of
//! any size.

use std::path::PathBuf;

use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::data::{DataStore, Sample, StoreOptions, read_published, user_cache_dir};
use amorphous_packing::progress::Silent;

/// The edge of the cubic cell of the jittered crystal, in ångström. Its nearest neighbours are
/// 2.97 Å away, its second neighbours 4.2 Å: the cutoff of Pd₂ lies between them.
const FCC_EDGE_ANGSTROM: f64 = 4.2;
/// Every coordinate of the crystal is moved by up to this much, in ångström.
const JITTER_ANGSTROM: f64 = 0.2;

/// A published model, when the public data are in `$AMORPHOUS_PACKING_DATA` or in the cache.
pub fn published(sample: Sample) -> Option<Atoms> {
    let store = DataStore::new(StoreOptions {
        data_dir: std::env::var_os("AMORPHOUS_PACKING_DATA").map(PathBuf::from),
        cache_dir: user_cache_dir(),
        offline: true,
    });
    let (atoms, _) = read_published(&store.ok()?, sample, &Silent).ok()?;
    Some(atoms)
}

/// A face-centred cubic crystal of `cells`³ cubic cells, four atoms in each, every coordinate moved
/// at random; the same for the same seed.
pub fn jittered_fcc(cells: usize, seed: u64) -> Vec<Vec3> {
    const BASIS: [Vec3; 4] = [
        Vec3::ZERO,
        Vec3::new(0.0, 0.5, 0.5),
        Vec3::new(0.5, 0.0, 0.5),
        Vec3::new(0.5, 0.5, 0.0),
    ];
    let mut random = SplitMix(seed);
    let mut positions = Vec::with_capacity(4 * cells.pow(3));
    for cell in 0..cells.pow(3) {
        let corner = [cell / cells / cells, cell / cells % cells, cell % cells];
        let corner = Vec3::from(corner.map(|steps| steps as f64));
        for site in BASIS {
            let jitter = [(); 3].map(|()| JITTER_ANGSTROM * (2.0 * random.unit() - 1.0));
            positions.push(FCC_EDGE_ANGSTROM * (corner + site) + Vec3::from(jitter));
        }
    }
    positions
}

/// Open atoms at these positions.
pub fn open(element: Element, positions: Vec<Vec3>) -> Atoms {
    Atoms::new(element, positions, Boundary::Open).expect("the positions make a sample")
}

/// The generator SplitMix64 of Steele, Lea and Flood, doi:10.1145/2714064.2660195.
struct SplitMix(u64);

impl SplitMix {
    /// A number from 0 to 1, 1 excluded.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}
