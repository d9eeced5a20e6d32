//! What single figures must hold beside what holds for all.

use amorphous_packing::data::{EXPERIMENT, Sample};

use crate::run::{Data, Place};

/// Checks the figure `id` where it has a check of its own.
pub(crate) fn check(place: &Place, id: &str, data: Data) {
    match id {
        "fig5" => fig5(place, data),
        "fig6" => fig6(place),
        "figs19" => figs19(place, data),
        "figs16" | "figs17" | "figs18" | "figs20" => five_largest(place, id),
        "figs21" => figs21(place),
        "figx1" => figx1(place),
        _ => {}
    }
}

/// Panel h holds its network with the partial icosahedra of the paper.
fn fig5(place: &Place, data: Data) {
    let fillings = place.lines("fig5h.csv");
    assert_eq!(fillings[0], "sample,atom,n");
    let n = |n: &str| fillings.iter().filter(|row| row.ends_with(n)).count();
    assert!(n(",8") >= 1 && n(",5") >= 2 && n(",3") >= 2, "{fillings:?}");
    let largest = place.lines("fig5j.csv");
    assert_eq!(largest[0], "sample,rank,bipyramids,atoms,length_angstrom");
    let samples = if data == Data::None {
        1
    } else {
        EXPERIMENT.len()
    };
    assert_eq!(largest.len() - 1, samples);
}

/// The whole quench and three snapshots.
fn fig6(place: &Place) {
    let frames = place.lines("fig6a.csv");
    assert_eq!(
        frames[0],
        "sample,temperature_k,triplet,quadrilateral,pentagonal,hexagonal"
    );
    assert_eq!(frames.len() - 1, Sample::quench().len());
    let filling = place.lines("fig6b.csv");
    for (sample, shown) in [
        ("ta_liquid_5200K", true),
        ("ta_liquid_2500K", true),
        ("ta_glass_300K", true),
        ("ta_glass_300K_quenched", false),
    ] {
        let of = |row: &String| row.split(',').next() == Some(sample);
        assert_eq!(filling.iter().any(of), shown, "{sample}");
    }
}

/// The curves of all frames, and the second peak in words.
fn figs19(place: &Place, data: Data) {
    let curves = place.lines("figs19.csv");
    assert_eq!(curves[0], "sample,r_angstrom,r_over_r1,g");
    for sample in Sample::quench() {
        let of = |row: &&String| row.split(',').next() == Some(sample.id());
        assert_eq!(curves.iter().filter(of).count(), 199, "{sample}");
    }
    let peaks = place.lines("figs19_second_peak.csv");
    assert_eq!(peaks[0], "sample,component,r_angstrom,r_over_r1,g");
    let said = place.provenance("figs19")["footnotes"].to_string();
    assert!(said.contains("the second peak"), "{said}");
    if data == Data::None {
        assert!(said.contains("ta_film"), "what is missing: {said}");
    }
}

/// Five networks, each not larger than the one before.
fn five_largest(place: &Place, id: &str) {
    let table = place.lines(&format!("{id}.csv"));
    assert_eq!(table[0], "sample,rank,bipyramids,atoms,length_angstrom");
    let size = |row: &String| row.split(',').nth(2).unwrap().parse::<u32>().unwrap();
    let sizes: Vec<u32> = table[1..].iter().map(size).collect();
    assert_eq!(sizes.len(), 5);
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
}

/// Three frames; the network of the glass goes through the box along all axes.
fn figs21(place: &Place) {
    let table = place.lines("figs21.csv");
    assert_eq!(table.len(), 4);
    assert!(table[3].contains(",xyz,"), "{}", table[3]);
}

/// Growth and states of every frame.
fn figx1(place: &Place) {
    let frames = Sample::quench().len();
    assert_eq!(place.lines("figx1b.csv").len() - 1, frames);
    let states = place.lines("figx1c.csv");
    assert!(
        states[0].ends_with(",energy_less_vibration_ev"),
        "{}",
        states[0]
    );
    assert_eq!(states.len() - 1, frames);
}
