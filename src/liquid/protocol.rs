//! The simulation protocol (Methods, "MD simulations"): melt, quench, hold, and the frames on the
//! way.
//!
//! The paper states 31,250 tantalum atoms, periodic boundaries, constant zero pressure, a melt at
//! 5,200 K, a quench at 10¹³ K/s and an equilibration at 300 K. Time step, damping times,
//! durations and seed are not printed; those here are ours and are recorded with every snapshot.
//!
//! A run is a sequence of [`Leg`]s, short enough that a killed run loses minutes only. About every
//! temperature of interest one leg writes frames, so that its pair distribution can be averaged;
//! the frame in the middle becomes the snapshot. The script is written in [`super::script`].

use serde::{Deserialize, Serialize};

use super::lattice::Lattice;
use super::ravelo::LATTICE_CONSTANT_ANGSTROM;
use crate::atoms::Element;

/// Steps between two lines of thermodynamic output, and between two frames where frames are
/// written.
pub const SAMPLE_STEPS: u64 = 100;

/// The parameters of the simulation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// What is simulated.
    pub element: Element,
    /// The starting crystal.
    pub lattice: Lattice,
    /// Edge of the starting crystal in cubic cells; 25 of bcc give the 31,250 atoms of the paper.
    pub cells_per_edge: u32,
    /// Lattice constant of the starting crystal in ångström.
    pub lattice_constant_angstrom: f64,
    /// Temperature of the liquid in kelvin.
    pub melt_temperature_k: f64,
    /// Time steps spent at that temperature, melting included.
    pub melt_steps: u64,
    /// What follows the melt, if anything.
    pub quench: Option<Quench>,
    /// Time step in picoseconds. 2.5 fs conserves the energy of tantalum at 5,300 K.
    pub timestep_ps: f64,
    /// Damping time of the thermostat in picoseconds.
    pub thermostat_damping_ps: f64,
    /// Damping time of the barostat in picoseconds.
    pub barostat_damping_ps: f64,
    /// Seed of the initial velocities, the only random thing; at least 1.
    pub seed: u32,
}

/// The way from the liquid to the glass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quench {
    /// Cooling rate in kelvin per second.
    pub rate_k_per_s: f64,
    /// Temperature at which the quench ends, in kelvin.
    pub final_temperature_k: f64,
    /// Time steps spent at the final temperature; the second half is sampled.
    pub hold_steps: u64,
    /// The temperatures in kelvin, descending, at which frames are taken on the way; the first and
    /// the last temperature of the quench are not among them.
    pub temperatures_k: Vec<f64>,
    /// Frames are taken while the temperature is within this of each of those, in kelvin.
    pub half_window_k: f64,
}

impl Default for Protocol {
    fn default() -> Protocol {
        Protocol::tantalum(LATTICE_CONSTANT_ANGSTROM)
    }
}

impl Protocol {
    /// The paper's quench of bcc tantalum, for a potential of this lattice constant (ångström).
    pub fn tantalum(lattice_constant_angstrom: f64) -> Protocol {
        Protocol {
            element: Element::Ta,
            lattice: Lattice::Bcc,
            cells_per_edge: 25,
            lattice_constant_angstrom,
            melt_temperature_k: 5_200.0,
            melt_steps: 12_000,
            quench: Some(Quench {
                rate_k_per_s: 1e13,
                final_temperature_k: 300.0,
                hold_steps: 16_000,
                temperatures_k: [4_500, 4_000, 3_500, 3_000, 2_500, 2_000, 1_500, 1_000, 500]
                    .map(f64::from)
                    .to_vec(),
                half_window_k: 25.0,
            }),
            timestep_ps: 0.0025,
            thermostat_damping_ps: 0.25,
            barostat_damping_ps: 2.5,
            seed: 20_211_018,
        }
    }

    /// The quench of fcc palladium, for a potential of this lattice constant (ångström).
    ///
    /// The paper prints no temperatures for palladium. These are tantalum's times the ratio of the
    /// melting points (1,828 K / 3,290 K), rounded to 100 K: the same distance from freezing. The
    /// box is smaller, and the time step shorter, the atoms being lighter.
    pub fn palladium(lattice_constant_angstrom: f64) -> Protocol {
        let tantalum = Protocol::tantalum(lattice_constant_angstrom);
        Protocol {
            element: Element::Pd,
            lattice: Lattice::Fcc,
            cells_per_edge: 11,
            melt_temperature_k: 2_900.0,
            timestep_ps: 0.002,
            quench: tantalum.quench.map(|quench| Quench {
                temperatures_k: [2_500, 2_200, 1_900, 1_700, 1_400, 1_100, 800, 600]
                    .map(f64::from)
                    .to_vec(),
                ..quench
            }),
            ..tantalum
        }
    }

    /// The number of atoms.
    ///
    /// ```
    /// use amorphous_packing::liquid::protocol::Protocol;
    /// assert_eq!(Protocol::default().atoms(), 31_250);
    /// ```
    pub fn atoms(&self) -> u64 {
        u64::from(self.cells_per_edge).pow(3) * u64::from(self.lattice.atoms_per_cell())
    }

    /// The number of time steps from the crystal to the end.
    ///
    /// ```
    /// use amorphous_packing::liquid::protocol::Protocol;
    /// assert_eq!(Protocol::default().steps(), 12_000 + 196_000 + 16_000);
    /// ```
    pub fn steps(&self) -> u64 {
        // A protocol that is still to be checked may ask for more than there are numbers.
        let quench = self.quench.as_ref().map_or(0, |quench| {
            self.ramp_steps(quench).saturating_add(quench.hold_steps)
        });
        self.melt_steps.saturating_add(quench)
    }

    /// The temperature that the thermostat has at a step, in kelvin.
    pub fn nominal_temperature_k(&self, step: u64) -> f64 {
        let Some(quench) = &self.quench else {
            return self.melt_temperature_k;
        };
        let passed = step.saturating_sub(self.melt_steps) as f64;
        let share = (passed / self.ramp_steps(quench) as f64).min(1.0);
        self.melt_temperature_k + share * (quench.final_temperature_k - self.melt_temperature_k)
    }

    /// The steps of the ramp, a multiple of [`SAMPLE_STEPS`].
    pub(super) fn ramp_steps(&self, quench: &Quench) -> u64 {
        let drop = self.melt_temperature_k - quench.final_temperature_k;
        to_samples(drop / self.cooling_per_step(quench)).max(SAMPLE_STEPS)
    }

    /// Kelvin per time step.
    fn cooling_per_step(&self, quench: &Quench) -> f64 {
        const SECONDS_PER_PS: f64 = 1e-12;
        quench.rate_k_per_s * SECONDS_PER_PS * self.timestep_ps
    }

    /// Refuses what cannot be simulated.
    ///
    /// # Errors
    /// [`ProtocolError`] names the first parameter that makes no sense.
    pub fn check(&self) -> Result<(), ProtocolError> {
        if !(FEWEST_CELLS..=MOST_CELLS).contains(&self.cells_per_edge) {
            return Err(ProtocolError::Cells {
                cells: self.cells_per_edge,
                lattice: self.lattice.name(),
            });
        }
        let hold = self.quench.iter().map(|quench| ("hold", quench.hold_steps));
        for (segment, steps) in [("melt", self.melt_steps)].into_iter().chain(hold) {
            if steps == 0 || steps % SAMPLE_STEPS != 0 {
                return Err(ProtocolError::Steps { segment, steps });
            }
        }
        if self.seed == 0 || i32::try_from(self.seed).is_err() {
            return Err(ProtocolError::Seed { seed: self.seed });
        }
        let quench = self.quench.as_ref();
        let of_quench = |value: fn(&Quench) -> f64| quench.map_or(1.0, value);
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
            ("cooling rate", of_quench(|q| q.rate_k_per_s), "K/s"),
            (
                "final temperature",
                of_quench(|q| q.final_temperature_k),
                "K",
            ),
            (
                "half width of the sampled window",
                of_quench(|q| q.half_window_k),
                "K",
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
        if let Some(quench) = quench {
            self.check_temperatures(quench)?;
        }
        let steps = self.steps();
        if steps > MOST_STEPS {
            return Err(ProtocolError::TooLong { steps });
        }
        Ok(())
    }

    fn check_temperatures(&self, quench: &Quench) -> Result<(), ProtocolError> {
        let mut above = self.melt_temperature_k;
        let apart = self.least_apart_k(quench);
        let last = std::iter::once(&quench.final_temperature_k);
        for &temperature in quench.temperatures_k.iter().chain(last) {
            // Written so that NaN is refused too.
            let is_apart = above - temperature >= apart;
            if !is_apart {
                return Err(ProtocolError::Temperatures {
                    above,
                    temperature,
                    apart,
                });
            }
            above = temperature;
        }
        Ok(())
    }

    /// Half the steps during which a temperature is sampled, at least one sample to each side.
    fn half_window_steps(&self, quench: &Quench) -> u64 {
        to_samples(quench.half_window_k / self.cooling_per_step(quench)).max(SAMPLE_STEPS)
    }

    /// How far apart two sampled temperatures must be in kelvin: their windows do not overlap, the
    /// rounding to whole samples included.
    pub fn least_apart_k(&self, quench: &Quench) -> f64 {
        let window = self.half_window_steps(quench).saturating_mul(2);
        let steps = window.saturating_add(SAMPLE_STEPS);
        steps as f64 * self.cooling_per_step(quench)
    }
}

/// Why a protocol cannot be run.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ProtocolError {
    /// The box is too small for the potential, or too large to number its atoms.
    #[error(
        "{cells} {lattice} cells per edge cannot be simulated; give {FEWEST_CELLS} to {MOST_CELLS} \
         (the paper's 31,250 atoms are 25 bcc cells)"
    )]
    Cells {
        /// Cells as given.
        cells: u32,
        /// The lattice they are of.
        lattice: &'static str,
    },
    /// No time passes, or frames and segments would not meet.
    #[error(
        "the {segment} cannot last {steps} steps; give a multiple of {SAMPLE_STEPS}, at which \
         temperature, pressure and energy are recorded"
    )]
    Steps {
        /// Which segment.
        segment: &'static str,
        /// Steps as given.
        steps: u64,
    },
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
    /// The temperatures do not descend, or their windows overlap.
    #[error(
        "the quench cannot be sampled at {temperature} K after {above} K; its temperatures must \
         descend from the melt to the final one, at least {apart} K apart"
    )]
    Temperatures {
        /// The temperature before, in kelvin.
        above: f64,
        /// The one that does not follow.
        temperature: f64,
        /// The least distance of two.
        apart: f64,
    },
    /// It would never end, and the list of its legs would fill the memory.
    #[error(
        "the simulation would have {steps} time steps, and at most {MOST_STEPS} are made; cool \
         faster, take longer time steps, or shorten melt and hold"
    )]
    TooLong {
        /// Steps from the crystal to the end.
        steps: u64,
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

/// Time steps of a simulation at most: some five thousand times the paper's quench, 2.5 µs. Its
/// input for LAMMPS, a few lines for every [`Leg`], stays below 100 MB.
pub const MOST_STEPS: u64 = 1_000_000_000;

/// What the thermostat does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Holds the temperature of the liquid.
    Melt,
    /// Lowers the temperature.
    Ramp,
    /// Holds the final temperature.
    Hold,
}

/// A state of which a snapshot and an averaged pair distribution are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waypoint {
    /// Its temperature in kelvin.
    pub temperature_k: f64,
    /// The step of the snapshot.
    pub step: u64,
    /// Whether the temperature was held (melt and hold) or passed (ramp).
    pub equilibrated: bool,
}

/// A part of the run that ends with a restart file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// What the thermostat does.
    pub segment: Segment,
    /// The step at which it begins.
    pub start: u64,
    /// The step at which it ends.
    pub end: u64,
    /// The state that is sampled all along, every [`SAMPLE_STEPS`] steps.
    pub waypoint: Option<Waypoint>,
}

/// Steps after which a restart file is written at the latest.
const LONGEST_LEG: u64 = 4_000;

impl Protocol {
    // ANCHOR: legs
    /// The whole run, leg by leg.
    pub fn legs(&self) -> Vec<Leg> {
        let mut legs = Vec::new();
        let sampled = self.sampled_legs();
        for (segment, from, to) in self.segments() {
            let mut step = from;
            for leg in sampled.iter().filter(|leg| leg.segment == segment) {
                legs.extend(plain_legs(segment, step, leg.start));
                legs.push(*leg);
                step = leg.end;
            }
            legs.extend(plain_legs(segment, step, to));
        }
        legs
    }
    // ANCHOR_END: legs

    /// The states of which snapshots are taken, in the order of the run.
    pub fn waypoints(&self) -> Vec<Waypoint> {
        self.legs().iter().filter_map(|leg| leg.waypoint).collect()
    }

    /// The segments with their first and last steps.
    pub fn segments(&self) -> Vec<(Segment, u64, u64)> {
        let mut segments = vec![(Segment::Melt, 0, self.melt_steps)];
        if let Some(quench) = &self.quench {
            let cold = self.melt_steps + self.ramp_steps(quench);
            segments.push((Segment::Ramp, self.melt_steps, cold));
            segments.push((Segment::Hold, cold, cold + quench.hold_steps));
        }
        segments
    }

    fn sampled_legs(&self) -> Vec<Leg> {
        let half_window = self
            .quench
            .as_ref()
            .map_or(SAMPLE_STEPS, |quench| self.half_window_steps(quench));
        let of = |segment, start, end, temperature_k, step| Leg {
            segment,
            start,
            end,
            waypoint: Some(Waypoint {
                temperature_k,
                step,
                equilibrated: segment != Segment::Ramp,
            }),
        };
        let melted = self.melt_steps;
        let melt_start = melted.saturating_sub(2 * half_window);
        let mut legs = vec![of(
            Segment::Melt,
            melt_start,
            melted,
            self.melt_temperature_k,
            melted,
        )];
        if let Some(quench) = &self.quench {
            let cold = melted + self.ramp_steps(quench);
            for &temperature_k in &quench.temperatures_k {
                let drop = self.melt_temperature_k - temperature_k;
                let step = melted + to_samples(drop / self.cooling_per_step(quench));
                let (start, end) = (step - half_window, (step + half_window).min(cold));
                legs.push(of(Segment::Ramp, start, end, temperature_k, step));
            }
            let last = quench.final_temperature_k;
            legs.push(of(Segment::Ramp, cold - half_window, cold, last, cold));
            let end = cold + quench.hold_steps;
            let start = end - to_samples(quench.hold_steps as f64 / 2.0);
            legs.push(of(Segment::Hold, start, end, last, end));
        }
        legs
    }
}

/// The nearest multiple of [`SAMPLE_STEPS`].
fn to_samples(steps: f64) -> u64 {
    ((steps / SAMPLE_STEPS as f64).round() as u64).saturating_mul(SAMPLE_STEPS)
}

fn plain_legs(segment: Segment, from: u64, to: u64) -> impl Iterator<Item = Leg> {
    (from..to)
        .step_by(LONGEST_LEG as usize)
        .map(move |start| Leg {
            segment,
            start,
            end: (start + LONGEST_LEG).min(to),
            waypoint: None,
        })
}
