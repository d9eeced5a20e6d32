//! `book`: writes what the book takes from the ledger, from the benches and from drawn figures.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::harness::cli::finish;
use crate::harness::files;
use crate::page::canvas;
use crate::record::ledger;
use crate::record::pages;
use crate::record::speed::{self, Run};
use anyhow::{Context, Result, ensure};
use clap::Parser;

const RUNS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/runs");
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../book/src");

/// The figures that the pages show.
const FIGURES: [&str; 20] = [
    "fig1", "fig2", "fig3", "fig4", "fig5", "fig6", "figs1", "figs4", "figs5", "figs6", "figs8",
    "figs19", "figs21", "figs22", "figx1", "figx2", "figx3", "figx4", "figx5", "figx6",
];

/// Write the parts of the book that are generated
///
/// The tables and values of book/src/generated come from golden/, data/ and the last run in
/// benches/runs as they are; no data of the authors are read. With --figures the previews of
/// book/src/figures are renewed from figures drawn before;
/// those that were not drawn stay as they are.
#[derive(Parser)]
#[command(name = "book", version)]
struct Arguments {
    /// Directory with the figures as the figure programs write them (out, say)
    #[arg(long, value_name = "DIR")]
    figures: Option<PathBuf>,
}

/// Runs the command.
pub fn main() -> ExitCode {
    finish(run(&Arguments::parse()).map(|()| ExitCode::SUCCESS))
}

fn run(arguments: &Arguments) -> Result<()> {
    let (_, claims) = ledger::read()?;
    let book = Path::new(PAGES);
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let run = Run::latest(Path::new(RUNS))?;
    for (name, text) in pages::files(&claims, run.as_ref())
        .into_iter()
        .chain(pages::excerpts(root)?)
    {
        files::write(&book.join("generated"), &name, text.as_bytes())?;
    }
    if let Some(chart) = run.as_ref().map(Run::chart).transpose()?.flatten() {
        let picture = canvas::halved(&chart.png)?;
        files::write(&book.join("figures"), speed::PICTURE, &picture)?;
    }
    if let Some(drawn) = &arguments.figures {
        renew_previews(drawn, &book.join("figures"))?;
    }
    Ok(())
}

/// Writes the previews of those of [`FIGURES`] that lie in `drawn`.
fn renew_previews(drawn: &Path, previews: &Path) -> Result<()> {
    let mut found = false;
    for name in FIGURES {
        let file = format!("{name}.png");
        let picture = drawn.join(&file);
        if !picture.is_file() {
            continue;
        }
        found = true;
        let shown = || format!("'{}'", picture.display());
        let png = std::fs::read(&picture).with_context(shown)?;
        let preview = canvas::halved(&png).with_context(shown)?;
        files::write(previews, &file, &preview)?;
    }
    ensure!(
        found,
        "'{}' holds no figure of the book; draw one with cargo run --bin fig5",
        drawn.display()
    );
    Ok(())
}
