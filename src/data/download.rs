//! Fetching one public file into the cache: resumed after a cut, checked, moved into place.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ureq::http::Response;
use ureq::{Agent, Body};

use super::manifest::{Manifest, Mismatch, PublicFile};
use crate::progress::Progress;

/// A server that is silent for longer than this does not count as there.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// So often one download takes up a broken connection again before it gives up.
const CUTS_FORGIVEN: usize = 4;

/// A place on the web that holds the files of a manifest under their paths.
///
/// Once it has not answered it is not asked again: a run that needs three files of a silent server
/// waits once.
#[derive(Debug)]
pub struct Source {
    base: String,
    timeout: Duration,
    agent: Agent,
    silent: OnceLock<Silence>,
}

/// Why a download did not bring the file.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No connection, or no answer in time.
    #[error("{host} cannot be reached")]
    NoAnswer {
        /// The server.
        host: String,
        /// What was tried and failed.
        #[source]
        why: Silence,
    },
    /// The server does not give the file.
    #[error("{host} answered with the status {status}")]
    Refused {
        /// The server.
        host: String,
        /// Its HTTP status, 404 for a file that is not there.
        status: u16,
    },
    /// The connection broke or fell silent in the middle; what came is kept.
    #[error(
        "the connection to {host} broke after {received} bytes; the next try goes on from there"
    )]
    Cut {
        /// The server.
        host: String,
        /// Bytes of the file that are in the cache.
        received: u64,
    },
    /// The server gave something else; nothing of it is kept.
    #[error("{host} sent something else than the published file")]
    Wrong {
        /// The server.
        host: String,
        /// How the content differs from the manifest.
        #[source]
        mismatch: Mismatch,
    },
    /// The cache cannot take the file.
    #[error("{}", cache_sentence(directory, cause))]
    Cache {
        /// The directory that was to take the file.
        directory: PathBuf,
        /// What the operating system says.
        #[source]
        cause: io::Error,
    },
}

/// Why a server does not count as there.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Silence {
    /// It took too long.
    #[error("no answer within {} s", timeout.as_secs_f64())]
    Late {
        /// The patience that it was met with.
        timeout: Duration,
    },
    /// There is no connection to it.
    #[error(transparent)]
    Connection(Arc<io::Error>),
    /// It cannot be asked, or what it says is no answer.
    #[error(transparent)]
    Request(Arc<ureq::Error>),
}

fn cache_sentence(directory: &Path, cause: &io::Error) -> String {
    let directory = directory.display();
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("the disk of the cache directory '{directory}' is full; make room there")
        }
        _ => format!("the cache directory '{directory}' cannot be written"),
    }
}

/// How one request ended.
enum Transfer {
    Complete,
    Cut,
    Stalled,
    /// The server cannot go on from the middle.
    StartAfresh,
}

impl Source {
    /// The address of the manifest's repository.
    pub fn of(manifest: &Manifest) -> Source {
        Source::new(manifest.base_url(), TIMEOUT)
    }

    /// Another address, for tests and mirrors; paths are appended to it after a `/`.
    ///
    /// `timeout` bounds each of: the name look-up, the connection, the first answer, and every
    /// pause in the middle of a file. A proxy of the environment is used for `https` alone.
    pub fn new(base: impl Into<String>, timeout: Duration) -> Source {
        let base = base.into();
        let mut config = Agent::config_builder()
            .user_agent(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ))
            // A compressed answer would make the offsets of a resumed download meaningless.
            .accept_encoding("identity")
            .http_status_as_error(false)
            .timeout_resolve(Some(timeout))
            .timeout_connect(Some(timeout))
            .timeout_send_request(Some(timeout))
            .timeout_recv_response(Some(timeout))
            .timeout_per_read(Some(timeout));
        if !base.starts_with("https:") {
            config = config.proxy(None);
        }
        Source {
            agent: config.build().new_agent(),
            silent: OnceLock::new(),
            base,
            timeout,
        }
    }

    /// The address of a file.
    pub fn url(&self, path: &str) -> String {
        format!(
            "{}/{}",
            self.base.trim_end_matches('/'),
            percent_encoded(path)
        )
    }

    /// Brings `file` into `cache` under its path and gives the place.
    ///
    /// The bytes go to `<name>.part`, a later call resumes it; they are moved to their name only
    /// after the check. Processes that share the cache take turns. A file that another process put
    /// there while this one waited its turn is left as it is, unchecked.
    ///
    /// # Errors
    /// [`DownloadError`], one sentence.
    pub fn fetch(
        &self,
        file: &PublicFile,
        cache: &Path,
        progress: &dyn Progress,
    ) -> Result<PathBuf, DownloadError> {
        if let Some(why) = self.silent.get() {
            return Err(self.no_answer(why.clone()));
        }
        let in_cache = |cause| DownloadError::Cache {
            directory: cache.to_owned(),
            cause,
        };
        let target = cache.join(&file.path);
        let part = part_of(&target);
        fs::create_dir_all(target.parent().unwrap_or(cache)).map_err(in_cache)?;
        let _turn = take_turn(cache).map_err(in_cache)?;
        if target.exists() {
            return Ok(target);
        }
        let found_in_pieces = self.complete(file, &part, cache, progress)?;
        let mut verdict = file.verify(&part).map_err(in_cache)?;
        if verdict.is_err() {
            fs::remove_file(&part).map_err(in_cache)?;
            if found_in_pieces {
                self.complete(file, &part, cache, progress)?;
                verdict = file.verify(&part).map_err(in_cache)?;
            }
        }
        match verdict {
            Ok(_) => fs::rename(&part, &target).map_err(in_cache)?,
            Err(mismatch) => {
                let _ = fs::remove_file(&part);
                return Err(DownloadError::Wrong {
                    host: self.host(),
                    mismatch,
                });
            }
        }
        Ok(target)
    }

    /// Fills `part` to its end; true if its bytes came by more than one answer.
    fn complete(
        &self,
        file: &PublicFile,
        part: &Path,
        cache: &Path,
        progress: &dyn Progress,
    ) -> Result<bool, DownloadError> {
        let in_cache = |cause| DownloadError::Cache {
            directory: cache.to_owned(),
            cause,
        };
        let mut sink = OpenOptions::new()
            .append(true)
            .create(true)
            .open(part)
            .map_err(in_cache)?;
        let mut length = sink.metadata().map_err(in_cache)?.len();
        let mut in_pieces = length > 0;
        let mut cuts = 0;
        loop {
            if length > 0 && Some(length) == file.bytes {
                break;
            }
            let before = length;
            let transfer = self.transfer(file, &mut sink, &mut length, cache, progress);
            progress.finish();
            match transfer? {
                Transfer::Complete => break,
                Transfer::StartAfresh => {
                    empty(&mut sink, &mut length).map_err(in_cache)?;
                    in_pieces = false;
                }
                Transfer::Cut if length > before && cuts < CUTS_FORGIVEN => {
                    cuts += 1;
                    in_pieces = true;
                }
                Transfer::Cut | Transfer::Stalled => {
                    return Err(DownloadError::Cut {
                        host: self.host(),
                        received: length,
                    });
                }
            }
        }
        sink.sync_all().or_else(without_sync).map_err(in_cache)?;
        Ok(in_pieces)
    }

    /// One request and its answer, appended to `sink`.
    fn transfer(
        &self,
        file: &PublicFile,
        sink: &mut File,
        length: &mut u64,
        cache: &Path,
        progress: &dyn Progress,
    ) -> Result<Transfer, DownloadError> {
        let in_cache = |cause| DownloadError::Cache {
            directory: cache.to_owned(),
            cause,
        };
        let response = self.ask(&file.path, *length)?;
        match response.status().as_u16() {
            200 => empty(sink, length).map_err(in_cache)?,
            206 if *length > 0 && range_start(&response) == Some(*length) => {}
            206 | 416 if *length > 0 => return Ok(Transfer::StartAfresh),
            status => {
                return Err(DownloadError::Refused {
                    host: self.host(),
                    status,
                });
            }
        }
        let announced = response.body().content_length().map(|rest| *length + rest);
        let total = file.bytes.or(announced);
        progress.start(&file.path, total);
        progress.advance(*length);
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match body.read(&mut buffer) {
                Ok(0) if total.is_some_and(|total| *length < total) => return Ok(Transfer::Cut),
                Ok(0) => return Ok(Transfer::Complete),
                Ok(read) => {
                    sink.write_all(&buffer[..read]).map_err(in_cache)?;
                    *length += read as u64;
                    progress.advance(read as u64);
                    if total.is_some_and(|total| *length > total) {
                        return Ok(Transfer::Complete);
                    }
                }
                Err(error) => {
                    return Ok(if is_timeout(&ureq::Error::from(error)) {
                        let _ = self.silent.set(self.late());
                        Transfer::Stalled
                    } else {
                        Transfer::Cut
                    });
                }
            }
        }
    }

    fn ask(&self, path: &str, from: u64) -> Result<Response<Body>, DownloadError> {
        let mut request = self.agent.get(self.url(path));
        if from > 0 {
            request = request.header("Range", format!("bytes={from}-"));
        }
        request.call().map_err(|error| {
            let why = match error {
                late if is_timeout(&late) => self.late(),
                ureq::Error::Io(cause) => Silence::Connection(Arc::new(cause)),
                other => Silence::Request(Arc::new(other)),
            };
            self.no_answer(self.silent.get_or_init(|| why).clone())
        })
    }

    fn late(&self) -> Silence {
        Silence::Late {
            timeout: self.timeout,
        }
    }

    fn no_answer(&self, why: Silence) -> DownloadError {
        DownloadError::NoAnswer {
            host: self.host(),
            why,
        }
    }

    fn host(&self) -> String {
        let after_scheme = self.base.split("//").nth(1).unwrap_or(&self.base);
        let host = after_scheme.split('/').next().unwrap_or(after_scheme);
        host.to_owned()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

fn is_timeout(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Timeout(_) => true,
        ureq::Error::Io(cause) => cause.kind() == io::ErrorKind::TimedOut,
        _ => false,
    }
}

/// Where the unfinished file lies.
fn part_of(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// Waits until no other process or thread downloads into this cache; the turn ends with the value.
///
/// The lock is a file of its own that is never removed: a lock on the `.part` would be a lock on a
/// file that its holder renames.
fn take_turn(cache: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(cache.join("lock"))?;
    // Some network file systems have no locks; what two processes spoil there, the check before
    // every use finds.
    Ok(file.lock().is_ok().then_some(file))
}

fn empty(sink: &mut File, length: &mut u64) -> io::Result<()> {
    if *length > 0 {
        sink.set_len(0)?;
        *length = 0;
    }
    Ok(())
}

/// A file system that cannot flush is no reason to refuse the file.
fn without_sync(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput => Ok(()),
        _ => Err(error),
    }
}

/// The first byte of a `Content-Range: bytes FIRST-LAST/TOTAL`.
fn range_start(response: &Response<Body>) -> Option<u64> {
    let value = response.headers().get("content-range")?.to_str().ok()?;
    let range = value.trim().strip_prefix("bytes")?.trim_start();
    range.split('-').next()?.trim().parse().ok()
}

/// The path with every byte escaped that has a meaning in an address (RFC 3986, section 2.3).
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped_and_joined_with_one_slash() {
        let source = Source::new("http://example.org/a/", TIMEOUT);
        assert_eq!(
            source.url("b c/d#é.mat"),
            "http://example.org/a/b%20c/d%23%C3%A9.mat"
        );
        assert_eq!(source.host(), "example.org");
    }

    #[test]
    fn the_public_source_names_repository_and_commit() {
        let url = Source::of(Manifest::public()).url("x.mat");
        assert_eq!(
            url,
            "https://raw.githubusercontent.com/AET-AmorphousMaterials/\
             Supplementary-Data-Codes/42e77d26d2fef5ceb526c2ffaaa1c7a7774f621f/x.mat"
        );
    }

    #[test]
    fn a_full_and_an_unwritable_cache_are_named() {
        let sentence = |kind: io::ErrorKind| {
            DownloadError::Cache {
                directory: PathBuf::from("/c"),
                cause: io::Error::from(kind),
            }
            .to_string()
        };
        assert_eq!(
            sentence(io::ErrorKind::StorageFull),
            "the disk of the cache directory '/c' is full; make room there"
        );
        assert_eq!(
            sentence(io::ErrorKind::PermissionDenied),
            "the cache directory '/c' cannot be written"
        );
    }
}
