//! The liquid that the benches run on.

use amorphous_packing::atoms::Atoms;
use amorphous_packing::data::carried::embedded;
use amorphous_packing::data::snapshot::Snapshot;

/// The embedded liquid, 31,250 atoms in a periodic box.
pub fn liquid() -> Atoms {
    let bytes = embedded("ta_liquid_5200K.parquet").expect("the liquid is part of the library");
    let snapshot = Snapshot::from_parquet(bytes).expect("the embedded liquid is whole");
    snapshot.atoms().clone()
}
