//! Element by element against the authors' intermediate files: bond order of Ta and Pd1, the
//! tetrahedra, face pairs and motifs of Ta.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::AtomId;
use amorphous_packing::data::Sample;
use amorphous_packing::formats::mat::read_matrix;
use amorphous_packing::geometry::TetrahedronId;
use amorphous_packing::numerics::Numbered;
use amorphous_packing::packing::{face_pairs, triplets};
use libtest_mimic::Trial;

use crate::data::{analysis, file};
use acceptance::trials::{model, trial};

const TA_ORDER: &str = "7_Data_analysis/Input/Ta_film/BOO_normalized.mat";
const PD1_ORDER: &str = "7_Data_analysis/Input/Pd1_nanoparticle/BOO_normalized.mat";
const TA_MOTIFS: &str = "7_Data_analysis/Input/Ta_film/Polytetrahedral_motifs_delta_0.255.mat";

/// A tetrahedron by its atoms, sorted.
type Four = [AtomId; 4];

pub(crate) fn trials() -> Vec<Trial> {
    let ta = model(Sample::TaFilm);
    let mut trials = vec![
        trial(
            "the Ta film: bond order of every atom, as in the authors' file",
            &[ta, TA_ORDER],
            || {
                // Their file is in single precision.
                bond_order_agrees(Sample::TaFilm, TA_ORDER, 1e-6);
            },
        ),
        trial(
            "Pd1: bond order of every atom, as in the authors' file",
            &[model(Sample::Pd1), PD1_ORDER],
            || bond_order_agrees(Sample::Pd1, PD1_ORDER, 1e-12),
        ),
        trial(
            "the Ta film: Fig. 2: tetrahedra of packing, those of the authors [tetrahedra.atoms]",
            &[ta, TA_MOTIFS],
            || {
                let theirs = their_tetrahedra();
                assert_eq!(theirs.len(), 19_655);
                let ours = accepted(analysis(Sample::TaFilm));
                assert_eq!(ours, theirs.into_iter().collect());
            },
        ),
        trial(
            "the Ta film: Fig. 2: amorphous tetrahedra of packing, those of the authors",
            &[ta, TA_MOTIFS],
            || {
                let all = their_tetrahedra();
                let theirs: BTreeSet<Four> = matrix("ICamor")
                    .column(0)
                    .iter()
                    .map(|&k| all[k as usize - 1])
                    .collect();
                let ta = analysis(Sample::TaFilm);
                let all = ta.triangulation.tetrahedra();
                let ours = all.filter(|&t| ta.is_amorphous(t));
                assert_eq!(ours.map(|t| atoms(ta, t)).collect::<BTreeSet<_>>(), theirs);
            },
        ),
        trial(
            "the Ta film: Fig. 2: pairs with a common face, those of the authors",
            &[ta, TA_MOTIFS],
            || {
                let theirs = their_sets("Neiface");
                assert_eq!(theirs.len(), 24_820);
                let ta = analysis(Sample::TaFilm);
                let pairs = face_pairs(&ta.triangulation, &ta.accepted);
                let ours = pairs
                    .iter()
                    .map(|&(a, b)| BTreeSet::from([atoms(ta, a), atoms(ta, b)]));
                assert_eq!(ours.collect::<BTreeSet<_>>(), theirs);
            },
        ),
        trial(
            "the Ta film: Fig. 2: triplets, those of the authors",
            &[ta, TA_MOTIFS],
            || {
                let ta = analysis(Sample::TaFilm);
                let ours = triplets(&ta.triangulation, &ta.accepted);
                same_motifs(ours.iter().map(|t| t.as_slice()), 3, 1_336);
            },
        ),
    ];
    trials.push(trial(
        "the Ta film: Fig. 5j: networks of the authors' own bipyramids, by brute force [pbn.largest]",
        &[ta, TA_MOTIFS],
        networks_of_their_bipyramids,
    ));
    for (fold, count) in [(4, 1_800), (5, 2_053), (6, 1_180), (7, 95), (8, 5)] {
        let name = format!("the Ta film: Fig. 2: {fold}-fold bipyramids, those of the authors");
        trials.push(trial(&name, &[ta, TA_MOTIFS], move || {
            let ta = analysis(Sample::TaFilm);
            let ours: Vec<Vec<TetrahedronId>> = ta
                .bipyramids(fold, Region::All)
                .into_iter()
                .map(|motif| ta.ring(motif).tetrahedra.iter().map(|t| t.id).collect())
                .collect();
            same_motifs(ours.iter().map(Vec::as_slice), fold, count);
        }));
    }
    trials
}

/// The networks from the authors' pentagonal bipyramids, with nothing of the library: those that
/// hold an amorphous tetrahedron, linked where they have two tetrahedra in common, five at least.
fn networks_of_their_bipyramids() {
    let all = their_tetrahedra();
    let amorphous: BTreeSet<Four> = matrix("ICamor")
        .column(0)
        .iter()
        .map(|&k| all[k as usize - 1])
        .collect();
    let mut motifs: Vec<BTreeSet<Four>> = their_sets("path5").into_iter().collect();
    motifs.retain(|motif| !motif.is_disjoint(&amorphous));
    let mut networks = Vec::new();
    while let Some(first) = motifs.pop() {
        let mut members = vec![first];
        let mut place = 0;
        while place < members.len() {
            let shares =
                |motif: &mut BTreeSet<Four>| motif.intersection(&members[place]).count() == 2;
            let linked: Vec<_> = motifs.extract_if(.., shares).collect();
            members.extend(linked);
            place += 1;
        }
        if members.len() >= 5 {
            let atoms: BTreeSet<AtomId> = members.iter().flatten().flatten().copied().collect();
            networks.push((members.len(), atoms.len()));
        }
    }
    assert_eq!(networks.len(), 85);
    assert_eq!(networks.iter().max(), Some(&(135, 165)));
}

fn bond_order_agrees(sample: Sample, path: &str, tolerance: f64) {
    let theirs = read_matrix(&file(path), "order", Some(1), None).unwrap();
    let ours = &analysis(sample).bond_order;
    assert_eq!(ours.len(), theirs.len());
    for (atom, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        let deviation = (ours.normalised() - theirs).abs();
        assert!(
            deviation <= tolerance,
            "atom {atom} deviates by {deviation:e}"
        );
    }
}

fn matrix(variable: &str) -> ndarray::Array2<f64> {
    let path = file(TA_MOTIFS);
    let path: &Path = &path;
    read_matrix(path, variable, None, None).unwrap()
}

/// Their tetrahedra, by our atoms. Their file has an order of its own: the amorphous atoms come
/// before those of the nuclei; the coordinates tell which is which.
fn their_tetrahedra() -> Vec<Four> {
    let atoms = &analysis(Sample::TaFilm).atoms;
    let ours: BTreeMap<[u64; 3], AtomId> = AtomId::first(atoms.len())
        .map(|atom| (atoms.position(atom).to_array().map(f64::to_bits), atom))
        .collect();
    let model = matrix("model");
    let atom = |k: &f64| {
        let theirs = model.column(*k as usize - 1);
        ours[&[0, 1, 2].map(|axis| theirs[axis].to_bits())]
    };
    matrix("ConnectivityList")
        .rows()
        .into_iter()
        .map(|row| {
            let mut four = [0, 1, 2, 3].map(|k| atom(&row[k]));
            four.sort_unstable();
            four
        })
        .collect()
}

/// Each row of a variable as the set of tetrahedra it lists.
fn their_sets(variable: &str) -> BTreeSet<BTreeSet<Four>> {
    let all = their_tetrahedra();
    matrix(variable)
        .rows()
        .into_iter()
        .map(|row| row.iter().map(|&k| all[k as usize - 1]).collect())
        .collect()
}

fn atoms(analysis: &Analysis, t: TetrahedronId) -> Four {
    analysis.triangulation.corners(t).map(|corner| corner.atom)
}

fn accepted(analysis: &Analysis) -> BTreeSet<Four> {
    let accepted = analysis.accepted.marked();
    accepted.map(|t| atoms(analysis, t)).collect()
}

fn same_motifs<'a>(ours: impl Iterator<Item = &'a [TetrahedronId]>, fold: usize, count: usize) {
    let theirs = their_sets(&format!("path{fold}"));
    assert_eq!(theirs.len(), count);
    let ta = analysis(Sample::TaFilm);
    let ours: BTreeSet<BTreeSet<Four>> = ours
        .map(|motif| motif.iter().map(|&t| atoms(ta, t)).collect())
        .collect();
    assert_eq!(ours, theirs);
}
