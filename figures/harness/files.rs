//! The output directory: tried before the work, filled after it.

use std::fs;
use std::path::{Path, PathBuf};

use amorphous_packing::formats::whole::{check_writable, write_whole};
use anyhow::{Context, Result};

/// Makes the directory `out` if it is absent and tries whether a file can be written there.
///
/// # Errors
/// One sentence that names the directory and the reason.
pub fn writable(out: &Path) -> Result<()> {
    let refusal = || {
        format!(
            "nothing can be written to '{}'; choose another directory with --out",
            out.display()
        )
    };
    fs::create_dir_all(out).with_context(refusal)?;
    check_writable(out).with_context(refusal)
}

/// Writes `bytes` to the file `name` in the directory `out`, whole or not at all.
///
/// # Errors
/// One sentence that names the file and the reason.
pub fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = out.join(name);
    write_whole(&path, bytes).with_context(|| format!("'{}' cannot be written", path.display()))?;
    Ok(path)
}
