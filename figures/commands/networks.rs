//! `networks`: the pentagonal bipyramid networks of a sample, listed or exported as data.

use std::process::ExitCode;

use crate::harness::files;
use crate::harness::load::load;
use crate::page::style::rank_colour;
use crate::{Options, Stages};
use amorphous_packing::analysis::Region;
use amorphous_packing::data::EXPERIMENT;
use amorphous_packing::formats::extxyz::frame;
use amorphous_packing::formats::tables::{to_csv, to_parquet};
use amorphous_packing::report::NetworkRows;
use amorphous_packing::report::export::{
    PARTICLE_PROPERTIES, bipyramid_table, network_table, particles,
};
use amorphous_packing::report::network::largest_table;
use anyhow::Result;
use clap::Parser;

const EXAMPLES: &str = "\
Examples:
  networks --samples ta_film            the five largest networks of the film
  networks --samples ta_film --export   all of them as files: ta_film_networks.extxyz opens in
                                        OVITO, atoms coloured by network; ta_film_bipyramids.parquet
                                        and ta_film_networks.parquet have a row for each";

/// Lists or exports the pentagonal bipyramid networks
#[derive(Parser)]
#[command(name = "networks", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    common: Options,

    /// Write the networks of each sample as extended XYZ and Parquet
    #[arg(long)]
    export: bool,

    /// Tetrahedra per bipyramid: 4, 5 or 6
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(4..=6))]
    fold: u8,
}

impl AsRef<Options> for Arguments {
    fn as_ref(&self) -> &Options {
        &self.common
    }
}

/// Runs the command.
pub fn main() -> ExitCode {
    crate::run("Lists or exports the pentagonal bipyramid networks", run)
}

fn run(arguments: &Arguments) -> Result<()> {
    let options = &arguments.common;
    if arguments.export {
        files::writable(&options.out)?;
    }
    let mut stages = Stages::new(options.quiet);
    let loaded = load(options, &EXPERIMENT, &mut stages)?;
    let fold = usize::from(arguments.fold);
    let networks = loaded.networks(&[fold], Region::Amorphous, &mut stages);
    for entry in networks.entries() {
        if arguments.export {
            export(&entry, options)?;
        }
    }
    if !arguments.export {
        let largest = largest_table(&networks.entries(), 5)?;
        print!("{}", String::from_utf8_lossy(&to_csv(&largest)?));
    }
    Ok(())
}

fn export(entry: &NetworkRows<'_>, options: &Options) -> Result<()> {
    let sample = entry.sample;
    let boundary = entry.of.analysis.atoms.boundary();
    let xyz = frame(
        &particles(entry, rank_colour),
        boundary,
        &PARTICLE_PROPERTIES,
    );
    let written = [
        (format!("{sample}_networks.extxyz"), xyz.into_bytes()),
        (
            format!("{sample}_bipyramids.parquet"),
            to_parquet(&bipyramid_table(entry)?)?,
        ),
        (
            format!("{sample}_networks.parquet"),
            to_parquet(&network_table(entry)?)?,
        ),
    ];
    for (name, bytes) in &written {
        let path = files::write(&options.out, name, bytes)?;
        if !options.quiet {
            println!("{}", path.display());
        }
    }
    Ok(())
}
