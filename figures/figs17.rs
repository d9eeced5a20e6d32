//! Fig. S17: the five largest networks of pentagonal bipyramids in the first palladium nanoparticle.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::Sample;
use figures::harness::load::load;
use figures::scenes::network::five_largest;

fn main() -> ExitCode {
    figures::draw(
        "Fig. S17: the largest networks, the first palladium nanoparticle",
        |options, stages| {
            let loaded = load(options, &[Sample::Pd1], stages)?;
            let networks = loaded.networks(&[5], Region::Amorphous, stages);
            let figure = five_largest("figs17", &networks.entries())?;
            Ok(loaded.documented(figure))
        },
    )
}
