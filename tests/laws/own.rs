//! One's own structure: any element, any mixture, lengths that follow the atoms, and what is refused.

use amorphous_packing::analysis::{
    Analysis, Description, Lengths, Nuclei, Region, SpeciesSummary, Summary,
};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::order::{PairCurves, PartialDistribution, pair_counts, pair_counts_between};
use amorphous_packing::progress::Silent;
use approx::assert_relative_eq;
use proptest::prelude::*;

use crate::support::{BCC, FCC, centred_icosahedron, crystal, molten, vectors};

const EDGE: f64 = 16.0;
const W: f64 = 4.0;

/// Copper and zirconium by turns that the atoms' places decide.
fn mixed(points: &[Vec3], boundary: Boundary) -> Atoms {
    let kind = |place: &Vec3| match (31.0 * place.x + 17.0 * place.y) as i64 % 3 {
        0 => Element::Zr,
        _ => Element::Cu,
    };
    let kinds = points.iter().map(kind).collect();
    Atoms::of_species(kinds, points.to_vec(), boundary).unwrap()
}

fn cube() -> Boundary {
    Boundary::periodic(Vec3::splat(EDGE))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Lengths follow the shell distance: the same structure in another size has the same motifs.
    #[test]
    fn a_structure_in_another_size_has_the_same_packing(
        points in molten(4, 0.7), factor in 0.7..2.5_f64
    ) {
        let of = |atoms: Atoms, w: f64| Analysis::builder(atoms).shell(w).run(&Silent).unwrap();
        let atoms = mixed(&points, cube());
        let (small, large) = (of(atoms.clone(), W), of(atoms.scaled(factor), factor * W));
        prop_assert_eq!(small.accepted.count(), large.accepted.count());
        prop_assert_eq!(&small.crystal, &large.crystal);
        let sizes = |analysis: &Analysis| {
            let found = analysis.networks(5, Region::Amorphous);
            found.networks.iter().map(|network| network.size()).collect::<Vec<_>>()
        };
        prop_assert_eq!(sizes(&small), sizes(&large));
        let [g, h] = [&small, &large].map(|of| of.amorphous_pair_distribution().unwrap());
        // A pair at the border of two shells may fall on either side.
        let off = g.g.iter().zip(&h.g).map(|(g, h)| (g - h).abs()).sum::<f64>();
        prop_assert!(off / (g.g.len() as f64) < 1e-3, "{}", off);
        for (r, s) in g.r_angstrom.iter().zip(&h.r_angstrom) {
            assert_relative_eq!(factor * r, s, max_relative = 1e-12);
        }
    }

    /// Σ c_a c_b g_ab = g: the pairs of elements are all pairs.
    #[test]
    fn the_partial_curves_sum_to_the_whole(points in molten(4, 0.7)) {
        for boundary in [cube(), Boundary::Open] {
            let atoms = mixed(&points, boundary);
            let builder = Analysis::builder(atoms).shell(W).lengths(Lengths::of_shell(2.0));
            let Ok(analysis) = builder.run(&Silent) else { continue };
            let Ok(PairCurves { whole, partial }) = analysis.amorphous_pair_curves() else {
                continue;
            };
            prop_assert_eq!(partial.len(), 3);
            let amorphous = analysis.atoms.only(&analysis.crystal.inverted()).unwrap();
            let part = |element| {
                let composition = amorphous.composition();
                let own = composition.iter().find(|(known, _)| *known == element);
                own.map_or(0.0, |own| own.1 as f64) / amorphous.len() as f64
            };
            for (k, g) in whole.g.iter().enumerate() {
                let sum: f64 = partial
                    .iter()
                    .map(|PartialDistribution { elements: [a, b], curve }| {
                        let twice = if a == b { 1.0 } else { 2.0 };
                        twice * part(*a) * part(*b) * curve.g[k]
                    })
                    .sum();
                assert_relative_eq!(sum, g, epsilon = 1e-9);
            }
        }
    }

    /// The elements name the atoms; they change nothing about the packing.
    #[test]
    fn an_alloy_is_one_packing(points in molten(4, 0.7)) {
        let pure = Atoms::new(Element::Ta, points.clone(), cube()).unwrap();
        let of = |atoms| Analysis::builder(atoms).shell(W).run(&Silent).unwrap();
        let [pure, alloy] = [pure, mixed(&points, cube())].map(of);
        prop_assert_eq!(pure.triangulation.len(), alloy.triangulation.len());
        prop_assert_eq!(&pure.bond_order, &alloy.bond_order);
        let [a, b] = [&pure, &alloy].map(|of| Summary::of(of, &Description::of(of)));
        prop_assert_eq!(a.pentagonal_bipyramids, b.pentagonal_bipyramids);
        prop_assert_eq!(b.species.len(), 2);
        let sum = |part: &dyn Fn(&SpeciesSummary) -> f64| {
            b.species.iter().map(part).sum::<f64>()
        };
        assert_relative_eq!(sum(&|of| of.fraction), 1.0, epsilon = 1e-12);
        if b.pentagonal_bipyramids > 0 {
            assert_relative_eq!(sum(&|of| of.cap_fraction.unwrap()), 1.0, epsilon = 1e-12);
            assert_relative_eq!(sum(&|of| of.ring_fraction.unwrap()), 1.0, epsilon = 1e-12);
        }
    }
}

/// Copper in the middle of zirconium: it is a cap of all twelve bipyramids, each corner of one; all ring
/// atoms are corners.
#[test]
fn who_caps_and_who_sits_in_rings() {
    let points = centred_icosahedron(2.8);
    let middle = (0..points.len()).min_by(|&a, &b| {
        points[a]
            .length_squared()
            .total_cmp(&points[b].length_squared())
    });
    let kinds = (0..points.len()).map(|k| match Some(k) == middle {
        true => Element::Cu,
        false => Element::Zr,
    });
    let atoms = Atoms::of_species(kinds.collect(), points.clone(), Boundary::Open).unwrap();
    let analysis = Analysis::builder(atoms).shell(3.5).run(&Silent).unwrap();
    let summary = Summary::of(&analysis, &Description::of(&analysis));
    assert_eq!(summary.pentagonal_bipyramids, 12);
    let [copper, zirconium] = &summary.species[..] else {
        panic!("two elements")
    };
    assert_eq!(
        (copper.element, zirconium.element),
        (Element::Cu, Element::Zr)
    );
    assert_eq!(
        (copper.cap_fraction, copper.ring_fraction),
        (Some(0.5), Some(0.0))
    );
    assert_eq!(
        (zirconium.cap_fraction, zirconium.ring_fraction),
        (Some(0.5), Some(1.0))
    );
    assert_eq!(summary.largest_network_atoms, 13);
    assert_eq!(summary.filling.last(), Some(&1), "one complete icosahedron");
    assert_eq!(summary.filling.len(), 12);
    assert!(
        summary.first_peak_angstrom.is_none(),
        "it is too small for g(r)"
    );
}

/// Rock salt: unlike neighbours at half the cell, like ones at its diagonal over two.
#[test]
fn the_partial_peaks_of_rock_salt() {
    const CELL: f64 = 5.64;
    let fcc = [
        Vec3::ZERO,
        Vec3::new(0.0, 0.5, 0.5),
        Vec3::new(0.5, 0.0, 0.5),
        Vec3::new(0.5, 0.5, 0.0),
    ];
    let sites = |shift: Vec3| crystal(&fcc.map(|site| site + shift), Vec3::splat(CELL), [4; 3]);
    let (sodium, chlorine) = (sites(Vec3::ZERO), sites(Vec3::new(0.5, 0.0, 0.0)));
    let kinds = [
        vec![Element::Na; sodium.len()],
        vec![Element::Cl; chlorine.len()],
    ]
    .concat();
    let boundary = Boundary::periodic(Vec3::splat(4.0 * CELL));
    let atoms = Atoms::of_species(kinds, [sodium, chlorine].concat(), boundary).unwrap();
    // Salt is a crystal, whose atoms count as such unless told otherwise.
    let analysis = Analysis::builder(atoms)
        .shell(3.4)
        .nuclei(Nuclei::Ignored)
        .run(&Silent)
        .unwrap();
    let partial = analysis.amorphous_pair_curves().unwrap().partial;
    for PartialDistribution {
        elements: [a, b],
        curve,
    } in &partial
    {
        let expected = if a == b {
            CELL / 2.0_f64.sqrt()
        } else {
            CELL / 2.0
        };
        let first = (0..curve.g.len()).find(|&k| {
            curve.g[k] > 1.0 && curve.g[k] >= curve.g[k - 1] && curve.g[k] > curve.g[k + 1]
        });
        let r = curve.r_angstrom[first.unwrap()];
        assert!(
            (r - expected).abs() < 0.1,
            "{a:?} {b:?}: {r} for {expected}"
        );
    }
    assert_eq!(partial.len(), 3);
    let density = Summary::of(&analysis, &Description::of(&analysis)).density_g_per_cm3;
    assert!((density.unwrap() - 2.164).abs() < 0.01, "{density:?}");
}

/// Where all is crystal, the curve that is shown is of all atoms, and what is said of amorphous ones is
/// nothing rather than zero.
#[test]
fn a_crystal_has_a_curve_of_all_its_atoms() {
    let boundary = Boundary::periodic(Vec3::splat(20.0));
    let sites = crystal(FCC, Vec3::splat(4.0), [5; 3]);
    let atoms = Atoms::new(Element::Al, sites, boundary).unwrap();
    let analysis = Analysis::builder(atoms).shell(3.4).run(&Silent).unwrap();
    assert_eq!(analysis.crystal.count(), 500);
    let description = Description::of(&analysis);
    let pairs = description.pairs.as_ref().unwrap();
    assert!(pairs.of_all);
    assert!((pairs.whole.first_peak_angstrom() - 4.0 / 2.0_f64.sqrt()).abs() < 0.05);
    let summary = Summary::of(&analysis, &description);
    assert_eq!(
        (summary.pentagonal_fraction, summary.mean_coordination),
        (None, None)
    );
}

/// A ball cut out of a liquid finds the shell distance of the liquid.
#[test]
fn an_open_sample_finds_its_shell_distance() {
    let sites = crystal(FCC, Vec3::splat(4.0), [10; 3]);
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let points: Vec<Vec3> = sites
        .into_iter()
        .map(|site| site + 1.2 * Vec3::new(next(), next(), next()))
        .collect();
    let boundary = Boundary::periodic(Vec3::splat(40.0));
    let whole = Atoms::new(Element::Al, points.clone(), boundary).unwrap();
    let inside = |place: &Vec3| place.distance(Vec3::splat(20.0)) < 18.0;
    let ball = points.into_iter().filter(inside).collect();
    let ball = Atoms::new(Element::Al, ball, Boundary::Open).unwrap();
    let [w, of_ball] = [whole, ball].map(|atoms| {
        let analysis = Analysis::builder(atoms).run(&Silent).unwrap();
        analysis.first_valley_angstrom
    });
    assert!((w - of_ball).abs() < 0.1, "{w} and {of_ball}");
}

#[test]
fn what_no_structure_can_be_is_one_sentence() {
    let said = |points: Vec<Vec3>, boundary, w: Option<f64>| {
        let atoms = match Atoms::new(Element::Cu, points, boundary) {
            Ok(atoms) => atoms,
            Err(error) => return error.to_string(),
        };
        let builder = Analysis::builder(atoms);
        let builder = w.into_iter().fold(builder, |builder, w| builder.shell(w));
        builder.run(&Silent).unwrap_err().to_string()
    };
    let mut lattice = crystal(FCC, Vec3::splat(4.0), [4; 3]);
    let wide = said(lattice.clone(), Boundary::Open, Some(39.0));
    assert!(
        wide.starts_with("the first-neighbour distance of 39 Å does not fit"),
        "{wide}"
    );
    let narrow = said(lattice.clone(), Boundary::Open, Some(0.39));
    assert!(
        narrow.starts_with("the first-neighbour distance of 0.39 Å"),
        "{narrow}"
    );
    lattice.push(Vec3::new(1e6, 2e5, 3e5));
    let lost = said(lattice.clone(), Boundary::Open, Some(3.4));
    assert!(
        lost.starts_with("atom 256 (counted from 0) is 1062995.2 Å away"),
        "{lost}"
    );
    let fractions: Vec<Vec3> = (0..30_000)
        .map(|k| {
            Vec3::new(
                f64::from(k % 31),
                f64::from(k / 31 % 31),
                f64::from(k / 961),
            ) / 32.0
        })
        .collect();
    let dense = said(fractions, Boundary::periodic(Vec3::ONE), None);
    assert!(dense.contains("fractions of the cell"), "{dense}");
}

/// A pair is counted from both sides whatever the boundary, with itself or with another kind.
#[test]
fn pairs_of_kinds_are_pairs() {
    // No distance lies on the border of two shells.
    let points = crystal(BCC, Vec3::splat(3.0137), [8; 3]);
    let (even, odd): (Vec<Vec3>, Vec<Vec3>) = {
        let (a, b): (Vec<_>, Vec<_>) = points.iter().enumerate().partition(|(k, _)| k % 2 == 0);
        let places = |of: Vec<(usize, &Vec3)>| of.into_iter().map(|(_, place)| *place).collect();
        (places(a), places(b))
    };
    for boundary in [
        Boundary::Open,
        Boundary::periodic(Vec3::splat(8.0 * 3.0137)),
    ] {
        let all = pair_counts(&points, boundary);
        let own = [&even, &odd].map(|kind| pair_counts(kind, boundary));
        let across = pair_counts_between(&even, &odd, boundary);
        for k in 0..all.len() {
            assert_eq!(all[k], own[0][k] + own[1][k] + 2 * across[k]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Cells down to smaller than the shell distance are seen through their images: an atom has as many
    /// neighbours as in the repeated cell.
    #[test]
    fn a_tiny_cell_is_the_large_one_it_repeats_to(moves in prop::collection::vec(vectors(-0.3..0.3), 8)) {
        let sites = crystal(FCC, Vec3::splat(4.0), [1, 1, 2]);
        let edges = Vec3::new(4.0, 4.0, 8.0);
        let places: Vec<Vec3> = sites.iter().zip(&moves).map(|(site, by)| *site + *by).collect();
        let mut many = Vec::new();
        for k in 0..27 {
            let steps = Vec3::from([k / 9, k / 3 % 3, k % 3].map(f64::from));
            many.extend(places.iter().map(|place| *place + steps * edges));
        }
        let of = |places: Vec<Vec3>, edges: Vec3| {
            let atoms = Atoms::new(Element::Cu, places, Boundary::periodic(edges)).unwrap();
            Analysis::builder(atoms).shell(3.4).run(&Silent).unwrap()
        };
        let (tiny, large) = (of(places, edges), of(many, 3.0 * edges));
        prop_assert_eq!(27 * tiny.triangulation.len(), large.triangulation.len());
        prop_assert_eq!(27 * tiny.accepted.count(), large.accepted.count());
        for fold in 4..=6 {
            let [one, all] = [&tiny, &large].map(|of| of.bipyramids(fold, Region::All).len());
            prop_assert_eq!(27 * one, all);
        }
        for (atom, order) in tiny.bond_order.iter().enumerate() {
            assert_relative_eq!(order.q6_bar, large.bond_order[atom].q6_bar, epsilon = 1e-12);
        }
    }
}
