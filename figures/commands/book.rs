//! `book`: writes what the book takes from the ledger and from drawn figures.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use figures::cli::finish;
use figures::{files, ledger, markdown, page};

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/paper.toml");
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../book/src");

/// The figures that the pages show.
const FIGURES: [&str; 1] = ["fig5"];

/// Write the parts of the book that are generated
///
/// The tables and values of book/src/generated come from golden/paper.toml as it is; no data are
/// read. With --figures the previews of book/src/figures are renewed from figures drawn before.
#[derive(Parser)]
#[command(name = "book", version)]
struct Arguments {
    /// Directory with the figures as the figure programs write them (out, say)
    #[arg(long, value_name = "DIR")]
    figures: Option<PathBuf>,
}

fn main() -> ExitCode {
    finish(run(&Arguments::parse()).map(|()| ExitCode::SUCCESS))
}

fn run(arguments: &Arguments) -> Result<()> {
    let (_, claims) = ledger::read(Path::new(LEDGER))?;
    let pages = Path::new(PAGES);
    for (name, text) in markdown::files(&claims) {
        files::write(&pages.join("generated"), &name, text.as_bytes())?;
    }
    for name in arguments.figures.iter().flat_map(|_| FIGURES) {
        let file = format!("{name}.png");
        let drawn = arguments.figures.as_deref().unwrap_or(pages).join(&file);
        let png = std::fs::read(&drawn).with_context(|| {
            format!(
                "'{}' cannot be read; draw it with cargo run --bin {name}",
                drawn.display()
            )
        })?;
        let preview = page::halved(&png).with_context(|| format!("'{}'", drawn.display()))?;
        files::write(&pages.join("figures"), &file, &preview)?;
    }
    Ok(())
}
