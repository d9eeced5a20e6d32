//! Fig. S20: the five largest networks of pentagonal bipyramids in the tantalum liquid at 5,200 K.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::Sample;
use figures::harness::load::load;
use figures::scenes::network::five_largest;

fn main() -> ExitCode {
    figures::draw(
        "Fig. S20: the largest networks, the tantalum liquid at 5,200 K",
        |options, stages| {
            let loaded = load(options, &[Sample::TA_LIQUID], stages)?;
            let networks = loaded.networks(&[5], Region::Amorphous, stages);
            let figure = five_largest("figs20", &networks.entries())?;
            Ok(loaded.documented(figure))
        },
    )
}
