//! Where a public file is: the user's directory, the cache, or the server, in this order.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::download::{DownloadError, Source};
use super::manifest::{Group, Manifest, Mismatch, PublicFile};
use crate::progress::Progress;

/// Where to look. The caller fills this; nothing below reads the environment.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// A directory laid out as the public repository; what lies there is used as it is.
    pub data_dir: Option<PathBuf>,
    /// The directory for downloads, made when it is needed; see [`user_cache_dir`].
    pub cache_dir: PathBuf,
    /// Never ask the server.
    pub offline: bool,
}

/// Finds the files of a manifest and checks each before it is used.
#[derive(Debug)]
pub struct DataStore {
    options: StoreOptions,
    manifest: Manifest,
    source: Source,
}

/// A file that is there and whose content is the published one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Where it lies.
    pub path: PathBuf,
    /// The hash that was checked, with its kind: `sha256:…` or `git-blob-sha1:…`.
    pub hash: String,
    /// Its length.
    pub bytes: u64,
    /// Which of the three places had it.
    pub found_in: FoundIn,
}

/// The places where a file can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundIn {
    /// The user's data directory.
    DataDir,
    /// The cache, from an earlier download.
    Cache,
    /// The server, just now; it lies in the cache.
    Download,
}

/// Why a file cannot be used. [`DataError::is_absent`] parts what is not there from what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The data directory does not exist.
    #[error("the data directory '{}' does not exist; name one that does", directory.display())]
    NoDataDir {
        /// As it was given.
        directory: PathBuf,
    },
    /// No such file was published.
    #[error("'{path}' is not in the list of public data (data/data.toml)")]
    Unlisted {
        /// Path inside the repository.
        path: String,
    },
    /// The file is in none of the places.
    #[error(
        "{path} is {}not in the cache '{}', and was not downloaded",
        not_in(data_dir.as_deref()), cache_dir.display()
    )]
    Absent {
        /// Path inside the repository.
        path: String,
        /// Its group, to be downloaded as a whole.
        group: Group,
        /// The data directory, where there is one.
        data_dir: Option<PathBuf>,
        /// The cache.
        cache_dir: PathBuf,
        /// Why it was not downloaded.
        #[source]
        why: Absence,
    },
    /// The file is there and is not the published one.
    #[error("'{}' is damaged; {}", path.display(), repair(*found_in))]
    Damaged {
        /// Where it lies.
        path: PathBuf,
        /// In which of the places.
        found_in: FoundIn,
        /// How it differs.
        #[source]
        mismatch: Mismatch,
    },
    /// The server sent something else than was published; nothing of it was kept.
    #[error(
        "{path} cannot be used; try again later, or put the published file into a data directory"
    )]
    WrongDownload {
        /// Path inside the repository.
        path: String,
        /// How it differs.
        #[source]
        cause: Box<DownloadError>,
    },
    /// The file is there and cannot be read.
    #[error("'{}' cannot be read; correct its permissions or remove it", path.display())]
    Unreadable {
        /// Where it lies.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        cause: io::Error,
    },
}

/// Why a file that is not on disk was not downloaded.
#[derive(Debug, thiserror::Error)]
pub enum Absence {
    /// Downloads are switched off.
    #[error("downloads are switched off")]
    Offline,
    /// The download failed.
    #[error(transparent)]
    Download(Box<DownloadError>),
}

fn not_in(data_dir: Option<&Path>) -> String {
    data_dir.map_or_else(String::new, |directory| {
        format!("not in the data directory '{}', ", directory.display())
    })
}

fn repair(found_in: FoundIn) -> &'static str {
    match found_in {
        FoundIn::DataDir => "replace it by the published file, or remove it",
        FoundIn::Cache | FoundIn::Download => "delete it, and it will be downloaded again",
    }
}

impl DataError {
    /// True if the file is merely not to be had, so that a run may go on without it; false if
    /// something is wrong that the user has to know of.
    pub fn is_absent(&self) -> bool {
        matches!(self, DataError::Absent { .. })
    }
}

impl DataStore {
    /// The store of the paper's public data.
    ///
    /// # Errors
    /// [`DataError::NoDataDir`]: a mistyped directory must not pass for an empty one.
    pub fn new(options: StoreOptions) -> Result<DataStore, DataError> {
        let manifest = Manifest::public();
        DataStore::with_source(options, manifest.clone(), Source::of(manifest))
    }

    /// A store of other data at another address, for tests and mirrors.
    ///
    /// # Errors
    /// As [`DataStore::new`].
    pub fn with_source(
        options: StoreOptions,
        manifest: Manifest,
        source: Source,
    ) -> Result<DataStore, DataError> {
        match &options.data_dir {
            Some(directory) if !directory.is_dir() => Err(DataError::NoDataDir {
                directory: directory.clone(),
            }),
            _ => Ok(DataStore {
                options,
                manifest,
                source,
            }),
        }
    }

    /// What the store knows of.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Where it looks.
    pub fn options(&self) -> &StoreOptions {
        &self.options
    }

    /// The directory of this manifest's downloads: those of another commit are other files.
    pub fn cache_dir(&self) -> PathBuf {
        self.options.cache_dir.join(&self.manifest.commit)
    }

    /// Finds the file of a path of the manifest and checks it: in the data directory, else in the
    /// cache, else by a download. A wrong file ends the search.
    ///
    /// # Errors
    /// [`DataError`]; absent and damaged are told apart by [`DataError::is_absent`].
    pub fn locate(&self, path: &str, progress: &dyn Progress) -> Result<Located, DataError> {
        let (located, _) = self.find(path, progress, &PublicFile::verify, |bytes| *bytes)?;
        Ok(located)
    }

    /// Finds the file of a path of the manifest as [`DataStore::locate`] does and gives its content:
    /// the very bytes that were checked, for it is read once.
    ///
    /// # Errors
    /// As [`DataStore::locate`].
    pub fn read(
        &self,
        path: &str,
        progress: &dyn Progress,
    ) -> Result<(Located, Vec<u8>), DataError> {
        let length = |bytes: &Vec<u8>| bytes.len() as u64;
        self.find(path, progress, &PublicFile::read, length)
    }

    /// Finds a file that `check` finds right, and gives what it makes of it.
    fn find<T>(
        &self,
        path: &str,
        progress: &dyn Progress,
        check: &Check<T>,
        length: impl Fn(&T) -> u64,
    ) -> Result<(Located, T), DataError> {
        let checked = |file: &PublicFile, path: PathBuf, found_in| {
            let found = checked(file, &path, found_in, check)?;
            let located = |checked| {
                let located = Located {
                    hash: file.hash.to_string(),
                    bytes: length(&checked),
                    path,
                    found_in,
                };
                (located, checked)
            };
            Ok::<_, DataError>(found.map(located))
        };
        let file = self.manifest.file(path).ok_or(DataError::Unlisted {
            path: path.to_owned(),
        })?;
        let cache_dir = self.cache_dir();
        if let Some(data_dir) = &self.options.data_dir
            && let Some(located) = checked(file, data_dir.join(path), FoundIn::DataDir)?
        {
            return Ok(located);
        }
        if let Some(located) = checked(file, cache_dir.join(path), FoundIn::Cache)? {
            return Ok(located);
        }
        let absent = |why| DataError::Absent {
            path: path.to_owned(),
            group: file.group,
            data_dir: self.options.data_dir.clone(),
            cache_dir: cache_dir.clone(),
            why,
        };
        if self.options.offline {
            return Err(absent(Absence::Offline));
        }
        let downloaded = match self.source.fetch(file, &cache_dir, progress) {
            Ok(downloaded) => downloaded,
            Err(cause @ DownloadError::Wrong { .. }) => {
                return Err(DataError::WrongDownload {
                    path: path.to_owned(),
                    cause: Box::new(cause),
                });
            }
            Err(cause) => return Err(absent(Absence::Download(Box::new(cause)))),
        };
        checked(file, downloaded.clone(), FoundIn::Download)?.ok_or_else(|| DataError::Unreadable {
            path: downloaded,
            cause: io::Error::from(io::ErrorKind::NotFound),
        })
    }
}

/// Reads a file and compares it with its row, as [`PublicFile::verify`] does.
type Check<T> = dyn Fn(&PublicFile, &Path) -> io::Result<Result<T, Mismatch>>;

/// What `check` makes of the file at `path`, `None` if there is nothing.
fn checked<T>(
    file: &PublicFile,
    path: &Path,
    found_in: FoundIn,
    check: &Check<T>,
) -> Result<Option<T>, DataError> {
    match check(file, path) {
        Ok(Ok(checked)) => Ok(Some(checked)),
        Ok(Err(mismatch)) => Err(DataError::Damaged {
            path: path.to_owned(),
            found_in,
            mismatch,
        }),
        Err(error) if is_nowhere(&error) => Ok(None),
        Err(cause) => Err(DataError::Unreadable {
            path: path.to_owned(),
            cause,
        }),
    }
}

/// Nothing lies at a path, also where a part of it that should be a directory is a file.
fn is_nowhere(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The directory for this project's downloads by the custom of the operating system.
///
/// `$XDG_CACHE_HOME` or `~/.cache` on Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on
/// Windows; for a user without a home the directory of temporary files.
pub fn user_cache_dir() -> PathBuf {
    caches(
        std::env::consts::OS,
        |name| std::env::var_os(name),
        std::env::home_dir(),
    )
    .unwrap_or_else(std::env::temp_dir)
    .join(env!("CARGO_PKG_NAME"))
}

fn caches(
    system: &str,
    variable: impl Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    // The XDG Base Directory Specification: a path that is not absolute is to be ignored.
    let absolute = |path: &PathBuf| path.is_absolute();
    let named = |name| variable(name).map(PathBuf::from).filter(absolute);
    let home = home.filter(absolute);
    match system {
        "windows" => named("LOCALAPPDATA").or(home.map(|home| home.join("AppData/Local"))),
        "macos" => home.map(|home| home.join("Library/Caches")),
        _ => named("XDG_CACHE_HOME").or(home.map(|home| home.join(".cache"))),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn caches_of(system: &str, xdg: &str, home: Option<&str>) -> Option<PathBuf> {
        let xdg = OsString::from(xdg);
        let variable = |name: &str| (name == "XDG_CACHE_HOME").then(|| xdg.clone());
        caches(system, variable, home.map(PathBuf::from))
    }

    #[test]
    fn the_cache_is_where_the_system_keeps_caches() {
        let linux = caches_of("linux", "/x", Some("/home/a"));
        assert_eq!(linux, Some(PathBuf::from("/x")));
        for ignored in ["", "relative"] {
            let linux = caches_of("linux", ignored, Some("/home/a"));
            assert_eq!(linux, Some(PathBuf::from("/home/a/.cache")));
        }
        let macos = caches_of("macos", "/x", Some("/Users/a"));
        assert_eq!(macos, Some(PathBuf::from("/Users/a/Library/Caches")));
        assert_eq!(caches_of("linux", "", None), None);
    }
}
