//! Fig. S22: the bond order against the distance from the crystal nuclei.

use std::process::ExitCode;

use amorphous_packing::analysis::Analysis;
use amorphous_packing::data::EXPERIMENT;
use amorphous_packing::order::{FIT_FROM_ANGSTROM, InterfaceProfile};
use amorphous_packing::report::interface::{
    interface_curve_table, interface_fit_table, interface_table,
};
use figures::harness::load::load;
use figures::panels::interface::profile;
use figures::{Figure, Layout, style};

/// Other distances from which the decay may be fitted, in ångström.
const RANGE_ANGSTROM: [f64; 4] = [-2.0, -3.0, -4.0, -5.0];

fn main() -> ExitCode {
    figures::draw(
        "Fig. S22: the crystalline–amorphous interface",
        |options, stages| {
            let loaded = load(options, &EXPERIMENT, stages)?;
            let profiles: Vec<InterfaceProfile> = stages.time("interface", || {
                let analyses = loaded.samples.iter().map(|(_, analysis)| analysis);
                analyses.map(Analysis::interface_profile).collect()
            });
            let entries = loaded.rows(&profiles);
            let points = interface_table(&entries)?;
            let curve = interface_curve_table(&entries, FIT_FROM_ANGSTROM)?;

            let layout = Layout::even(style::DOUBLE_COLUMN_MM, 56.0, 3, profiles.len());
            let figure = Figure::new("figs22", "The crystalline–amorphous interface", layout)
                .panel_for_each(&loaded.ids(), |sample| {
                    let found = entries.iter().find(|rows| rows.sample == sample.id());
                    let fit = found.and_then(|rows| rows.of.fit(FIT_FROM_ANGSTROM));
                    Ok(profile(&points, &curve, sample, fit))
                })?
                .table("figs22", &points)
                .table(
                    "figs22_fit",
                    &interface_fit_table(&entries, &[FIT_FROM_ANGSTROM])?,
                )
                .table(
                    "figs22_range",
                    &interface_fit_table(&entries, &RANGE_ANGSTROM)?,
                );
            Ok(loaded.documented(figure))
        },
    )
}
