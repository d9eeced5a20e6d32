//! Fig. S18: the five largest networks of pentagonal bipyramids in the second palladium nanoparticle.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::Sample;
use figures::harness::load::load;
use figures::scenes::network::five_largest;

fn main() -> ExitCode {
    figures::draw(
        "Fig. S18: the largest networks, the second palladium nanoparticle",
        |options, stages| {
            let loaded = load(options, &[Sample::Pd2], stages)?;
            let networks = loaded.networks(&[5], Region::Amorphous, stages);
            let figure = five_largest("figs18", &networks.entries())?;
            Ok(loaded.documented(figure))
        },
    )
}
