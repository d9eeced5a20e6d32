//! The output directory: tried before the work, filled after it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use amorphous_packing::formats::whole::{Unfinished, check_writable, write_whole};
use anyhow::{Context, Result};
use serde::Serialize;

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

/// Writes `bytes` under a temporary name; the file gets its own when it is finished.
///
/// # Errors
/// As of [`write()`].
pub fn stage(out: &Path, name: &str, bytes: &[u8]) -> Result<Unfinished> {
    let path = out.join(name);
    let staged = || -> std::io::Result<Unfinished> {
        let mut file = Unfinished::begin(&path)?;
        file.write_all(bytes)?;
        file.flush()?;
        Ok(file)
    };
    staged().with_context(|| unwritten(&path))
}

/// Gives files that were written under temporary names their own; says which these are.
///
/// # Errors
/// One sentence that names the file and the reason.
pub fn finish(files: Vec<Unfinished>) -> Result<Vec<PathBuf>> {
    let finished = files.into_iter().map(|file| {
        let failed = unwritten(file.path());
        file.finish().context(failed)
    });
    finished.collect()
}

/// Writes `bytes` to the file `name` in the directory `out`, whole or not at all.
///
/// # Errors
/// One sentence that names the file and the reason.
pub fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = out.join(name);
    write_whole(&path, bytes).with_context(|| unwritten(&path))?;
    Ok(path)
}

/// That a file cannot be written.
pub fn unwritten(path: &Path) -> String {
    format!("'{}' cannot be written", path.display())
}

/// A value as JSON that is read by people too.
///
/// # Errors
/// Never, of texts and numbers.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
