//! What `analyze` tells: the summary as a file, and as a table that it prints.

use std::collections::BTreeMap;
use std::fmt::Write;

use amorphous_packing::analysis::Summary;
use amorphous_packing::report::series::Estimate;
use serde::{Deserialize, Serialize};

/// The version of the schema of `summary.json`.
pub const SCHEMA: u32 = 1;

/// What `summary.json` holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SummaryFile {
    /// The version of this schema.
    pub schema: u32,
    /// What the structure is called.
    pub structure: String,
    /// How many frames were analysed.
    pub frames: usize,
    /// The only frame, or the last.
    pub last_frame: Summary,
    /// The means over the frames, where there are several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub means: BTreeMap<String, Estimate>,
}

/// The summary as lines of name and value.
pub fn told(file: &SummaryFile) -> String {
    let of = &file.last_frame;
    let percent = |fraction: f64| format!("{:.1} %", 100.0 * fraction);
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let composition: Vec<String> = of
        .species
        .iter()
        .map(|part| {
            format!(
                "{} {} ({})",
                part.element.symbol(),
                part.atoms,
                percent(part.fraction)
            )
        })
        .collect();
    let spans: String = ['a', 'b', 'c']
        .into_iter()
        .zip(of.largest_network_spans)
        .filter_map(|(axis, spans)| spans.then_some(axis))
        .collect();
    let reach = match of.largest_network_length_angstrom {
        Some(length) => format!("{length:.1} Å long"),
        None if spans.is_empty() => "–".to_owned(),
        None => format!("runs through the cell along {spans}"),
    };
    let repeated: String = ['a', 'b', 'c']
        .into_iter()
        .zip(of.periodic)
        .filter_map(|(axis, periodic)| periodic.then_some(axis))
        .collect();
    let mut lines = vec![
        ("atoms", format!("{}: {}", of.atoms, composition.join(", "))),
        (
            "repeated along",
            if repeated.is_empty() {
                "–".to_owned()
            } else {
                repeated
            },
        ),
        (
            "density",
            or_none(
                of.density_g_per_cm3
                    .map(|density| format!("{density:.2} g/cm³")),
            ),
        ),
        (
            "shell distance w",
            format!("{:.2} Å", of.shell_distance_angstrom),
        ),
        (
            "in crystal nuclei",
            match of.crystal_nuclei {
                // A cell may be smaller than a nucleus.
                0 => percent(of.crystal_fraction),
                1 => format!("{} (1 nucleus)", percent(of.crystal_fraction)),
                many => format!("{} ({many} nuclei)", percent(of.crystal_fraction)),
            },
        ),
        (
            "mean coordination",
            or_none(of.mean_coordination.map(|mean| format!("{mean:.2}"))),
        ),
        (
            "tetrahedra in motifs",
            format!(
                "triplets {}, quadrilateral {}, pentagonal {}, hexagonal {}",
                or_none(of.triplet_fraction.map(percent)),
                or_none(of.quadrilateral_fraction.map(percent)),
                or_none(of.pentagonal_fraction.map(percent)),
                or_none(of.hexagonal_fraction.map(percent))
            ),
        ),
        (
            "pentagonal bipyramids",
            format!(
                "{} ({:.3} per amorphous atom)",
                of.pentagonal_bipyramids, of.pentagonal_bipyramids_per_atom
            ),
        ),
        (
            "networks",
            format!(
                "{} with {} of the bipyramids",
                of.networks,
                percent(of.in_networks_fraction)
            ),
        ),
        (
            "largest network",
            format!(
                "{} bipyramids, {} atoms, {reach}",
                of.largest_network_bipyramids, of.largest_network_atoms
            ),
        ),
        (
            "mean icosahedral filling",
            or_none(of.mean_filling.map(|mean| format!("{mean:.2}"))),
        ),
    ];
    let mut text = String::new();
    if file.frames > 1 {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} frames; the last of them:", file.frames);
    }
    let widest = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in lines.drain(..) {
        let _ = writeln!(text, "{name:widest$}  {value}");
    }
    if !file.means.is_empty() {
        let _ = writeln!(text, "means over the frames, with their standard errors:");
        let widest = file.means.keys().map(String::len).max().unwrap_or(0);
        for (name, estimate) in &file.means {
            let error = estimate.standard_error.unwrap_or(0.0);
            let _ = writeln!(text, "{name:widest$}  {:.5} ± {error:.5}", estimate.mean);
        }
    }
    text
}
