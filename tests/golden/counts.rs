//! Counts of the three samples. They were found first by another program of the same definitions,
//! the tetrahedra by qhull, which are not part of this repository: what they show here is that
//! nothing drifts. A second way to the counts of the film is in `authors`, from the authors' own
//! files; that of the shared tetrahedra is here, by brute force.

use std::collections::BTreeMap;

use amorphous_packing::analysis::Region;
use amorphous_packing::bipyramid::{BipyramidShape, bond_angle_peaks, mean_of};
use amorphous_packing::data::{EXPERIMENT, Sample};
use amorphous_packing::geometry::{TetrahedronId, Triangulation};
use amorphous_packing::network::{
    Extent, Link, MotifNetworks, dihedral_angles, icosahedral_filling, oriented_dihedral_angles,
};
use amorphous_packing::numerics::{Numbered, mean};
use amorphous_packing::order::Regulation;
use amorphous_packing::packing::{DELTA_MAX, Smoothing, Surroundings, populations};
use libtest_mimic::Trial;
use sha2::{Digest, Sha256};

use crate::data::{analysis, called, of};
use acceptance::trials::{model, trial};

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> =
        EXPERIMENT
            .into_iter()
            .flat_map(|sample| {
                [
                ("Delaunay tetrahedra, those of qhull", delaunay as fn(Sample)),
                ("Fig. 1a, b: atoms of the crystal nuclei", nuclei),
                ("Fig. 2: bipyramids of 4, 5 and 6 tetrahedra", bipyramids),
                (
                    "Supplementary Figs. 14, 15: networks, the largest and the longest",
                    networks,
                ),
                ("Fig. 5g: the fullest partial icosahedron", filling),
                (
                    "Fig. 1d: Voronoi cells, distorted icosahedra, the twelve commonest indices",
                    voronoi_cells,
                ),
                (
                    "Fig. 3a: density with packing over that without [density.gain, \
                     density.nanoparticles]",
                    density_gain,
                ),
                (
                    "Fig. 5a, b: two bipyramids share one tetrahedron or two, by brute force",
                    sharing_is_one_or_two_tetrahedra,
                ),
                (
                    "Fig. 2c: populations at delta 0.255 [motifs.order]",
                    populations_at_0_255,
                ),
                (
                    "Fig. 4b, c: mean ratios and theta of the pentagonal bipyramids \
                     [bipyramid.alpha_gamma, bipyramid.beta_gamma, bipyramid.theta]",
                    mean_shape,
                ),
                (
                    "Supplementary Fig. 11: peaks of the bond angles [bond_angle.peaks]",
                    bond_angle_maxima,
                ),
            ]
            .map(|(what, check)| {
                let name = format!("{}: {what}", called(sample));
                trial(&name, &[model(sample)], move || check(sample))
            })
            })
            .collect();
    trials.push(trial(
        "the Ta film: Fig. 5j: the largest network [pbn.largest]",
        &[model(Sample::TaFilm)],
        || {
            let found = analysis(Sample::TaFilm).networks(5, Region::Amorphous);
            let largest = &found.networks[0];
            assert_eq!((largest.size(), largest.atoms.len()), (135, 165));
            assert!(matches!(largest.extent, Extent::Length(l) if (l - 28.73).abs() < 0.005));
        },
    ));
    trials.push(trial(
        "Fig. 5f: mean dihedral angle of all three samples [dihedral.mean]",
        &EXPERIMENT.map(model),
        || {
            let pooled = |angles: fn(&Triangulation, &MotifNetworks) -> Vec<f64>| {
                let of = |sample| {
                    let found = analysis(sample).networks(5, Region::All);
                    angles(&analysis(sample).triangulation, &found)
                };
                mean(&EXPERIMENT.map(of).concat()).unwrap()
            };
            assert_eq!(format!("{:.2}", pooled(dihedral_angles)), "120.70");
            assert_eq!(format!("{:.2}", pooled(oriented_dihedral_angles)), "120.57");
        },
    ));
    trials
}

/// Amorphous tetrahedra in triplets, 4-, 5- and 6-fold bipyramids at delta 0.255, in percent.
fn populations_at_0_255(sample: Sample) {
    let analysis = analysis(sample);
    let found = populations(
        &analysis.triangulation,
        analysis.criteria,
        &analysis.crystal,
    );
    let percent = found.motifs.map(|share| format!("{:.1}", 100.0 * share));
    let expected = of(
        sample,
        [
            ["12.3", "32.9", "40.4", "29.7"],
            ["18.2", "25.8", "32.6", "20.9"],
            ["19.6", "24.4", "31.5", "18.6"],
        ],
    );
    assert_eq!(percent, expected);
    let tetrahedra = analysis.triangulation.tetrahedra();
    let total = tetrahedra.filter(|&t| analysis.is_amorphous(t)).count();
    if sample == Sample::TaFilm {
        assert_eq!(total, 16_114);
    }
}

/// Mean alpha/gamma, beta/gamma and theta, of all motifs and of those that touch the amorphous
/// region.
fn mean_shape(sample: Sample) {
    let means = |region| {
        let shapes = analysis(sample).pentagonal_shapes(region);
        let of = |measure| mean_of(&shapes, measure).unwrap();
        (
            format!("{:.4}", of(BipyramidShape::alpha_over_gamma)),
            format!("{:.4}", of(BipyramidShape::beta_over_gamma)),
            format!("{:.2}", of(|shape| shape.theta_deg)),
        )
    };
    let (alpha, beta, theta) = means(Region::All);
    assert_eq!(
        [alpha.as_str(), &beta, &theta],
        of(
            sample,
            [
                ["1.0250", "0.9827", "10.02"],
                ["1.0256", "0.9836", "10.65"],
                ["1.0249", "0.9840", "10.89"],
            ]
        )
    );
    assert_eq!(
        means(Region::Amorphous).2,
        of(sample, ["10.06", "10.66", "10.91"])
    );
}

/// The two peaks of the bond angles, in degrees.
fn bond_angle_maxima(sample: Sample) {
    let angles = analysis(sample).bond_angles().unwrap();
    assert_eq!(
        bond_angle_peaks(&angles),
        of(sample, [[56.5, 109.5], [53.5, 98.5], [53.5, 99.5]])
    );
}

/// The Delaunay tetrahedra are those that qhull finds: the hash of the sorted set.
fn delaunay(sample: Sample) {
    let triangulation = &analysis(sample).triangulation;
    let expected = of(sample, [51_463, 332_200, 485_745]);
    assert_eq!(triangulation.len(), expected);
    let mut hash = Sha256::new();
    for t in triangulation.tetrahedra() {
        for corner in triangulation.corners(t) {
            hash.update(corner.atom.number().to_le_bytes());
        }
    }
    let hash: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    let expected = of(
        sample,
        [
            "a2c8ecddfff9021957fba45b0afa85948ebbf07c896a4d90f45fe06e39b14d5d",
            "afc3800854745882a71accfd93dfa0828f0337fc4cd8fb6173c1e25de9132016",
            "d6eec328524c077b862efa427b60093344584c612ed9f6fa9be9f12d620ebf92",
        ],
    );
    assert_eq!(hash, expected);
}

fn nuclei(sample: Sample) {
    assert_eq!(
        analysis(sample).crystal.count(),
        of(sample, [1_669, 1_138, 1_345])
    );
}

/// All bipyramids and those that touch the amorphous region, 4-, 5- and 6-fold.
fn bipyramids(sample: Sample) {
    let expected = of(
        sample,
        [
            [(1_800, 1_606), (2_053, 1_979), (1_180, 1_064)],
            [(8_681, 8_445), (10_355, 10_245), (4_951, 4_787)],
            [(11_379, 11_052), (14_038, 13_883), (6_102, 5_879)],
        ],
    );
    let found = [4, 5, 6].map(|fold| {
        let count = |region| analysis(sample).bipyramids(fold, region).len();
        (count(Region::All), count(Region::Amorphous))
    });
    assert_eq!(found, expected);
}

/// Networks of 5-, 6- and 4-fold bipyramids; size of the largest and length of the longest.
fn networks(sample: Sample) {
    let counts = [5, 6, 4].map(|fold| {
        analysis(sample)
            .networks(fold, Region::Amorphous)
            .networks
            .len()
    });
    assert_eq!(
        counts,
        of(sample, [[85, 39, 1], [465, 79, 0], [626, 87, 1]])
    );
    let found = analysis(sample).networks(5, Region::Amorphous);
    assert_eq!(found.networks[0].size(), of(sample, [135, 31, 32]));
    let lengths = found.networks.iter().map(|network| match network.extent {
        Extent::Length(length) => length,
        Extent::Spans(_) => panic!("an open sample cannot be spanned"),
    });
    let longest = lengths.fold(0.0, f64::max);
    assert!(
        (longest - of(sample, [28.7, 15.1, 18.1])).abs() < 0.05,
        "{longest}"
    );
}

fn filling(sample: Sample) {
    let analysis = analysis(sample);
    let motifs = analysis.bipyramids(5, Region::Amorphous);
    let filling = icosahedral_filling(&analysis.triangulation, &motifs);
    assert_eq!(filling.iter().max(), Some(&of(sample, [10, 9, 10])));
}

/// Regulated cells of the amorphous region, distorted icosahedra among them, those of at most the
/// largest distortion of a packing tetrahedron, and the most populated indices.
fn voronoi_cells(sample: Sample) {
    let analysis = analysis(sample);
    let cells = analysis.regulated_cells(&analysis.voronoi_cells(), Regulation::default());
    let icosahedra = cells.iter().filter(|cell| cell.is_distorted_icosahedron());
    let icosahedra: Vec<f64> = icosahedra.map(|cell| cell.largest_delta).collect();
    let slight = icosahedra
        .iter()
        .filter(|&&delta| delta <= DELTA_MAX)
        .count();
    let expected = of(
        sample,
        [(6_516, 531, 4), (50_770, 4_364, 2), (74_200, 6_292, 12)],
    );
    assert_eq!((cells.len(), icosahedra.len(), slight), expected);
    let faces: usize = cells.iter().map(|cell| cell.coordination()).sum();
    let mean = faces as f64 / cells.len() as f64;
    assert!(
        (mean - of(sample, [11.95, 12.23, 12.20])).abs() < 0.005,
        "{mean}"
    );

    let mut counts: BTreeMap<[u32; 4], u32> = BTreeMap::new();
    for cell in &cells {
        *counts.entry(cell.index()).or_default() += 1;
    }
    let mut ranked: Vec<[u32; 4]> = counts.keys().copied().collect();
    ranked.sort_by_key(|index| std::cmp::Reverse(counts[index]));
    let name = |index: &[u32; 4]| index.map(|n| n.to_string()).concat();
    let top: Vec<String> = ranked.iter().take(12).map(name).collect();
    let expected = of(
        sample,
        [
            "0363 0364 0444 0443 0282 0442 0281 0362 0445 0361 0365 0360",
            "0363 0364 0443 0444 0282 0362 0281 0442 0445 0361 0453 0283",
            "0363 0364 0443 0444 0282 0362 0281 0442 0445 0453 0361 0283",
        ],
    );
    assert_eq!(top.join(" "), expected);
}

/// The density with packing over that without, for a Gaussian whose full width at half maximum is
/// the shell distance.
fn density_gain(sample: Sample) {
    let w = analysis(sample).first_valley_angstrom;
    let map = analysis(sample).density_map(Smoothing::of_fwhm(w)).unwrap();
    let mean_of = |surroundings| mean(&map.at(surroundings)).unwrap();
    let [with, without] = [Surroundings::With, Surroundings::Without].map(mean_of);
    let gain = 100.0 * (with / without - 1.0);
    assert!(
        (gain - of(sample, [3.38, 3.49, 3.58])).abs() < 0.01,
        "{gain}"
    );
}

/// Two bipyramids have one tetrahedron in common (a shared vertex), or two (a shared edge), or
/// none; never more.
fn sharing_is_one_or_two_tetrahedra(sample: Sample) {
    let analysis = analysis(sample);
    let found = analysis.networks(5, Region::Amorphous);
    let mut owners: BTreeMap<TetrahedronId, Vec<u32>> = BTreeMap::new();
    for (place, &motif) in (0..).zip(&found.motifs) {
        for t in analysis.ring(motif).tetrahedra {
            owners.entry(t.id).or_default().push(place);
        }
    }
    let mut common: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for sharers in owners.values() {
        for (k, &first) in sharers.iter().enumerate() {
            for &second in &sharers[k + 1..] {
                *common.entry((first, second)).or_default() += 1;
            }
        }
    }
    let with = |tetrahedra| -> Vec<(u32, u32)> {
        let pairs = common.iter().filter(|(_, count)| **count == tetrahedra);
        pairs.map(|(pair, _)| *pair).collect()
    };
    let ends = |links: &[Link]| -> Vec<(u32, u32)> {
        links.iter().map(|link| (link.first, link.second)).collect()
    };
    assert_eq!(ends(&found.sharing.vertex), with(1));
    assert_eq!(ends(&found.sharing.edge), with(2));
    assert!(common.values().all(|&count| count <= 2));
    let atoms = |&(first, second): &(u32, u32)| {
        let [a, b] = [first, second].map(|m| analysis.ring(found.motifs[m as usize]));
        let theirs: Vec<_> = b.vertices().collect();
        a.vertices().filter(|v| theirs.contains(v)).count()
    };
    assert!(with(1).iter().all(|pair| atoms(pair) >= 4));
    assert!(with(2).iter().all(|pair| atoms(pair) >= 5));
}
