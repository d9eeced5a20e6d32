//! Every figure is drawn, every command is run: by its program, as a reader does; without data, and
//! with them where they are there.
//!
//! A figure is drawn once; its pages, tables and panels are read from what it wrote.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod chromium;
mod commands;
mod contents;
mod endings;
mod figures;
mod own;
mod page;
mod panels;
mod preprocess;
mod run;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let trials: Vec<Trial> = [
        figures::trials(),
        panels::trials(),
        commands::trials(),
        endings::trials(),
        own::trials(),
        preprocess::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A trial that needs no data.
fn always(name: &str, run: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}
