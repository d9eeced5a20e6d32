//! The list of the public data (`data/data.toml`) and the check of a file against it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::numerics::hex_digest;

/// Every public file, where it is published and what its content must be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// The GitHub repository, `owner/name`.
    pub repository: String,
    /// The commit at which the files are taken, 40 hexadecimal digits.
    pub commit: String,
    /// The files, in the order of their paths.
    #[serde(rename = "file")]
    pub files: Vec<PublicFile>,
}

/// One row of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Row")]
pub struct PublicFile {
    /// Path inside the repository, with `/` between its parts.
    pub path: String,
    /// Length of the file, where it is known.
    pub bytes: Option<u64>,
    /// What the content must hash to.
    pub hash: ContentHash,
    /// What the file is needed for.
    pub group: Group,
}

/// What a public file is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// The atomic models, and the authors' results that the tests compare with.
    Models,
    /// Images, volumes and traced peaks.
    Tomography,
}

/// The hash of a file's content, in lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentHash {
    /// SHA-256 of the bytes, 64 digits.
    Sha256(String),
    /// The name git gives the content, SHA-1 of `blob <length>\0` and the bytes, 40 digits.
    GitBlobSha1(String),
}

/// How a file differs from its row in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// The length is wrong; the content was not hashed.
    #[error("it has {found} bytes instead of {expected}")]
    Size {
        /// Bytes by the manifest.
        expected: u64,
        /// Bytes on disk.
        found: u64,
    },
    /// The content is wrong.
    #[error("its content has the hash {found} instead of {expected}")]
    Hash {
        /// Hash by the manifest.
        expected: ContentHash,
        /// Hash on disk.
        found: ContentHash,
    },
}

/// A row as it is written in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: String,
    bytes: Option<u64>,
    sha256: Option<String>,
    git_blob_sha1: Option<String>,
    group: Group,
}

impl TryFrom<Row> for PublicFile {
    type Error = String;

    fn try_from(row: Row) -> Result<PublicFile, String> {
        let hash = match (row.sha256, row.git_blob_sha1) {
            (Some(hex), None) => ContentHash::Sha256(digits(hex, 64)?),
            (None, Some(hex)) => ContentHash::GitBlobSha1(digits(hex, 40)?),
            _ => {
                return Err(format!(
                    "{}: give either sha256 or git_blob_sha1, not both or neither",
                    row.path
                ));
            }
        };
        Ok(PublicFile {
            path: row.path,
            bytes: row.bytes,
            hash,
            group: row.group,
        })
    }
}

fn digits(hex: String, count: usize) -> Result<String, String> {
    let lower_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if hex.len() == count && hex.bytes().all(lower_hex) {
        Ok(hex)
    } else {
        Err(format!(
            "'{hex}' is not a hash of {count} lower-case hexadecimal digits"
        ))
    }
}

impl Manifest {
    /// The manifest that is built into the library.
    pub fn public() -> &'static Manifest {
        static PUBLIC: LazyLock<Manifest> = LazyLock::new(|| {
            Manifest::parse(include_str!("../../data/data.toml")).expect("data/data.toml is tested")
        });
        &PUBLIC
    }

    /// Reads a manifest in TOML.
    ///
    /// # Errors
    /// Of the TOML parser, with line and column.
    pub fn parse(text: &str) -> Result<Manifest, toml::de::Error> {
        toml::from_str(text)
    }

    /// The row of a path.
    pub fn file(&self, path: &str) -> Option<&PublicFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The rows of one group, or all rows.
    pub fn group(&self, group: Option<Group>) -> impl Iterator<Item = &PublicFile> {
        self.files
            .iter()
            .filter(move |file| group.is_none_or(|group| file.group == group))
    }

    /// The address under which the paths are published.
    pub fn base_url(&self) -> String {
        format!(
            "https://raw.githubusercontent.com/{}/{}",
            self.repository, self.commit
        )
    }
}

impl PublicFile {
    /// Reads a file once, in pieces, and compares it with this row; gives its length in bytes.
    ///
    /// # Errors
    /// The outer error is that of reading, the inner one says how the file differs.
    pub fn verify(&self, path: &Path) -> io::Result<Result<u64, Mismatch>> {
        let mut file = File::open(path)?;
        let found = file.metadata()?.len();
        match self.compare_length(found) {
            Ok(()) => Ok(self.compare_hash(found, &mut file)?.map(|()| found)),
            Err(mismatch) => Ok(Err(mismatch)),
        }
    }

    /// Reads a file once and compares it with this row; gives its content, the very bytes that were
    /// compared.
    ///
    /// # Errors
    /// As [`PublicFile::verify`].
    pub fn read(&self, path: &Path) -> io::Result<Result<Vec<u8>, Mismatch>> {
        let mut file = File::open(path)?;
        // A file of another length is not read at all.
        if let Err(mismatch) = self.compare_length(file.metadata()?.len()) {
            return Ok(Err(mismatch));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let found = bytes.len() as u64;
        let same = match self.compare_length(found) {
            Ok(()) => self.compare_hash(found, &mut &bytes[..])?,
            Err(mismatch) => Err(mismatch),
        };
        Ok(same.map(|()| bytes))
    }

    fn compare_length(&self, found: u64) -> Result<(), Mismatch> {
        match self.bytes {
            Some(expected) if expected != found => Err(Mismatch::Size { expected, found }),
            _ => Ok(()),
        }
    }

    fn compare_hash(
        &self,
        length: u64,
        content: &mut impl Read,
    ) -> io::Result<Result<(), Mismatch>> {
        let hash = match self.hash {
            ContentHash::Sha256(_) => ContentHash::Sha256(hex_digest(Sha256::new(), content)?),
            ContentHash::GitBlobSha1(_) => {
                let header = Sha1::new_with_prefix(format!("blob {length}\0"));
                ContentHash::GitBlobSha1(hex_digest(header, content)?)
            }
        };
        Ok(if hash == self.hash {
            Ok(())
        } else {
            Err(Mismatch::Hash {
                expected: self.hash.clone(),
                found: hash,
            })
        })
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ContentHash::Sha256(hex) => write!(f, "sha256:{hex}"),
            ContentHash::GitBlobSha1(hex) => write!(f, "git-blob-sha1:{hex}"),
        }
    }
}

impl Group {
    /// Every group.
    pub const ALL: [Group; 2] = [Group::Models, Group::Tomography];

    /// The name of the group in the manifest.
    pub fn id(self) -> &'static str {
        match self {
            Group::Models => "models",
            Group::Tomography => "tomography",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A name that is no group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no group '{name}'; the groups are {}", Group::ALL.map(Group::id).join(", "))]
pub struct UnknownGroup {
    /// The name as given.
    pub name: String,
}

impl FromStr for Group {
    type Err = UnknownGroup;

    fn from_str(name: &str) -> Result<Group, UnknownGroup> {
        Group::ALL
            .into_iter()
            .find(|group| group.id() == name)
            .ok_or_else(|| UnknownGroup {
                name: name.to_owned(),
            })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::HashSet;
    use std::io::Write;

    use super::super::sample::{Origin, Sample};
    use super::*;

    fn row(bytes: Option<u64>, hash: ContentHash) -> PublicFile {
        PublicFile {
            path: "a".to_owned(),
            bytes,
            hash,
            group: Group::Models,
        }
    }

    fn file_of(content: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        file
    }

    #[test]
    fn the_built_in_manifest_lists_every_path_once_and_every_published_sample() {
        let manifest = Manifest::public();
        let paths: HashSet<_> = manifest.files.iter().map(|file| &file.path).collect();
        assert_eq!(paths.len(), manifest.files.len());
        assert_eq!(manifest.commit.len(), 40);
        for sample in Sample::all() {
            if let Origin::Published { file, .. } = sample.origin() {
                assert_eq!(manifest.file(file).unwrap().group, Group::Models);
            }
        }
        let of_groups: usize = Group::ALL
            .map(|group| manifest.group(Some(group)).count())
            .iter()
            .sum();
        assert_eq!(of_groups, manifest.group(None).count());
    }

    #[test]
    fn hashes_are_those_of_the_standards() {
        // FIPS 180-2, appendix B.1: SHA-256 of "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let file = file_of(b"abc");
        let sha256 = row(Some(3), ContentHash::Sha256(abc.to_owned()));
        assert_eq!(sha256.verify(file.path()).unwrap(), Ok(3));
        assert_eq!(sha256.read(file.path()).unwrap(), Ok(b"abc".to_vec()));
        // Pro Git, "Git Objects": the blob of "what is up, doc?".
        let doc = "bd9dbf5aae1a3862dd1526723246b20206e5fc37";
        let file = file_of(b"what is up, doc?");
        let git = row(None, ContentHash::GitBlobSha1(doc.to_owned()));
        assert_eq!(git.verify(file.path()).unwrap(), Ok(16));
    }

    #[test]
    fn a_wrong_length_and_a_wrong_byte_are_told_apart() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let expected = ContentHash::Sha256(abc.to_owned());
        let short = row(Some(3), expected.clone()).verify(file_of(b"ab").path());
        assert_eq!(
            short.unwrap(),
            Err(Mismatch::Size {
                expected: 3,
                found: 2
            })
        );
        let wrong = row(Some(3), expected).verify(file_of(b"abd").path());
        assert!(matches!(wrong.unwrap(), Err(Mismatch::Hash { .. })));
        let expected = ContentHash::Sha256(abc.to_owned());
        for content in [&b"ab"[..], b"abd"] {
            let row = row(Some(3), expected.clone());
            let read = row.read(file_of(content).path()).unwrap();
            let verified = row.verify(file_of(content).path()).unwrap();
            assert_eq!(read.unwrap_err(), verified.unwrap_err());
        }
    }

    #[test]
    fn a_row_needs_exactly_one_well_formed_hash() {
        let head = "repository = 'a/b'\ncommit = 'c'\n[[file]]\npath = 'p'\ngroup = 'models'\n";
        for hashes in ["", "sha256 = 'xyz'", "git_blob_sha1 = 'AB'"] {
            assert!(Manifest::parse(&format!("{head}{hashes}")).is_err());
        }
    }

    #[test]
    fn an_unknown_group_is_told_the_known_ones() {
        let error = "model".parse::<Group>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no group 'model'; the groups are models, tomography"
        );
    }
}
