//! Fig. S16: the five largest networks of pentagonal bipyramids in the tantalum film.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::Sample;
use figures::harness::load::load;
use figures::scenes::network::five_largest;

fn main() -> ExitCode {
    figures::draw(
        "Fig. S16: the largest networks, the tantalum film",
        |options, stages| {
            let loaded = load(options, &[Sample::TaFilm], stages)?;
            let networks = loaded.networks(&[5], Region::Amorphous, stages);
            let figure = five_largest("figs16", &networks.entries())?;
            Ok(loaded.documented(figure))
        },
    )
}
