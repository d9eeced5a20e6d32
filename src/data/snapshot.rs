//! Snapshots of the simulation: positions and their whole provenance in one Parquet file.
//!
//! Three columns `x`, `y`, `z` (f32, ångström), one row per atom, in the order of the atom
//! identifiers of LAMMPS; the provenance is JSON under [`METADATA_KEY`] in the key-value metadata
//! of the file. A second entry is a checksum of the whole file, so that damage is always noticed.

use std::error::Error;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use serde::{Deserialize, Serialize};

use crate::atoms::{Atoms, AtomsError, Boundary, Element, Vec3};
use crate::formats::seal::{self, Seal};
use crate::formats::structure::SNAPSHOT_KEY;
use crate::formats::whole::write_whole;
use crate::liquid::protocol::Protocol;

/// The key under which a snapshot file holds its provenance.
pub const METADATA_KEY: &str = SNAPSHOT_KEY;

/// How a snapshot came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotProvenance {
    /// The command of this project that made it.
    pub command: String,
    /// Name and version of this library.
    pub made_by: String,
    /// The version that LAMMPS states.
    pub lammps_version: String,
    /// Who made the interatomic potential.
    pub potential: String,
    /// SHA-256 of the potential's setfl table.
    pub potential_sha256: String,
    /// Size of the system, temperature, durations, time step, damping times and seed.
    pub protocol: Protocol,
    /// The time step at which the frame was taken, counted from the start of the melt.
    pub step: u64,
    /// Energy of the perfect starting crystal in eV per atom, as LAMMPS computed it.
    pub crystal_energy_ev: f64,
    /// Kinetic temperature of the frame itself in kelvin; it fluctuates about the nominal one.
    pub frame_temperature_k: f64,
    /// Pressure of the frame itself in bar; it fluctuates about zero.
    pub frame_pressure_bar: f64,
    /// Potential energy of the frame in eV per atom.
    pub frame_energy_ev: f64,
    /// SHA-256 of the LAMMPS input script that follows from the protocol
    /// ([`crate::liquid::script::script`]).
    pub script_sha256: String,
}

/// One frame of the simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    element: Element,
    atoms: Atoms,
    box_angstrom: Vec3,
    temperature_k: f64,
    provenance: SnapshotProvenance,
}

/// What the metadata of the file holds.
#[derive(Debug, Serialize, Deserialize)]
struct Metadata {
    element: Element,
    atoms: usize,
    temperature_k: f64,
    box_angstrom: [f64; 3],
    provenance: SnapshotProvenance,
}

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The bytes are no Parquet file, or a damaged one.
    #[error("this is not a whole Parquet file; get or make the snapshot again")]
    Damaged(#[source] Damage),
    /// A Parquet file, but not a snapshot of ours.
    #[error("this Parquet file is not a snapshot")]
    NotASnapshot(#[source] Lack),
    /// The atoms are in no periodic box.
    #[error("only atoms in a periodic box make a snapshot")]
    Open,
    /// Atoms of several elements.
    #[error("a snapshot holds atoms of one element; these are of several")]
    Alloy,
    /// The positions make no sample.
    #[error(transparent)]
    Atoms(#[from] AtomsError),
    /// The file cannot be composed, or not be written.
    #[error("the snapshot cannot be written")]
    Write(#[source] Box<dyn Error + Send + Sync>),
    /// The file cannot be opened or read.
    #[error("the snapshot cannot be read")]
    Read(#[source] std::io::Error),
    /// The same, with the file in which it was found.
    #[error("{}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        problem: Box<SnapshotError>,
    },
}

/// How a file shows that it is no whole Parquet file.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// The first bytes are wrong.
    #[error("it does not begin like one")]
    Beginning,
    /// The last bytes are wrong, or there are too few.
    #[error("its end is missing")]
    End,
    /// It was changed after it was made.
    #[error("its checksum does not fit")]
    Checksum,
    /// The decoder refuses it.
    #[error("it cannot be decoded")]
    Undecoded(#[source] PolarsError),
}

/// What a Parquet file lacks for a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum Lack {
    /// It is without our metadata.
    #[error("it has no '{key}' metadata")]
    Metadata {
        /// The key of the entry.
        key: &'static str,
    },
    /// Its metadata are not those of a snapshot.
    #[error("its metadata cannot be used")]
    Provenance(#[source] serde_json::Error),
    /// A coordinate is not there, or not in single precision.
    #[error("its column '{name}' cannot be used")]
    Column {
        /// The name of the column.
        name: &'static str,
        /// What the table says.
        #[source]
        cause: PolarsError,
    },
    /// A coordinate is not there for every atom.
    #[error("column '{name}' has empty places")]
    Gaps {
        /// The name of the column.
        name: &'static str,
    },
    /// Columns and metadata do not belong together.
    #[error("it holds {found} atoms where its metadata states {stated}")]
    AtomCount {
        /// Rows of the columns.
        found: usize,
        /// Atoms by the metadata.
        stated: usize,
    },
}

impl Snapshot {
    /// A snapshot of periodic atoms; positions are rounded to the f32 that the file holds.
    ///
    /// # Errors
    /// [`SnapshotError::Open`] for atoms in no box, [`SnapshotError::Atoms`] if rounding makes two
    /// atoms coincide.
    pub fn new(
        atoms: &Atoms,
        temperature_k: f64,
        provenance: SnapshotProvenance,
    ) -> Result<Snapshot, SnapshotError> {
        let box_angstrom = atoms.boundary().edges().ok_or(SnapshotError::Open)?;
        let element = atoms.only_element().ok_or(SnapshotError::Alloy)?;
        let positions: Vec<Vec3> = atoms
            .positions()
            .iter()
            .map(|&p| round_into_box(p, box_angstrom))
            .collect();
        Ok(Snapshot {
            element,
            atoms: Atoms::new(element, positions, atoms.boundary())?,
            box_angstrom,
            temperature_k,
            provenance,
        })
    }

    /// The atoms, in a periodic box whose corner is the origin.
    pub fn atoms(&self) -> &Atoms {
        &self.atoms
    }

    /// The edges of the box in ångström.
    pub fn box_angstrom(&self) -> Vec3 {
        self.box_angstrom
    }

    /// The positions of the atoms within a radius of the middle of the box, from there, in ångström: a ball cut
    /// out of the frame, which must not be larger than the box.
    pub fn ball(&self, radius_angstrom: f64) -> Vec<Vec3> {
        let middle = self.box_angstrom / 2.0;
        let positions = self.atoms.positions().iter();
        let positions = positions.map(|&position| position - middle);
        positions
            .filter(|position| position.length() <= radius_angstrom)
            .collect()
    }

    /// The nominal temperature in kelvin.
    pub fn temperature_k(&self) -> f64 {
        self.temperature_k
    }

    /// How it came about.
    pub fn provenance(&self) -> &SnapshotProvenance {
        &self.provenance
    }

    /// Atoms per cubic ångström.
    pub fn number_density(&self) -> f64 {
        self.atoms.len() as f64 / self.box_angstrom.element_product()
    }

    /// The snapshot as a Parquet file; the same snapshot gives the same bytes.
    ///
    /// # Errors
    /// [`SnapshotError::Write`] if the file cannot be composed.
    pub fn to_parquet(&self) -> Result<Vec<u8>, SnapshotError> {
        let metadata = serde_json::to_string(&Metadata {
            element: self.element,
            atoms: self.atoms.len(),
            temperature_k: self.temperature_k,
            box_angstrom: self.box_angstrom.to_array(),
            provenance: self.provenance.clone(),
        })
        .map_err(not_written)?;
        let column = |name: &str, axis: usize| {
            let values: Vec<f32> = self
                .atoms
                .positions()
                .iter()
                .map(|p| p[axis] as f32)
                .collect();
            Column::new(name.into(), values)
        };
        let write = || -> PolarsResult<Vec<u8>> {
            let columns = vec![column("x", 0), column("y", 1), column("z", 2)];
            let mut table = DataFrame::new(self.atoms.len(), columns)?;
            let mut bytes = Vec::new();
            ParquetWriter::new(&mut bytes)
                .with_compression(ParquetCompression::Zstd(None))
                .with_statistics(StatisticsOptions::empty())
                .set_parallel(false)
                .with_key_value_metadata(Some(KeyValueMetadata::from_static(vec![
                    (METADATA_KEY.to_owned(), metadata),
                    (seal::KEY.to_owned(), seal::blank()),
                ])))
                .finish(&mut table)?;
            Ok(bytes)
        };
        let mut bytes = write().map_err(not_written)?;
        if seal::close(&mut bytes) {
            Ok(bytes)
        } else {
            Err(not_written("its metadata are missing"))
        }
    }

    /// The snapshot that a Parquet file holds.
    ///
    /// # Errors
    /// [`SnapshotError::Damaged`] for anything but a whole Parquet file,
    /// [`SnapshotError::NotASnapshot`] if it has no checksum of ours, or columns or provenance are
    /// not those of a snapshot.
    pub fn from_parquet(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
        check_whole(bytes)?;
        let damaged = |error| SnapshotError::Damaged(Damage::Undecoded(error));
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let file = reader.get_metadata().map_err(damaged)?.clone();
        let json = file
            .key_value_metadata()
            .iter()
            .flatten()
            .find(|entry| entry.key == METADATA_KEY)
            .and_then(|entry| entry.value.as_deref())
            .ok_or(SnapshotError::NotASnapshot(Lack::Metadata {
                key: METADATA_KEY,
            }))?;
        let metadata: Metadata = serde_json::from_str(json)
            .map_err(|error| SnapshotError::NotASnapshot(Lack::Provenance(error)))?;
        let table = reader.finish().map_err(damaged)?;
        let [x, y, z] = ["x", "y", "z"].map(|name| coordinates(&table, name));
        let positions: Vec<Vec3> = x?
            .into_iter()
            .zip(y?)
            .zip(z?)
            .map(|((x, y), z)| Vec3::new(x, y, z))
            .collect();
        if positions.len() != metadata.atoms {
            return Err(SnapshotError::NotASnapshot(Lack::AtomCount {
                found: positions.len(),
                stated: metadata.atoms,
            }));
        }
        let boundary = Boundary::periodic(Vec3::from(metadata.box_angstrom));
        let atoms = Atoms::new(metadata.element, positions, boundary)?;
        Snapshot::new(&atoms, metadata.temperature_k, metadata.provenance)
    }
}

/// Reads a snapshot from a file.
///
/// # Errors
/// [`SnapshotError::InFile`].
pub fn read_snapshot(path: &Path) -> Result<Snapshot, SnapshotError> {
    std::fs::read(path)
        .map_err(SnapshotError::Read)
        .and_then(|bytes| Snapshot::from_parquet(&bytes))
        .map_err(|problem| in_file(path, problem))
}

/// Writes a snapshot to a file, which appears whole or not at all.
///
/// # Errors
/// [`SnapshotError::InFile`].
pub fn write_snapshot(path: &Path, snapshot: &Snapshot) -> Result<(), SnapshotError> {
    let write = || -> Result<(), SnapshotError> {
        let bytes = snapshot.to_parquet()?;
        write_whole(path, &bytes).map_err(not_written)
    };
    write().map_err(|problem| in_file(path, problem))
}

/// Refuses what is cut short, changed, or not ours, before it is decoded.
fn check_whole(bytes: &[u8]) -> Result<(), SnapshotError> {
    const MAGIC: &[u8] = b"PAR1";
    if !bytes.starts_with(MAGIC) {
        return Err(SnapshotError::Damaged(Damage::Beginning));
    }
    if !bytes.ends_with(MAGIC) || bytes.len() < 3 * MAGIC.len() {
        return Err(SnapshotError::Damaged(Damage::End));
    }
    match seal::check(bytes) {
        Seal::Whole => Ok(()),
        Seal::Broken => Err(SnapshotError::Damaged(Damage::Checksum)),
        Seal::None => Err(SnapshotError::NotASnapshot(Lack::Metadata {
            key: seal::KEY,
        })),
    }
}

/// The nearest f32 of each coordinate; what thereby reaches the edge of the box goes to 0.
fn round_into_box(position: Vec3, edges: Vec3) -> Vec3 {
    let rounded = position.as_vec3().as_dvec3();
    Vec3::select(rounded.cmplt(edges), rounded, Vec3::ZERO)
}

fn coordinates(table: &DataFrame, name: &'static str) -> Result<Vec<f64>, SnapshotError> {
    let column = table
        .column(name)
        .and_then(Column::f32)
        .map_err(|cause| SnapshotError::NotASnapshot(Lack::Column { name, cause }))?;
    if column.null_count() > 0 {
        return Err(SnapshotError::NotASnapshot(Lack::Gaps { name }));
    }
    Ok(column.into_no_null_iter().map(f64::from).collect())
}

fn not_written(cause: impl Into<Box<dyn Error + Send + Sync>>) -> SnapshotError {
    SnapshotError::Write(cause.into())
}

fn in_file(path: &Path, problem: SnapshotError) -> SnapshotError {
    SnapshotError::InFile {
        path: path.to_owned(),
        problem: Box::new(problem),
    }
}
