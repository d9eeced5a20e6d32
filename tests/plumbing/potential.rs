//! The potentials and their tables: the published crystal data, smooth joints, the setfl text.

use amorphous_packing::atoms::Element;
use amorphous_packing::liquid::crystal::{cohesive_energy, equilibrium};
use amorphous_packing::liquid::eam::EamPotential;
use amorphous_packing::liquid::lattice::{Lattice, shells};
use amorphous_packing::liquid::potential::{Potential, ZHONG_SHA256, name_of};
use amorphous_packing::liquid::ravelo::{
    self, CUTOFF_ANGSTROM, LATTICE_CONSTANT_ANGSTROM, PAIR_JOINT_ANGSTROM, TAIL_DENSITY, Ta1,
};
use amorphous_packing::liquid::setfl::{EamTable, SetflError, Tabulation};
use amorphous_packing::liquid::zhou::Zhou;

/// Left and right value, slope and curvature of `f` at `x`, from points on one side only.
fn one_sided(f: impl Fn(f64) -> f64, x: f64, h: f64) -> [[f64; 3]; 2] {
    [-h, h].map(|h| {
        // Just off the joint, so that no point lies on the other side.
        let x = x + h * 1e-6;
        let [f0, f1, f2, f3] = [0.0, 1.0, 2.0, 3.0].map(|n| f(x + n * h));
        [
            f0,
            (-11.0 * f0 + 18.0 * f1 - 9.0 * f2 + 2.0 * f3) / (6.0 * h),
            (2.0 * f0 - 5.0 * f1 + 4.0 * f2 - f3) / (h * h),
        ]
    })
}

fn assert_joint(what: &str, [left, right]: [[f64; 3]; 2], tolerance: [f64; 3]) {
    for order in 0..3 {
        let jump = (left[order] - right[order]).abs();
        assert!(
            jump < tolerance[order],
            "{what}: derivative {order} jumps from {} to {}",
            left[order],
            right[order]
        );
    }
}

#[test]
fn bcc_has_the_published_lattice_constant_and_energy() {
    let bcc = equilibrium(&Ta1::new(), Lattice::Bcc, [3.0, 3.6]);
    assert_eq!(format!("{:.5}", bcc.lattice_constant_angstrom), "3.30400");
    assert_eq!(format!("{:.5}", bcc.energy_ev), "-8.10000");
}

#[test]
fn fcc_has_the_lattice_constant_and_energy_of_the_check() {
    let fcc = equilibrium(&Ta1::new(), Lattice::Fcc, [3.9, 4.5]);
    assert_eq!(format!("{:.5}", fcc.lattice_constant_angstrom), "4.18502");
    assert_eq!(format!("{:.5}", fcc.energy_ev), "-7.96595");
}

#[test]
fn the_crystals_of_zhou_have_the_lattice_constants_and_energies_of_the_checks() {
    for (element, constant, energy) in [
        (Element::Ta, "3.302538", "-8.0900015"),
        (Element::Pd, "3.890356", "-3.909996"),
    ] {
        let potential = Zhou::new(element).unwrap();
        let (lattice, a) = potential.lattice();
        let found = equilibrium(&potential, lattice, [0.9 * a, 1.1 * a]);
        assert_eq!(format!("{:.6}", found.lattice_constant_angstrom), constant);
        let digits = energy.len() - energy.find('.').unwrap() - 1;
        assert_eq!(format!("{:.digits$}", found.energy_ev), energy);
        assert_eq!(format!("{a:.6}"), constant);
    }
}

#[test]
fn the_embedding_energies_of_zhou_are_continuous_where_their_pieces_meet() {
    for element in [Element::Ta, Element::Pd] {
        let potential = Zhou::new(element).unwrap();
        let rhoe = potential.constants().rhoe;
        for joint in [0.85 * rhoe, rhoe, 1.15 * rhoe] {
            let [left, right] = [-1e-9, 1e-9].map(|h| potential.embedding(joint * (1.0 + h)));
            // The constants have six digits.
            approx::assert_abs_diff_eq!(left, right, epsilon = 2e-4);
        }
        approx::assert_abs_diff_eq!(potential.embedding(0.0), 0.0, epsilon = 2e-4);
    }
}

#[test]
fn every_potential_has_a_table_of_its_own() {
    let tables = [
        Potential::ravelo_ta1(),
        Potential::zhou(Element::Ta).unwrap(),
        Potential::zhou(Element::Pd).unwrap(),
    ];
    for (k, table) in tables.iter().enumerate() {
        assert!(
            tables[k + 1..]
                .iter()
                .all(|other| other.sha256 != table.sha256)
        );
    }
    let pd = EamTable::from_setfl(&tables[2].setfl, Element::Pd).unwrap();
    let zhou = Zhou::new(Element::Pd).unwrap();
    assert_eq!(pd.cutoff_angstrom, 5.0_f64.sqrt() * 2.750897);
    let r = 2_000.0 * pd.r_step_angstrom;
    approx::assert_relative_eq!(pd.density[2_000], zhou.density(r), epsilon = 1e-12);
    approx::assert_relative_eq!(pd.r_times_pair[2_000], r * zhou.pair(r), epsilon = 1e-12);
    let rho = 1_000.0 * pd.rho_step;
    approx::assert_relative_eq!(pd.embedding[1_000], zhou.embedding(rho), epsilon = 1e-12);
}

#[test]
fn the_crystal_follows_the_rose_equation_when_strained() {
    for a in [2.6, 3.0, 3.304, 3.6, 4.2] {
        let energy = cohesive_energy(&Ta1::new(), Lattice::Bcc, a);
        approx::assert_abs_diff_eq!(energy, ravelo::rose_energy(a), epsilon = 1e-9);
    }
}

#[test]
fn the_crystal_has_density_one() {
    let sum: f64 = shells(Lattice::Bcc, CUTOFF_ANGSTROM / LATTICE_CONSTANT_ANGSTROM)
        .iter()
        .map(|s| f64::from(s.atoms) * ravelo::density(s.distance * LATTICE_CONSTANT_ANGSTROM))
        .sum();
    approx::assert_abs_diff_eq!(sum, 1.0, epsilon = 1e-9);
}

#[test]
fn shells_count_the_neighbours_of_the_lattices() {
    let counts =
        |lattice, reach| -> Vec<u32> { shells(lattice, reach).iter().map(|s| s.atoms).collect() };
    assert_eq!(counts(Lattice::Bcc, 2.01), [8, 6, 12, 24, 8, 6]);
    assert_eq!(counts(Lattice::Fcc, 1.6), [12, 6, 24, 12, 24]);
}

#[test]
fn pair_potential_and_density_are_continuous_at_their_joints() {
    // The published polynomial has 12 digits, hence the width of the joint at r_s.
    let joint = one_sided(ravelo::pair, PAIR_JOINT_ANGSTROM, 1e-4);
    assert_joint("phi at r_s", joint, [1e-6, 1e-4, 1e-2]);
    let end = one_sided(ravelo::pair, CUTOFF_ANGSTROM, 1e-3);
    assert_joint("phi at r_c", end, [1e-12, 1e-9, 1e-9]);
    let end = one_sided(ravelo::density, CUTOFF_ANGSTROM, 1e-3);
    assert_joint("rho at r_c", end, [1e-12, 1e-9, 1e-5]);
}

#[test]
fn the_embedding_energy_is_smooth_at_its_tail_and_ends_at_zero() {
    let ta1 = Ta1::new();
    assert_eq!(ta1.embedding(0.0), 0.0);
    let joint = one_sided(|rho| ta1.embedding(rho), TAIL_DENSITY, 1e-4);
    // The points lie 10⁻¹⁰ off the joint, where the slope is −8 eV.
    assert_joint("F at the tail", joint, [1e-8, 1e-5, 0.05]);
    let tail: Vec<f64> = (0..=100)
        .map(|i| ta1.embedding(TAIL_DENSITY * f64::from(i) / 100.0))
        .collect();
    assert!(tail.windows(2).all(|w| w[1] < w[0]), "F falls all the way");
}

fn table() -> EamTable {
    EamTable::tabulate(&Ta1::new(), Tabulation::of(&Ta1::new()))
}

#[test]
fn the_table_holds_the_potential_at_its_grid() {
    let (ta1, table) = (Ta1::new(), table());
    assert_eq!(table.cutoff_angstrom, 5.3);
    assert_eq!(table.embedding.len(), 4_001);
    let r = 3_000.0 * table.r_step_angstrom;
    approx::assert_relative_eq!(r, 3.0, epsilon = 1e-12);
    approx::assert_relative_eq!(table.density[3_000], ta1.density(r), epsilon = 1e-12);
    approx::assert_relative_eq!(table.r_times_pair[3_000], r * ta1.pair(r), epsilon = 1e-12);
    let rho = 900.0 * table.rho_step;
    approx::assert_relative_eq!(table.embedding[900], ta1.embedding(rho), epsilon = 1e-12);
    assert_eq!(table.density.last(), Some(&0.0));
    assert_eq!(table.r_times_pair.last(), Some(&0.0));
    assert!(table.embedding.iter().all(|x| x.is_finite()));
}

#[test]
fn the_setfl_text_reads_back_as_the_same_table() {
    let table = table();
    let text = table.to_setfl(["one", "two", "three"]);
    assert_eq!(EamTable::from_setfl(&text, Element::Ta).unwrap(), table);
}

#[test]
fn the_default_potential_names_its_source() {
    let potential = Potential::ravelo_ta1();
    let head: Vec<&str> = potential.setfl.lines().take(4).collect();
    assert!(head[1].contains("Phys. Rev. B 88, 134101 (2013)"));
    assert!(head[2].contains("10.1103/PhysRevB.88.134101"));
    assert_eq!(head[3], "1 Ta");
    assert_eq!(potential, Potential::ravelo_ta1());
}

#[test]
fn a_users_table_is_known_by_its_hash() {
    let ours = Potential::ravelo_ta1();
    let given = Potential::from_setfl(ours.setfl.clone(), Element::Ta).unwrap();
    assert_eq!(given.sha256, ours.sha256);
    assert!(given.name.starts_with("a potential given by the user"));
    assert!(name_of(ZHONG_SHA256).starts_with("Zhong et al. 2014"));
}

#[test]
fn one_element_is_read_out_of_an_alloy() {
    let text = "a\nb\nc\n2 Pd Ta\n2 0.5 3 1.0 2.0\n\
                46 106.42 3.89 fcc\n0 -1\n1 2 3\n\
                73 180.9 3.3 bcc\n0 -2\n4 5 6\n\
                10 11 12\n20 21 22\n30 31 32\n";
    let ta = EamTable::from_setfl(text, Element::Ta).unwrap();
    assert_eq!(ta.embedding, [0.0, -2.0]);
    assert_eq!(ta.density, [4.0, 5.0, 6.0]);
    assert_eq!(ta.r_times_pair, [30.0, 31.0, 32.0]);
    let pd = EamTable::from_setfl(text, Element::Pd).unwrap();
    assert_eq!(pd.r_times_pair, [10.0, 11.0, 12.0]);
}

#[test]
fn what_is_no_table_is_refused_with_the_line() {
    let text = "a\nb\nc\n1 Ta\n2 0.5 3 1.0 2.0\n73 180.9 3.3 bcc\n0 -2\n4 5 6\n7 8 9\n";
    assert!(EamTable::from_setfl(text, Element::Ta).is_ok());
    assert_eq!(
        EamTable::from_setfl(&text.replace("4 5 6", "4 x 6"), Element::Ta),
        Err(SetflError::NotANumber {
            line: 8,
            expected: "the electron density",
            found: "x".to_owned()
        })
    );
    for none in ["nan", "-inf", "1e999"] {
        let refused =
            EamTable::from_setfl(&text.replace("4 5 6", &format!("4 {none} 6")), Element::Ta);
        let said = refused.unwrap_err().to_string();
        assert!(
            said.contains(&format!("has '{none}' where the electron density")),
            "{said}"
        );
    }
    assert!(matches!(
        EamTable::from_setfl(text.trim_end().trim_end_matches('9'), Element::Ta),
        Err(SetflError::Ends { .. })
    ));
    assert_eq!(
        EamTable::from_setfl(text, Element::Pd)
            .unwrap_err()
            .to_string(),
        "the potential is for Ta, not for Pd"
    );
    assert!(matches!(
        EamTable::from_setfl("", Element::Ta),
        Err(SetflError::Ends { .. })
    ));
}
