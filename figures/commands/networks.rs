//! `networks`: the pentagonal bipyramid networks of a sample, listed or exported as data.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::commands::refinement::read_atoms;
use crate::commands::trace::area;
use crate::harness::files;
use crate::harness::load::load;
use crate::harness::out;
use crate::page::style::rank_colour;
use crate::{Options, Stages};
use amorphous_packing::aet::{Area, film_centre};
use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element};
use amorphous_packing::data::tomography::TiltSeries;
use amorphous_packing::data::{EXPERIMENT, Sample, read_published};
use amorphous_packing::formats::extxyz::frame;
use amorphous_packing::formats::tables::{to_csv, to_parquet};
use amorphous_packing::progress::Silent;
use amorphous_packing::report::export::{
    PARTICLE_PROPERTIES, bipyramid_table, network_table, particles,
};
use amorphous_packing::report::network::largest_table;
use amorphous_packing::report::{NetworkRows, Networks, Rows};
use anyhow::{Context, Result};
use clap::Parser;

const EXAMPLES: &str = "\
Examples:
  networks --samples ta_film            the five largest networks of the film
  networks --samples ta_film --export   all of them as files: ta_film_networks.extxyz opens in
                                        OVITO, atoms coloured by network; ta_film_bipyramids.parquet
                                        and ta_film_networks.parquet have a row for each
  networks --atoms out/atoms.extxyz     of your own atoms, as `trace` and `refine` write them
  networks --area 20                    of the published atoms in the box of an area of the film";

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

    /// Your own atoms instead of samples: an extended XYZ file; of one with a property `flag` those of
    /// flag 0
    #[arg(long, value_name = "FILE", conflicts_with = "samples")]
    atoms: Option<PathBuf>,

    /// The element of your own atoms
    #[arg(long, value_name = "SYMBOL", default_value = "Ta")]
    element: Element,

    /// The first-neighbour shell distance of your own atoms in ångström [default: that of the published
    /// sample of the element, else the first valley of their own g(r)]
    #[arg(long, value_name = "ANGSTROM", requires = "atoms")]
    shell: Option<f64>,

    /// Only the published atoms of the film in the box of this area, 1 to 65
    #[arg(long, value_name = "N", value_parser = area, conflicts_with_all = ["samples", "atoms"])]
    area: Option<Area>,
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
        files::writable(&options.running.out)?;
    }
    let mut stages = Stages::new(options.running.quiet);
    let fold = usize::from(arguments.fold);
    if let Some((id, atoms, shell)) = chosen_atoms(arguments)? {
        let analysis = stages
            .follow(&id, |progress| Analysis::new(atoms, shell, progress))
            .with_context(|| id.clone())?;
        let found = analysis.networks(fold, Region::Amorphous);
        let of = Networks {
            analysis: &analysis,
            found: &found,
        };
        list_or_export(&[Rows::new(&id, of)], arguments)?;
        return out::line(format_args!(
            "{} atoms, {} bipyramids",
            analysis.atoms.len(),
            found.motifs.len()
        ));
    }
    let loaded = load(options, &EXPERIMENT, &mut stages)?;
    let networks = loaded.networks(&[fold], Region::Amorphous, &mut stages);
    list_or_export(&networks.entries(), arguments)
}

fn list_or_export(entries: &[NetworkRows<'_>], arguments: &Arguments) -> Result<()> {
    if arguments.export {
        return entries
            .iter()
            .try_for_each(|entry| export(entry, &arguments.common));
    }
    let largest = largest_table(entries, 5)?;
    out::text(&String::from_utf8_lossy(&to_csv(&largest)?))
}

/// The atoms of a file or of an area, what they are called, and their shell distance in ångström; `None`
/// where samples are meant.
fn chosen_atoms(arguments: &Arguments) -> Result<Option<(String, Atoms, Option<f64>)>> {
    let (id, positions, element) = match (&arguments.atoms, arguments.area) {
        (None, None) => return Ok(None),
        (Some(path), _) => {
            let (positions, _) = read_atoms(path)?;
            let stem = path.file_stem().unwrap_or(path.as_os_str());
            (
                stem.to_string_lossy().into_owned(),
                positions,
                arguments.element,
            )
        }
        (None, Some(area)) => {
            let store = arguments.common.running.source.store()?;
            let (film, _) = read_published(&store, Sample::TaFilm, &Silent)?;
            let series = TiltSeries::TaArea(area);
            let pixel = series.pixel_angstrom().unwrap_or(1.0);
            let positions = film.positions().iter().copied();
            let inside = positions.filter(|&atom| area.holds(atom / pixel + film_centre()));
            (series.id(), inside.collect(), Element::Ta)
        }
    };
    let mut published = EXPERIMENT
        .into_iter()
        .filter(|sample| sample.element() == element);
    let known = published.find_map(Sample::first_valley_angstrom);
    let shell = arguments.shell.or(known);
    let atoms = Atoms::new(element, positions, Boundary::Open).with_context(|| id.clone())?;
    Ok(Some((id, atoms, shell)))
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
        let path = files::write(&options.running.out, name, bytes)?;
        options.running.list(&[path])?;
    }
    Ok(())
}
