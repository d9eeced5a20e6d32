//! Fig. S7: the second palladium nanoparticle in 3D.

use std::process::ExitCode;

use amorphous_packing::data::Sample;
use figures::harness::load::load;
use figures::scenes::samples::view;
use figures::{Figure, Layout};

fn main() -> ExitCode {
    figures::draw(
        "Fig. S7: the second palladium nanoparticle",
        |options, stages| {
            let loaded = load(options, &[Sample::Pd2], stages)?;
            let layout = Layout::grid(89.0, &[(89.0, "a")]);
            let figure = Figure::new("figs7", "The second palladium nanoparticle", layout)
                .panel('a', view(&loaded, Sample::Pd2))
                .footnote("Crystal nuclei are grey.");
            Ok(loaded.documented(figure))
        },
    )
}
