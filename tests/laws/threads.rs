//! The same values whatever the number of threads.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::io::snapshot::{Snapshot, embedded};
use amorphous_packing::network::tables::{Entry, dihedral_angles};
use rayon::iter::ParallelIterator;

#[test]
fn one_thread_and_four_give_the_same_bits() {
    let bytes = embedded("ta_liquid_5200K.parquet").unwrap();
    let atoms = Snapshot::from_parquet(bytes).unwrap().atoms().clone();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let analysis = Analysis::new(atoms.clone(), None, |_| ()).unwrap();
            let networks = analysis.networks(5, Region::Amorphous);
            let entry = Entry {
                sample: "ta_liquid_5200K",
                analysis: &analysis,
                networks: &networks,
            };
            let angles: Vec<u64> = dihedral_angles(entry)
                .into_iter()
                .map(f64::to_bits)
                .collect();
            let order: Vec<u64> = analysis
                .bond_order
                .iter()
                .map(|q| q.normalised().to_bits())
                .collect();
            let rings: Vec<_> = analysis
                .triangulation
                .rings()
                .map(|ring| (ring.caps, ring.atoms))
                .collect();
            (
                analysis.first_valley_angstrom,
                order,
                rings,
                angles,
                networks.networks,
            )
        })
    };
    assert_eq!(with(1), with(4));
}
