//! What tells one file from another.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of what a reader gives, in hexadecimal digits.
///
/// # Errors
/// When it cannot be read.
#[cfg(feature = "fetch")]
pub(crate) fn hex_digest(mut hash: impl Digest, reader: &mut impl Read) -> io::Result<String> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => hash.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hex(&hash.finalize()))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A reader that hands bytes on and remembers their hash.
#[derive(Debug)]
pub struct Hashed<R> {
    reader: R,
    tally: Tally,
}

/// What was read through a [`Hashed`] reader, wherever that is now.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<(Sha256, u64)>>);

impl<R: Read> Hashed<R> {
    /// The reader, and what will be read through it.
    pub fn new(reader: R) -> (Hashed<R>, Tally) {
        let tally = Tally::default();
        let hashed = Hashed {
            reader,
            tally: tally.clone(),
        };
        (hashed, tally)
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.tally.add(&buffer[..read]);
        Ok(read)
    }
}

impl Tally {
    /// Adds bytes that were read otherwise.
    pub fn add(&self, bytes: &[u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.update(bytes);
        state.1 += bytes.len() as u64;
    }

    /// SHA-256 in hexadecimal digits of what was read so far, and how many bytes that are.
    pub fn so_far(&self) -> (String, u64) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (hex(&state.0.clone().finalize()), state.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_standard_one() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn what_goes_through_is_hashed_on_the_way() {
        let (mut reader, tally) = Hashed::new(&b"abcd"[..]);
        let mut three = [0; 3];
        assert!(reader.read_exact(&mut three).is_ok());
        assert_eq!(tally.so_far(), (sha256(b"abc"), 3));
        tally.add(b"d");
        assert_eq!(tally.so_far(), (sha256(b"abcd"), 4));
    }
}
