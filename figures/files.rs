//! Files that are either whole or absent.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

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
    temporary(out).map(drop).with_context(refusal)
}

/// Writes `bytes` to the file `name` in the directory `out`: first under a temporary name in the
/// same directory, then renamed, so that no reader ever sees half a file.
///
/// # Errors
/// One sentence that names the file and the reason.
pub fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = out.join(name);
    let refusal = || format!("'{}' cannot be written", path.display());
    let mut file = temporary(out).with_context(refusal)?;
    file.write_all(bytes).with_context(refusal)?;
    file.persist(&path)
        .map_err(|error| error.error)
        .with_context(refusal)?;
    Ok(path)
}

fn temporary(out: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unfinished-");
    // A temporary file is private by default; a figure has the rights of any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(out)
}
