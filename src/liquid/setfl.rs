//! Embedded-atom potentials as tables, written in the DYNAMO setfl format that LAMMPS reads as
//! `eam/alloy`.

use std::fmt::Write as _;

use super::eam::EamPotential;
use crate::atoms::Element;

/// A potential on two equidistant grids, both beginning at zero.
#[derive(Debug, Clone, PartialEq)]
pub struct EamTable {
    /// The element.
    pub element: Element,
    /// The mass that the table states, in g/mol.
    pub mass_g_per_mol: f64,
    /// Name of the lattice that the table states (`bcc`, `fcc`, …); LAMMPS ignores it.
    pub lattice: String,
    /// The lattice constant that the table states, in ångström; LAMMPS ignores it.
    pub lattice_constant_angstrom: f64,
    /// Spacing of `embedding`.
    pub rho_step: f64,
    /// Spacing of `density` and `r_times_pair`, in ångström.
    pub r_step_angstrom: f64,
    /// Beyond this distance, in ångström, atoms do not interact.
    pub cutoff_angstrom: f64,
    /// F(ρ) in eV.
    pub embedding: Vec<f64>,
    /// ρ(r).
    pub density: Vec<f64>,
    /// r φ(r) in eV Å.
    pub r_times_pair: Vec<f64>,
}

/// How finely a potential is tabulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tabulation {
    /// Number of densities.
    pub rho_points: usize,
    /// The last density.
    pub rho_max: f64,
    /// Number of distances, the last one being the cutoff.
    pub r_points: usize,
}

impl Tabulation {
    /// Densities in steps of a thousandth of the crystal's, up to four times that, and 5,301
    /// distances (0.001 Å for a cutoff of 5.3 Å).
    pub fn of(potential: &impl EamPotential) -> Tabulation {
        Tabulation {
            rho_points: 4_001,
            rho_max: 4.0 * potential.crystal_density(),
            r_points: 5_301,
        }
    }
}

impl EamTable {
    /// The potential at the points of the tabulation, which must have at least two each way.
    pub fn tabulate(potential: &impl EamPotential, tabulation: Tabulation) -> EamTable {
        let (lattice, lattice_constant_angstrom) = potential.lattice();
        let cutoff = potential.cutoff_angstrom();
        let rho = |i: usize| tabulation.rho_max * i as f64 / (tabulation.rho_points - 1) as f64;
        let r = |i: usize| cutoff * i as f64 / (tabulation.r_points - 1) as f64;
        EamTable {
            element: potential.element(),
            mass_g_per_mol: potential.element().mass_g_per_mol(),
            lattice: lattice.name().to_owned(),
            lattice_constant_angstrom,
            rho_step: rho(1),
            r_step_angstrom: r(1),
            cutoff_angstrom: cutoff,
            embedding: (0..tabulation.rho_points)
                .map(|i| potential.embedding(rho(i)))
                .collect(),
            density: (0..tabulation.r_points)
                .map(|i| potential.density(r(i)))
                .collect(),
            r_times_pair: (0..tabulation.r_points)
                .map(|i| r(i) * potential.pair(r(i)))
                .collect(),
        }
    }

    /// The table in the setfl format, every number with the 17 digits that identify an f64.
    ///
    /// The format has exactly three comment lines; none may contain a line break.
    pub fn to_setfl(&self, comments: [&str; 3]) -> String {
        let mut text = String::new();
        for comment in comments {
            text.push_str(comment);
            text.push('\n');
        }
        let _ = writeln!(text, "1 {}", self.element.symbol());
        let _ = writeln!(
            text,
            "{} {:.16e} {} {:.16e} {:.16e}",
            self.embedding.len(),
            self.rho_step,
            self.density.len(),
            self.r_step_angstrom,
            self.cutoff_angstrom
        );
        let _ = writeln!(
            text,
            "{} {} {} {}",
            u32::from(self.element.number()),
            self.mass_g_per_mol,
            self.lattice_constant_angstrom,
            self.lattice
        );
        for column in [&self.embedding, &self.density, &self.r_times_pair] {
            for line in column.chunks(5) {
                let numbers: Vec<String> = line.iter().map(|x| format!("{x:.16e}")).collect();
                text.push_str(&numbers.join(" "));
                text.push('\n');
            }
        }
        text
    }

    /// Reads the table of one element out of a setfl text, which may hold several elements.
    ///
    /// # Errors
    /// [`SetflError`] names the line at which the text stops being a setfl table.
    pub fn from_setfl(text: &str, element: Element) -> Result<EamTable, SetflError> {
        let mut tokens = Tokens::after_comments(text)?;
        let elements: usize = tokens.number("the number of elements")?;
        if !(1..=100).contains(&elements) {
            return Err(SetflError::Elements { found: elements });
        }
        let symbols = (0..elements)
            .map(|_| tokens.word("an element symbol").map(str::to_owned))
            .collect::<Result<Vec<String>, SetflError>>()?;
        let Some(wanted) = symbols.iter().position(|s| s == element.symbol()) else {
            return Err(SetflError::NoElement {
                symbol: element.symbol(),
                found: symbols.join(", "),
            });
        };
        let rho_points: usize = tokens.number("the number of densities")?;
        let rho_step = tokens.real("the density step")?;
        let r_points: usize = tokens.number("the number of distances")?;
        let r_step_angstrom = tokens.real("the distance step")?;
        let cutoff_angstrom = tokens.real("the cutoff")?;
        let mut of_element = None;
        for index in 0..elements {
            tokens.real("the atomic number")?;
            let mass_g_per_mol = tokens.real("the atomic mass")?;
            let lattice_constant_angstrom = tokens.real("the lattice constant")?;
            let lattice = tokens.word("the lattice type")?.to_owned();
            let embedding = tokens.numbers(rho_points, "the embedding energy")?;
            let density = tokens.numbers(r_points, "the electron density")?;
            if index == wanted {
                of_element = Some(EamTable {
                    element,
                    mass_g_per_mol,
                    lattice,
                    lattice_constant_angstrom,
                    rho_step,
                    r_step_angstrom,
                    cutoff_angstrom,
                    embedding,
                    density,
                    r_times_pair: Vec::new(),
                });
            }
        }
        // The pair tables follow as a lower triangle: 1-1, 2-1, 2-2, 3-1, …
        for i in 0..elements {
            for j in 0..=i {
                let pair = tokens.numbers(r_points, "r times the pair potential")?;
                if i == wanted
                    && j == wanted
                    && let Some(table) = &mut of_element
                {
                    table.r_times_pair = pair;
                }
            }
        }
        of_element.ok_or(SetflError::Elements { found: elements })
    }
}

/// Why a text is not a setfl table.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SetflError {
    /// The text stops too early.
    #[error(
        "the potential ends before {expected}; it is cut short or not an eam/alloy (setfl) table"
    )]
    Ends {
        /// What should have come.
        expected: &'static str,
    },
    /// A word that should be a number.
    #[error(
        "line {line} of the potential has '{found}' where {expected} belongs; \
         give an eam/alloy (setfl) table"
    )]
    NotANumber {
        /// Line number, from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The table states an impossible number of elements.
    #[error("line 4 of the potential says it holds {found} elements; give 1 to 100")]
    Elements {
        /// The number stated.
        found: usize,
    },
    /// The table does not hold the element.
    #[error("the potential is for {found}, not for {symbol}")]
    NoElement {
        /// The element sought.
        symbol: &'static str,
        /// The elements of the table.
        found: String,
    },
}

/// The words of a setfl text with their line numbers.
struct Tokens<'a> {
    words: Box<dyn Iterator<Item = (usize, &'a str)> + 'a>,
}

impl<'a> Tokens<'a> {
    fn after_comments(text: &'a str) -> Result<Tokens<'a>, SetflError> {
        const COMMENT_LINES: usize = 3;
        if text.lines().count() <= COMMENT_LINES {
            return Err(SetflError::Ends {
                expected: "the number of elements",
            });
        }
        let lines = text.lines().enumerate().skip(COMMENT_LINES);
        Ok(Tokens {
            words: Box::new(lines.flat_map(|(index, line)| {
                line.split_whitespace().map(move |word| (index + 1, word))
            })),
        })
    }

    fn next(&mut self, expected: &'static str) -> Result<(usize, &'a str), SetflError> {
        self.words.next().ok_or(SetflError::Ends { expected })
    }

    fn word(&mut self, expected: &'static str) -> Result<&'a str, SetflError> {
        self.next(expected).map(|(_, word)| word)
    }

    fn number<T: std::str::FromStr>(&mut self, expected: &'static str) -> Result<T, SetflError> {
        let (line, word) = self.next(expected)?;
        word.parse().map_err(|_| SetflError::NotANumber {
            line,
            expected,
            found: word.to_owned(),
        })
    }

    /// A number of the table; what is no number or infinite is none.
    fn real(&mut self, expected: &'static str) -> Result<f64, SetflError> {
        let (line, word) = self.next(expected)?;
        let finite = word.parse().ok().filter(|number: &f64| number.is_finite());
        finite.ok_or_else(|| SetflError::NotANumber {
            line,
            expected,
            found: word.to_owned(),
        })
    }

    fn numbers(&mut self, count: usize, expected: &'static str) -> Result<Vec<f64>, SetflError> {
        (0..count).map(|_| self.real(expected)).collect()
    }
}
