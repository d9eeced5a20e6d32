//! Fig. X4: the tracing of an area of the film: a slice with its atoms and rejected peaks, and the
//! intensities that tell them apart.

use std::process::ExitCode;

use amorphous_packing::aet::Area;
use amorphous_packing::data::ReadError;
use anyhow::Result;
use figures::commands::tracing::Tracing;
use figures::panels::tomography::FETCH;
use figures::{Figure, Layout, Options, Stages, style};

/// An area in the middle of the second row.
const AREA: usize = 20;

fn main() -> ExitCode {
    figures::draw("Fig. X4: atoms traced in a volume", figx4)
}

fn figx4(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let store = options.running.source.store_offline()?;
    let mut tracing = match Tracing::published(&store, Area::new(AREA)?, options.running.quiet) {
        Ok(tracing) => tracing,
        Err(error) if error.downcast_ref().is_some_and(ReadError::is_absent) => {
            let sentence =
                format!("Not drawn: the volume of area {AREA} is not at hand; {FETCH} gets it.");
            let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[]);
            return Ok(Figure::new("figx4", "Atoms traced in a volume", layout).footnote(&sentence));
        }
        Err(error) => return Err(error),
    };
    tracing.find_support(None, &options.running.source, stages)?;
    let classified = tracing.run(stages)?;
    tracing.figure("figx4", &classified)
}
