//! A frame that `analyze` has analysed, as its files and pages take it.

use amorphous_packing::analysis::{Analysis, Description};
use amorphous_packing::report::frames::FrameRow;
use amorphous_packing::report::structure::Described;

/// A frame that was analysed.
pub struct Analysed {
    /// Which it is, and what it is summed up to.
    pub row: FrameRow,
    /// The analysis.
    pub analysis: Analysis,
    /// What is said of it.
    pub description: Description,
}

impl Analysed {
    /// The rows of its tables.
    pub fn described(&self) -> Described<'_> {
        Described {
            frame: self.row.frame,
            analysis: &self.analysis,
            description: &self.description,
        }
    }
}
