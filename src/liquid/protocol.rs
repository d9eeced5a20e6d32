//! The simulation protocol as a LAMMPS input script (Methods, "MD simulations").
//!
//! The paper states 31,250 tantalum atoms, periodic boundaries, constant zero pressure and
//! 5,200 K for the melt. Time step, damping times, duration and seed are not printed; those here
//! are ours and are recorded with every snapshot.
//!
//! A script is a sequence of blocks: the crystal, the potential, the melt, the frame. A quench
//! ramp is one more block between the last two.

use serde::{Deserialize, Serialize};

use super::lattice::Lattice;
use super::ravelo::LATTICE_CONSTANT_ANGSTROM;
use crate::atoms::Element;

/// The parameters of the simulation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// Edge of the starting crystal in bcc cells; 25 gives the 31,250 atoms of the paper.
    pub cells_per_edge: u32,
    /// Lattice constant of the starting crystal in ångström.
    pub lattice_constant_angstrom: f64,
    /// Temperature of the liquid in kelvin.
    pub melt_temperature_k: f64,
    /// Time steps spent at that temperature, melting included.
    pub melt_steps: u64,
    /// Time step in picoseconds. 2.5 fs conserves the energy at 5,300 K.
    pub timestep_ps: f64,
    /// Damping time of the thermostat in picoseconds.
    pub thermostat_damping_ps: f64,
    /// Damping time of the barostat in picoseconds.
    pub barostat_damping_ps: f64,
    /// Seed of the initial velocities, the only random thing; at least 1.
    pub seed: u32,
}

impl Default for Protocol {
    fn default() -> Protocol {
        Protocol {
            cells_per_edge: 25,
            lattice_constant_angstrom: LATTICE_CONSTANT_ANGSTROM,
            melt_temperature_k: 5_200.0,
            melt_steps: 12_000,
            timestep_ps: 0.0025,
            thermostat_damping_ps: 0.25,
            barostat_damping_ps: 2.5,
            seed: 20_211_018,
        }
    }
}

/// Why a protocol cannot be run.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ProtocolError {
    /// The box is too small for the potential, or too large to number its atoms.
    #[error(
        "{cells} bcc cells per edge cannot be simulated; give {FEWEST_CELLS} to {MOST_CELLS} \
         (the paper's 31,250 atoms are 25)"
    )]
    Cells {
        /// Cells as given.
        cells: u32,
    },
    /// No time passes.
    #[error("0 steps simulate nothing; give at least 1 (the default is 12,000, 30 ps)")]
    NoSteps,
    /// A quantity that must be positive and finite is not.
    #[error("the {quantity} is {value} {unit}; it must be positive and finite")]
    NotPositive {
        /// Which quantity.
        quantity: &'static str,
        /// Its value as given.
        value: f64,
        /// Its unit.
        unit: &'static str,
    },
    /// LAMMPS takes seeds from 1 to 2³¹ − 1 only.
    #[error("the seed {seed} is not usable; give 1 to {}", i32::MAX)]
    Seed {
        /// Seed as given.
        seed: u32,
    },
}

/// With fewer cells an atom would meet its own image within the cutoff of the pair potential.
pub const FEWEST_CELLS: u32 = 4;

/// With more cells the atoms outgrow the identifiers of LAMMPS.
pub const MOST_CELLS: u32 = 1_000;

impl Protocol {
    /// The element that is simulated.
    pub fn element(&self) -> Element {
        Element::Ta
    }

    /// The number of atoms.
    ///
    /// ```
    /// use amorphous_packing::liquid::protocol::Protocol;
    /// assert_eq!(Protocol::default().atoms(), 31_250);
    /// ```
    pub fn atoms(&self) -> u64 {
        u64::from(self.cells_per_edge).pow(3) * u64::from(Lattice::Bcc.atoms_per_cell())
    }

    /// Refuses what cannot be simulated.
    ///
    /// # Errors
    /// [`ProtocolError`] names the first parameter that makes no sense.
    pub fn check(&self) -> Result<(), ProtocolError> {
        if !(FEWEST_CELLS..=MOST_CELLS).contains(&self.cells_per_edge) {
            return Err(ProtocolError::Cells {
                cells: self.cells_per_edge,
            });
        }
        if self.melt_steps == 0 {
            return Err(ProtocolError::NoSteps);
        }
        if self.seed == 0 || i32::try_from(self.seed).is_err() {
            return Err(ProtocolError::Seed { seed: self.seed });
        }
        for (quantity, value, unit) in [
            ("lattice constant", self.lattice_constant_angstrom, "Å"),
            ("temperature", self.melt_temperature_k, "K"),
            ("time step", self.timestep_ps, "ps"),
            (
                "damping time of the thermostat",
                self.thermostat_damping_ps,
                "ps",
            ),
            (
                "damping time of the barostat",
                self.barostat_damping_ps,
                "ps",
            ),
        ] {
            if !(value.is_finite() && value > 0.0) {
                return Err(ProtocolError::NotPositive {
                    quantity,
                    value,
                    unit,
                });
            }
        }
        Ok(())
    }
}

/// The files that a script names, relative to the directory in which LAMMPS runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptFiles<'a> {
    /// The eam/alloy table that is read.
    pub potential: &'a str,
    /// The dump that receives the last frame.
    pub frame: &'a str,
}

impl Default for ScriptFiles<'_> {
    fn default() -> Self {
        ScriptFiles {
            potential: "potential.eam.alloy",
            frame: "melt.dump",
        }
    }
}

/// The columns of the thermodynamic output, in the order of the script.
pub const THERMO_COLUMNS: [&str; 5] = ["Step", "Temp", "Press", "Volume", "PotEng"];

/// Steps between two lines of thermodynamic output.
pub const THERMO_STEPS: u64 = 100;

/// The LAMMPS input that melts the crystal and writes the last frame.
///
/// The energy of the perfect crystal is printed first (`run 0`), so that a wrong potential shows
/// before any time is spent.
pub fn melt_script(protocol: &Protocol, files: ScriptFiles<'_>) -> String {
    [
        crystal(protocol),
        interaction(protocol, files.potential),
        melt(protocol),
        frame(files.frame),
    ]
    .join("\n")
}

/// The starting crystal in a periodic box.
fn crystal(protocol: &Protocol) -> String {
    let Protocol {
        cells_per_edge: n,
        lattice_constant_angstrom: a,
        ..
    } = protocol;
    format!(
        "# {atoms} atoms of {symbol} in a periodic box\n\
         units metal\n\
         atom_style atomic\n\
         boundary p p p\n\
         lattice bcc {a}\n\
         region box block 0 {n} 0 {n} 0 {n}\n\
         create_box 1 box\n\
         create_atoms 1 box\n\
         mass 1 {mass}\n",
        atoms = protocol.atoms(),
        symbol = protocol.element().symbol(),
        mass = protocol.element().mass_g_per_mol(),
    )
}

/// The potential, the neighbour lists, the output, and the energy of the crystal.
fn interaction(protocol: &Protocol, potential: &str) -> String {
    format!(
        "# the potential, and the energy of the perfect crystal\n\
         pair_style eam/alloy\n\
         pair_coeff * * {potential} {symbol}\n\
         neighbor 1.0 bin\n\
         neigh_modify every 1 delay 5 check yes\n\
         timestep {timestep}\n\
         thermo {THERMO_STEPS}\n\
         thermo_style custom step temp press vol pe\n\
         thermo_modify norm yes flush yes format float %.10g\n\
         run 0\n",
        symbol = protocol.element().symbol(),
        timestep = protocol.timestep_ps,
    )
}

/// The melt at constant temperature and zero pressure.
///
/// The velocities begin at twice the temperature: half of the kinetic energy turns into potential
/// energy within the first vibrations.
fn melt(protocol: &Protocol) -> String {
    format!(
        "# melt at {t} K and zero pressure\n\
         velocity all create {hot} {seed} mom yes rot yes dist gaussian\n\
         fix ensemble all npt temp {t} {t} {thermostat} iso 0 0 {barostat}\n\
         run {steps}\n\
         unfix ensemble\n",
        t = protocol.melt_temperature_k,
        hot = 2.0 * protocol.melt_temperature_k,
        seed = protocol.seed,
        thermostat = protocol.thermostat_damping_ps,
        barostat = protocol.barostat_damping_ps,
        steps = protocol.melt_steps,
    )
}

/// The present frame, atoms sorted, with more digits than a snapshot keeps.
fn frame(dump: &str) -> String {
    format!(
        "# the last frame\n\
         write_dump all custom {dump} id x y z modify sort id format float %.9f\n"
    )
}
