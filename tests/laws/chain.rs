//! The whole chain, from raw frames to networks, on a ball of known atoms: the example `chain`, run small.

#[path = "../../examples/chain.rs"]
#[expect(dead_code, reason = "of the example its program is not called")]
mod example;

use example::{Chain, run};

#[test]
fn from_raw_frames_back_to_the_atoms_and_their_bipyramids() {
    let mut steps = Vec::new();
    let found = run(&Chain::small(), &mut |step| steps.push(step.to_owned())).unwrap();
    assert!(steps[0].starts_with("83 atoms, 31 tilts"), "{steps:?}");
    let [traced, refined] = &found.precision;
    // Of three frames at 100 electrons all atoms come back but a few of the surface.
    assert!(refined.identical() > 0.95, "{}", refined.identical());
    assert!(refined.spurious() <= 4, "{}", refined.spurious());
    assert!(traced.rmsd_pm() < 40.0, "{}", traced.rmsd_pm());
    assert!(refined.rmsd_pm() < 25.0, "{}", refined.rmsd_pm());
    assert!(
        found.r[1] < found.r[0] && found.r[1] < 0.06,
        "{:?}",
        found.r
    );
    let [known, again, same] = found.bipyramids;
    assert!(
        known > 10 && same * 10 >= known * 7,
        "{known} {again} {same}"
    );
}
