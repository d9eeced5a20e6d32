//! Fig. X1, beyond the paper: where the networks percolate on the way to the glass.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::Sample;
use amorphous_packing::liquid::growth::percolation_bracket;
use amorphous_packing::report::liquid::{cluster_size_table, growth_table};
use anyhow::Result;
use figures::harness::load::load;
use figures::panels::liquid::{PERCOLATION, around, cluster_sizes, growths, percolation, states};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. X1: where the networks percolate", figx1)
}

fn figx1(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let loaded = load(options, &Sample::quench(), stages)?;
    let networks = loaded.networks(&[5], Region::Amorphous, stages);
    let frames = networks.frames();
    let growth = growth_table(&frames)?;
    let threshold = percolation_bracket(&growths(&networks));
    let shown = around(threshold.as_ref(), &loaded.ids());
    let [density, energy] = states(&loaded.ids())?;

    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[(84.0, "aaabbb"), (48.0, "cccddd")],
    );
    let figure = Figure::new("figx1", "Where the networks percolate", layout)
        .panel('a', cluster_sizes(&cluster_size_table(&frames)?, &shown))
        .panel('b', percolation(&growth, threshold))
        .panel('c', density)
        .panel('d', energy)
        .footnote(PERCOLATION);
    Ok(loaded.documented(figure))
}
