//! What an error says, as the commands print it.

use std::error::Error;

/// An error with all its causes, the outermost first: one sentence.
pub fn sentence(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    assert!(!said.contains('\n'), "{said}");
    said
}
