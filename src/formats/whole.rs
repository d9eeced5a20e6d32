//! Files that are either whole or absent.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes `bytes` to `path`: first under a temporary name in the same directory, then renamed, so
/// that no reader ever sees half a file.
///
/// # Errors
/// What the operating system says.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary(directory_of(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// A file that is written piece by piece, and appears under its name when it is finished.
#[derive(Debug)]
pub struct Unfinished {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl Unfinished {
    /// Begins the file `path` under a temporary name beside it.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn begin(path: &Path) -> io::Result<Unfinished> {
        Ok(Unfinished {
            path: path.to_owned(),
            file: BufWriter::new(temporary(directory_of(path))?),
        })
    }

    /// The name that it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was written so far, under its temporary name.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn written(&mut self) -> io::Result<File> {
        self.file.flush()?;
        File::open(self.file.get_ref().path())
    }

    /// The file under its temporary name, for whoever writes it through a handle of its own.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn handle(&self) -> io::Result<File> {
        self.file.get_ref().as_file().try_clone()
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// What the operating system says; then the file is gone.
    pub fn finish(self) -> io::Result<PathBuf> {
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(self.path)
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether a file can be made in a directory.
///
/// # Errors
/// What the operating system says.
pub fn check_writable(directory: &Path) -> io::Result<()> {
    temporary(directory).map(drop)
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn temporary(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unfinished-");
    // A temporary file is private by default; the finished one has the rights of any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(directory)
}
