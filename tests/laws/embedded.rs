//! The liquid that the library carries: its triangulation, and the same values whatever the number
//! of threads.

use amorphous_packing::analysis::{Analysis, Lengths, Region, pair_distribution};
use amorphous_packing::atoms::{Atoms, Boundary, Cell, Vec3};
use amorphous_packing::data::carried::embedded;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::geometry::{Delaunay, TetrahedronId};
use amorphous_packing::network::dihedral_angles;
use amorphous_packing::numerics::Numbered;
use amorphous_packing::progress::Silent;
use rayon::iter::ParallelIterator;
use sha2::{Digest, Sha256};

fn liquid() -> Atoms {
    let bytes = embedded("ta_liquid_5200K.parquet").unwrap();
    Snapshot::from_parquet(bytes).unwrap().atoms().clone()
}

/// The hash of the sorted corners, points and images, as an independent finder had them.
#[test]
fn its_tetrahedra_are_those_of_an_independent_finder() {
    let atoms = liquid();
    let Some(edges) = atoms.boundary().edges() else {
        panic!("the liquid is periodic")
    };
    let lattice = [Vec3::X, Vec3::Y, Vec3::Z].map(|axis| axis * edges);
    let found = Delaunay::periodic(atoms.positions(), lattice).unwrap();
    assert_eq!(found.len(), 197_403);
    let mut hash = Sha256::new();
    for t in TetrahedronId::first(found.len()) {
        for corner in found.corners(t) {
            hash.update(corner.atom.number().to_le_bytes());
            hash.update(corner.image.0.map(|step| (step as i8).cast_unsigned()));
        }
    }
    let hash: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    let expected = "f2ab828b618e9ca539073b63e904fa42a4ddb1a0918f4f7e08e70cdd6031363d";
    assert_eq!(hash, expected);
}

#[test]
fn one_thread_and_four_give_the_same_bits() {
    let atoms = liquid();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let analysis = Analysis::new(atoms.clone(), None, &Silent).unwrap();
            let found = analysis.networks(5, Region::Amorphous);
            let angles: Vec<u64> = dihedral_angles(&analysis.triangulation, &found)
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
                found.networks,
            )
        })
    };
    assert_eq!(with(1), with(4));
}

/// g(r) of a slab by its shape: far from the surface it is that of the whole liquid.
#[test]
fn the_pair_distribution_of_a_slab_is_that_of_the_liquid_it_is_cut_from() {
    let liquid = liquid();
    let Boundary::Periodic(cell) = liquid.boundary() else {
        unreachable!("it was melted in a box");
    };
    let slab = Cell::new(cell.lattice(), [true, true, false]);
    let slab = liquid.with_boundary(Boundary::Periodic(slab)).unwrap();
    let [whole, slab] =
        [&liquid, &slab].map(|atoms| pair_distribution(atoms, Lengths::PUBLISHED).unwrap());
    let w = [&whole, &slab].map(|g| g.first_valley_angstrom().unwrap());
    assert!((w[0] - w[1]).abs() < 0.03, "{w:?}");
    for ((r, g), h) in whole.r_angstrom.iter().zip(&whole.g).zip(&slab.g) {
        if *r > 2.0 {
            assert!((g - h).abs() < 0.05, "at {r} Å: {g} and {h}");
        }
    }
}
