//! Snapshot files: round trip, equal bytes, damage, and the snapshot that the library carries.

use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::data::carried::{carried_pair_distribution, carried_states, embedded};
use amorphous_packing::data::frames::{PD_QUENCH, SimulatedFrame, TA_QUENCH, TA_ZHOU_QUENCH};
use amorphous_packing::data::snapshot::{
    Snapshot, SnapshotError, SnapshotProvenance, read_snapshot, write_snapshot,
};
use amorphous_packing::data::{Origin, Sample};
use amorphous_packing::liquid::potential::Potential;
use amorphous_packing::liquid::protocol::Protocol;
use amorphous_packing::liquid::ravelo::{TAIL_DENSITY, Ta1, density};
use amorphous_packing::liquid::script::script;
use amorphous_packing::liquid::setfl::Tabulation;
use amorphous_packing::liquid::states::state_name;
use amorphous_packing::liquid::zhou::Zhou;
use amorphous_packing::numerics::sha256;
use amorphous_packing::order::periodic_pair_distribution;

use acceptance::errors::sentence;

const EDGES: Vec3 = Vec3::new(10.1, 20.2, 1.0 / 3.0 + 30.0);

fn provenance() -> SnapshotProvenance {
    SnapshotProvenance {
        command: "quench --melt".to_owned(),
        made_by: "a test".to_owned(),
        lammps_version: "1 Jan 2000".to_owned(),
        potential: "none".to_owned(),
        potential_sha256: "0".to_owned(),
        protocol: Protocol::default(),
        step: 12_000,
        crystal_energy_ev: -8.1,
        frame_temperature_k: 5_210.5,
        frame_pressure_bar: -0.1,
        frame_energy_ev: -7.05,
        script_sha256: "\"quoted\"\n".to_owned(),
    }
}

fn snapshot_of(positions: Vec<Vec3>) -> Snapshot {
    let atoms = Atoms::new(Element::Ta, positions, Boundary::periodic(EDGES)).unwrap();
    Snapshot::new(&atoms, 5_200.0, provenance()).unwrap()
}

/// Atoms on irrational places, all apart.
fn some_positions() -> Vec<Vec3> {
    (0..200)
        .map(|i| {
            let steps = Vec3::new(0.618_033_988_7, 0.754_877_666_2, 0.569_840_290_9);
            (f64::from(i) * steps).fract() * EDGES
        })
        .collect()
}

#[test]
fn a_snapshot_reads_back_as_it_was_and_writes_the_same_bytes() {
    let snapshot = snapshot_of(some_positions());
    let bytes = snapshot.to_parquet().unwrap();
    assert_eq!(bytes, snapshot.to_parquet().unwrap());
    let back = Snapshot::from_parquet(&bytes).unwrap();
    assert_eq!(back, snapshot);
    assert_eq!(back.box_angstrom(), EDGES);
    assert_eq!(back.to_parquet().unwrap(), bytes);
}

#[test]
fn positions_move_by_no_more_than_the_rounding_to_f32() {
    let positions = some_positions();
    let snapshot = snapshot_of(positions.clone());
    for (before, after) in positions.iter().zip(snapshot.atoms().positions()) {
        let moved = (*before - *after).abs().max_element();
        assert!(moved <= 1e-6, "{before} {after}");
    }
}

#[test]
fn an_atom_that_rounds_to_the_edge_of_the_box_goes_to_the_origin() {
    // The f32 nearest to 10.1 lies above it.
    assert!(f64::from(10.1_f32) > EDGES[0]);
    let mut positions = some_positions();
    positions.push(Vec3::new(10.1 - 1e-9, 3.0, 3.0));
    let snapshot = snapshot_of(positions);
    assert_eq!(
        snapshot.atoms().positions().last(),
        Some(&Vec3::new(0.0, 3.0, 3.0))
    );
    let bytes = snapshot.to_parquet().unwrap();
    assert_eq!(Snapshot::from_parquet(&bytes).unwrap(), snapshot);
}

#[test]
fn only_periodic_atoms_make_a_snapshot() {
    let atoms = Atoms::new(Element::Ta, some_positions(), Boundary::Open).unwrap();
    assert!(matches!(
        Snapshot::new(&atoms, 300.0, provenance()),
        Err(SnapshotError::Open)
    ));
}

#[test]
fn a_file_is_written_whole_and_named_in_errors() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("some.parquet");
    let snapshot = snapshot_of(some_positions());
    write_snapshot(&path, &snapshot).unwrap();
    write_snapshot(&path, &snapshot).unwrap();
    assert_eq!(read_snapshot(&path).unwrap(), snapshot);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    let absent = directory.path().join("absent.parquet");
    let message = sentence(&read_snapshot(&absent).unwrap_err());
    assert!(
        message.contains("absent.parquet: the snapshot cannot be read"),
        "{message}"
    );
    let nowhere = directory.path().join("no/such/dir.parquet");
    let message = sentence(&write_snapshot(&nowhere, &snapshot).unwrap_err());
    assert!(
        message.contains("dir.parquet: the snapshot cannot be written"),
        "{message}"
    );
}

#[test]
fn a_truncated_snapshot_is_one_clear_sentence() {
    let bytes = snapshot_of(some_positions()).to_parquet().unwrap();
    for length in 0..bytes.len() {
        let error = Snapshot::from_parquet(&bytes[..length]).unwrap_err();
        assert!(
            matches!(error, SnapshotError::Damaged { .. }),
            "{length}: {error}"
        );
        let message = sentence(&error);
        let beginning = "this is not a whole Parquet file; get or make the snapshot again: it";
        assert!(message.starts_with(beginning), "{message}");
    }
}

#[test]
fn a_single_changed_byte_is_noticed_wherever_it_is() {
    let whole = snapshot_of(some_positions()).to_parquet().unwrap();
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x01;
        let message = sentence(&Snapshot::from_parquet(&bytes).unwrap_err());
        assert!(message.starts_with("this "), "{place}: {message}");
    }
}

#[test]
fn other_parquet_files_are_refused() {
    use polars::prelude::*;
    let mut table = df!("x" => [1.0_f32], "y" => [1.0_f32]).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut table).unwrap();
    let message = sentence(&Snapshot::from_parquet(&bytes).unwrap_err());
    assert!(
        message.contains("it has no 'amorphous_packing.seal' metadata"),
        "{message}"
    );
}

fn embedded_liquid() -> Snapshot {
    let Origin::Embedded { file } = Sample::TA_LIQUID.origin() else {
        panic!("the liquid is embedded");
    };
    Snapshot::from_parquet(embedded(file).unwrap()).unwrap()
}

#[test]
fn the_embedded_liquid_has_the_size_of_the_paper_and_the_density_of_the_melt() {
    let liquid = embedded_liquid();
    assert_eq!(liquid.atoms().only_element(), Some(Element::Ta));
    assert_eq!(liquid.atoms().len(), 31_250);
    assert_eq!(
        Some(liquid.temperature_k()),
        Sample::TA_LIQUID.temperature_k()
    );
    let density = liquid.number_density();
    assert!((0.0498..0.0506).contains(&density), "{density} atoms/Å³");
    assert!(embedded("ta_liquid_0K.parquet").is_none());
}

/// Every frame that the library carries.
fn carried() -> Vec<(&'static SimulatedFrame, Snapshot)> {
    let frames = TA_QUENCH.iter().chain(TA_ZHOU_QUENCH).chain(PD_QUENCH);
    frames
        .map(|frame| {
            let bytes = embedded(frame.file).unwrap();
            (frame, Snapshot::from_parquet(bytes).unwrap())
        })
        .collect()
}

#[test]
fn the_carried_frames_tell_all_that_is_needed_to_make_them_again() {
    let zhou = |element| Zhou::new(element).unwrap().lattice_constant_angstrom();
    for (frame, snapshot) in carried() {
        let (protocol, potential) = match frame.run {
            "ta" => (Protocol::default(), Potential::ravelo_ta1()),
            "ta_zhou" => (
                Protocol {
                    cells_per_edge: 14,
                    ..Protocol::tantalum(zhou(Element::Ta))
                },
                Potential::zhou(Element::Ta).unwrap(),
            ),
            _ => (
                Protocol::palladium(zhou(Element::Pd)),
                Potential::zhou(Element::Pd).unwrap(),
            ),
        };
        let provenance = snapshot.provenance();
        assert_eq!(provenance.protocol, protocol, "{}", frame.id);
        assert_eq!(snapshot.atoms().only_element(), Some(frame.element));
        assert_eq!(snapshot.atoms().len() as u64, protocol.atoms());
        let all = protocol.waypoints();
        let state = all.iter().find(|state| state.step == provenance.step);
        let state = state.unwrap();
        assert_eq!(state_name(frame.run, &all, state, frame.element), frame.id);
        assert_eq!(snapshot.temperature_k(), f64::from(frame.temperature_k));
        assert_eq!(snapshot.temperature_k(), state.temperature_k);
        assert!(provenance.command.starts_with("quench --element "));
        assert!(provenance.lammps_version.contains("20"));
        assert!(provenance.made_by.starts_with("amorphous-packing "));
        assert_eq!(provenance.potential, potential.name);
        assert_eq!(
            provenance.potential_sha256, potential.sha256,
            "{}",
            frame.id
        );
        let input = script(&protocol, None);
        assert_eq!(provenance.script_sha256, sha256(input.as_bytes()));
        // The kinetic temperature of N atoms fluctuates by T √(2/3N), and on the ramp it lags
        // behind the thermostat.
        let spread = frame.temperature_k as f64 * (2.0 / 3.0 / protocol.atoms() as f64).sqrt();
        approx::assert_abs_diff_eq!(
            provenance.frame_temperature_k,
            snapshot.temperature_k(),
            epsilon = 5.0 * spread + 20.0
        );
    }
}

#[test]
fn the_carried_curves_are_means_of_which_the_frames_are_a_part() {
    for (frame, snapshot) in carried() {
        let mean = carried_pair_distribution(frame).unwrap();
        let single = periodic_pair_distribution(snapshot.atoms()).unwrap();
        assert_eq!(mean.g.len(), single.g.len());
        let counted = mean.r_angstrom.iter().zip(&mean.g).zip(&single.g);
        // Pairs in a shell of 0.1 Å: the relative noise of one frame is one over their root.
        for ((r, mean), single) in counted.filter(|((r, _), _)| **r > 2.5) {
            let density = snapshot.number_density();
            let shell = 4.0 * std::f64::consts::PI * r * r * 0.1;
            let pairs = snapshot.atoms().len() as f64 / 2.0 * density * shell * mean;
            let noise = mean / pairs.sqrt();
            assert!(
                (mean - single).abs() < 6.0 * noise + 0.02,
                "{}: {mean} and {single} at {r} Å",
                frame.id
            );
        }
    }
}

#[test]
fn density_and_energy_change_steadily_on_cooling() {
    for run in ["ta", "ta_zhou", "pd"] {
        let states = carried_states(run).unwrap();
        let column = |name: &str| -> Vec<f64> {
            let column = states
                .column(name)
                .unwrap()
                .cast(&polars::prelude::DataType::Float64);
            column.unwrap().f64().unwrap().iter().flatten().collect()
        };
        let (density, energy) = (column("atoms_per_a3"), column("energy_ev_per_atom"));
        assert!(density.len() >= 10);
        // The last two are both at 300 K.
        let cooled = density.len() - 1;
        assert!(density[..cooled].is_sorted(), "{run}: {density:?}");
        assert!(
            energy[..cooled].is_sorted_by(|a, b| a > b),
            "{run}: {energy:?}"
        );
    }
}

/// The densities ρ that the atoms around every fifth atom give at its place.
fn embedding_densities(liquid: &Snapshot) -> Vec<f64> {
    let (positions, edges) = (liquid.atoms().positions(), liquid.box_angstrom());
    (0..positions.len())
        .step_by(5)
        .map(|i| {
            (0..positions.len())
                .filter(|&j| j != i)
                .map(|j| density(distance(positions[i], positions[j], edges)))
                .sum()
        })
        .collect()
}

#[test]
fn no_atom_of_the_liquid_leaves_the_table_or_comes_near_the_tail_of_the_embedding_function() {
    let densities = embedding_densities(&embedded_liquid());
    let low = densities.iter().copied().fold(f64::INFINITY, f64::min);
    let high = densities.iter().copied().fold(0.0, f64::max);
    assert!(low > 5.0 * TAIL_DENSITY, "lowest density {low}");
    assert!(
        high < Tabulation::of(&Ta1::new()).rho_max / 1.5,
        "highest density {high}"
    );
}

/// The distance to the nearest image.
fn distance(a: Vec3, b: Vec3, edges: Vec3) -> f64 {
    let d = (a - b).abs();
    d.min(edges - d).length()
}

/// g(r) around every fifth atom in bins of 0.05 Å, up to 8 Å.
fn pair_distribution(liquid: &Snapshot) -> Vec<(f64, f64)> {
    const BIN: f64 = 0.05;
    const BINS: usize = 160;
    let (positions, edges) = (liquid.atoms().positions(), liquid.box_angstrom());
    let mut counts = [0.0; BINS];
    let centres: Vec<usize> = (0..positions.len()).step_by(5).collect();
    for &i in &centres {
        for j in (0..positions.len()).filter(|&j| j != i) {
            let bin = (distance(positions[i], positions[j], edges) / BIN) as usize;
            if bin < BINS {
                counts[bin] += 1.0;
            }
        }
    }
    let shell = |k: usize| {
        let (low, high) = (k as f64 * BIN, (k + 1) as f64 * BIN);
        4.0 / 3.0 * std::f64::consts::PI * (high.powi(3) - low.powi(3))
    };
    (0..BINS)
        .map(|k| {
            let expected = centres.len() as f64 * liquid.number_density() * shell(k);
            ((k as f64 + 0.5) * BIN, counts[k] / expected)
        })
        .collect()
}

/// The extremum of the parabola through g(r) within 0.4 Å of `near`: place and height.
fn extremum(g: &[(f64, f64)], near: f64) -> (f64, f64) {
    let points: Vec<(f64, f64)> = g
        .iter()
        .map(|(r, g)| (r - near, *g))
        .filter(|(x, _)| x.abs() < 0.4)
        .collect();
    let rows = nalgebra::DMatrix::from_fn(points.len(), 3, |i, j| points[i].0.powi(j as i32));
    let values = nalgebra::DVector::from_fn(points.len(), |i, _| points[i].1);
    let fit = rows.svd(true, true).solve(&values, 1e-12).unwrap();
    let x = -fit[1] / (2.0 * fit[2]);
    (near + x, fit[0] + x * (fit[1] + x * fit[2]))
}

#[test]
fn the_embedded_liquid_is_molten() {
    let g = pair_distribution(&embedded_liquid());
    let [peak, valley, second] = [2.85, 4.0, 5.25].map(|near| extremum(&g, near));
    // An independent run of the same protocol: R1 2.83 Å, first valley 4.00 Å, R2/R1 1.86.
    approx::assert_abs_diff_eq!(peak.0, 2.83, epsilon = 0.05);
    approx::assert_abs_diff_eq!(valley.0, 4.00, epsilon = 0.08);
    approx::assert_abs_diff_eq!(second.0 / peak.0, 1.86, epsilon = 0.05);
    // A crystal has empty gaps between its shells, and shells far out; a liquid has neither.
    assert!(valley.1 > 0.5, "first valley {}", valley.1);
    let far = g.iter().filter(|(r, _)| *r > 7.0);
    assert!(far.into_iter().all(|(_, g)| (0.9..1.1).contains(g)));
}
