//! The protocol as a LAMMPS input script.
//!
//! The script is a sequence of blocks: the crystal (or a restart file), the potential, and the legs
//! of the run. Every leg ends with a restart file, renamed when it is complete, so that a file of
//! that name is always whole; the one before it is kept.

use super::protocol::{Leg, Protocol, SAMPLE_STEPS, Segment, Waypoint};

/// The file that holds the eam/alloy table, in the directory in which LAMMPS runs.
pub const POTENTIAL_FILE: &str = "potential.eam.alloy";

/// The columns of the thermodynamic output, in the order of the script.
pub const THERMO_COLUMNS: [&str; 5] = ["Step", "Temp", "Press", "Volume", "PotEng"];

/// The beginning of the names of restart files.
pub const RESTART: &str = "restart.";

/// The restart file that is complete when the run has reached a step.
pub fn restart_file(step: u64) -> String {
    format!("{RESTART}{step}")
}

/// The dump with the frames about a state: `frames.2500K.dump`, `frames.300K.held.dump`.
pub fn frames_file(waypoint: &Waypoint) -> String {
    let held = if waypoint.equilibrated { ".held" } else { "" };
    format!("frames.{}K{held}.dump", waypoint.temperature_k)
}

/// The LAMMPS input of the run, from the crystal or, after a restart, from the end of a leg.
///
/// A fresh run prints the energy of the perfect crystal first (`run 0`), so that a wrong potential
/// shows before any time is spent.
pub fn script(protocol: &Protocol, restart: Option<u64>) -> String {
    let legs = protocol.legs();
    let remaining: Vec<&Leg> = legs
        .iter()
        .filter(|leg| leg.start >= restart.unwrap_or(0))
        .collect();
    let mut blocks = match restart {
        None => vec![
            crystal(protocol),
            interaction(protocol),
            energy_of_crystal(),
        ],
        Some(step) => vec![again(step), interaction(protocol)],
    };
    for segment in remaining.chunk_by(|a, b| a.segment == b.segment) {
        let from_crystal = restart.is_none() && segment[0].start == 0;
        blocks.push(begin(protocol, segment[0].segment, from_crystal));
        blocks.extend(segment.iter().map(|leg| run(protocol, &legs, leg)));
        blocks.push(end(segment[0].segment));
    }
    blocks.join("\n")
}

/// The starting crystal in a periodic box.
fn crystal(protocol: &Protocol) -> String {
    format!(
        "# {atoms} atoms of {symbol} in a periodic box\n\
         units metal\n\
         atom_style atomic\n\
         boundary p p p\n\
         lattice {lattice} {a}\n\
         region box block 0 {n} 0 {n} 0 {n}\n\
         create_box 1 box\n\
         create_atoms 1 box\n\
         mass 1 {mass}\n",
        atoms = protocol.atoms(),
        symbol = protocol.element.symbol(),
        lattice = protocol.lattice.name(),
        a = protocol.lattice_constant_angstrom,
        n = protocol.cells_per_edge,
        mass = protocol.element.mass_g_per_mol(),
    )
}

/// The state that an earlier run reached.
fn again(step: u64) -> String {
    format!(
        "# from where an earlier run was stopped\n\
         read_restart {}\n",
        restart_file(step)
    )
}

/// The potential, the neighbour lists and the output.
fn interaction(protocol: &Protocol) -> String {
    format!(
        "# the potential\n\
         pair_style eam/alloy\n\
         pair_coeff * * {POTENTIAL_FILE} {symbol}\n\
         neighbor 1.0 bin\n\
         neigh_modify every 1 delay 5 check yes\n\
         timestep {timestep}\n\
         thermo {SAMPLE_STEPS}\n\
         thermo_style custom step temp press vol pe\n\
         thermo_modify norm yes flush yes format float %.10g\n",
        symbol = protocol.element.symbol(),
        timestep = protocol.timestep_ps,
    )
}

fn energy_of_crystal() -> String {
    "# the energy of the perfect crystal\nrun 0\n".to_owned()
}

/// The thermostat and barostat of a segment.
///
/// The velocities of the melt begin at twice the temperature: half of the kinetic energy turns into
/// potential energy within the first vibrations.
fn begin(protocol: &Protocol, segment: Segment, from_crystal: bool) -> String {
    let melt = protocol.melt_temperature_k;
    let last = protocol
        .quench
        .as_ref()
        .map_or(melt, |quench| quench.final_temperature_k);
    let (title, from, to) = match segment {
        Segment::Melt => (format!("melt at {melt} K"), melt, melt),
        Segment::Ramp => (format!("quench from {melt} K to {last} K"), melt, last),
        Segment::Hold => (format!("hold at {last} K"), last, last),
    };
    let velocities = if from_crystal {
        format!(
            "velocity all create {} {} mom yes rot yes dist gaussian\n",
            2.0 * melt,
            protocol.seed
        )
    } else {
        String::new()
    };
    format!(
        "# {title}, at zero pressure\n\
         {velocities}fix {fix} all npt temp {from} {to} {thermostat} iso 0 0 {barostat}\n",
        fix = name(segment),
        thermostat = protocol.thermostat_damping_ps,
        barostat = protocol.barostat_damping_ps,
    )
}

fn end(segment: Segment) -> String {
    format!("unfix {}\n", name(segment))
}

/// Each segment has a thermostat of its own name, lest it inherits another's state at a restart.
fn name(segment: Segment) -> &'static str {
    match segment {
        Segment::Melt => "melt",
        Segment::Ramp => "quench",
        Segment::Hold => "hold",
    }
}

/// One leg: the temperature follows the whole segment, whatever its parts.
fn run(protocol: &Protocol, legs: &[Leg], leg: &Leg) -> String {
    let (start, stop) = protocol
        .segments()
        .iter()
        .find(|(segment, ..)| *segment == leg.segment)
        .map_or((leg.start, leg.end), |&(_, start, stop)| (start, stop));
    let run = format!("run {} upto start {start} stop {stop}\n", leg.end);
    let run = match &leg.waypoint {
        None => run,
        Some(waypoint) => format!(
            "dump frames all custom {SAMPLE_STEPS} {file} id x y z\n\
             dump_modify frames sort id format float %.9f\n\
             {run}\
             undump frames\n",
            file = frames_file(waypoint)
        ),
    };
    // Of the restart files the last two remain.
    let spent = legs
        .iter()
        .position(|other| other.start == leg.start)
        .and_then(|index| index.checked_sub(2))
        .map(|index| format!("shell rm {}\n", restart_file(legs[index].end)))
        .unwrap_or_default();
    format!(
        "{run}\
         write_restart restart.part\n\
         shell mv restart.part {file}\n\
         {spent}",
        file = restart_file(leg.end)
    )
}
