//! The potential that a simulation uses: our own table, or a file that the user brings.

use super::eam::EamPotential;
use super::ravelo::Ta1;
use super::setfl::{EamTable, SetflError, Tabulation};
use super::zhou::Zhou;
use crate::atoms::Element;
use crate::numerics::sha256;

/// SHA-256 of `Ta.lammps.eam`, the potential of the paper: Zhong, Wang, Sheng, Zhang and Mao,
/// Nature 512, 177 (2014), <https://doi.org/10.1038/nature13617>.
pub const ZHONG_SHA256: &str = "8908993117f2502ed48bd31b737556719c3f7f11d1e7b7213eb257cd1ca42386";

/// An eam/alloy table as LAMMPS reads it, and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Potential {
    /// Who made it, as it is recorded with every result.
    pub name: String,
    /// SHA-256 of `setfl`, in lower-case hexadecimal.
    pub sha256: String,
    /// The table in the setfl format.
    pub setfl: String,
}

impl Potential {
    /// The table of Ravelo et al. 2013, model Ta1, made from its constants.
    pub fn ravelo_ta1() -> Potential {
        tabulated(
            &Ta1::new(),
            "Ravelo et al. 2013, Ta1 (doi:10.1103/PhysRevB.88.134101)",
            [
                "Tantalum, embedded-atom model Ta1, tabulated from its published constants. UNITS: metal",
                "R. Ravelo, T. C. Germann, O. Guerrero, Q. An, B. L. Holian, Phys. Rev. B 88, 134101 (2013)",
                "https://doi.org/10.1103/PhysRevB.88.134101",
            ],
        )
    }

    /// The table of Zhou, Johnson and Wadley 2004 for tantalum or palladium, made from its constants.
    pub fn zhou(element: Element) -> Option<Potential> {
        let title = format!(
            "{}, embedded-atom model tabulated from its published constants. UNITS: metal",
            element.symbol()
        );
        Some(tabulated(
            &Zhou::new(element)?,
            "Zhou, Johnson & Wadley 2004 (doi:10.1103/PhysRevB.69.144113)",
            [
                &title,
                "X. W. Zhou, R. A. Johnson, H. N. G. Wadley, Phys. Rev. B 69, 144113 (2004)",
                "https://doi.org/10.1103/PhysRevB.69.144113",
            ],
        ))
    }

    /// A table that the user brings; the one of the paper is recognised by its hash.
    ///
    /// # Errors
    /// [`SetflError`] if the text is no setfl table or does not hold `element`.
    pub fn from_setfl(setfl: String, element: Element) -> Result<Potential, SetflError> {
        EamTable::from_setfl(&setfl, element)?;
        let sha256 = sha256(setfl.as_bytes());
        Ok(Potential {
            name: name_of(&sha256).to_owned(),
            sha256,
            setfl,
        })
    }
}

/// What a user's table is called, by its hash.
pub fn name_of(sha256: &str) -> &'static str {
    match sha256 {
        ZHONG_SHA256 => "Zhong et al. 2014 (doi:10.1038/nature13617)",
        _ => "a potential given by the user, known by its SHA-256 only",
    }
}

fn tabulated(potential: &impl EamPotential, name: &str, comments: [&str; 3]) -> Potential {
    let setfl = EamTable::tabulate(potential, Tabulation::of(potential)).to_setfl(comments);
    Potential {
        name: name.to_owned(),
        sha256: sha256(setfl.as_bytes()),
        setfl,
    }
}
