//! What tells one file from another.

use std::io::{self, BufRead};

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256, in hexadecimal digits, of what a reader gives, and how many bytes that are.
///
/// # Errors
/// When it cannot be read.
pub fn sha256_of(mut reader: impl BufRead) -> io::Result<(String, u64)> {
    let (mut hash, mut length) = (Sha256::new(), 0);
    loop {
        let bytes = reader.fill_buf()?;
        let count = bytes.len();
        if count == 0 {
            break;
        }
        hash.update(bytes);
        length += count as u64;
        reader.consume(count);
    }
    let digest = hash.finalize();
    Ok((
        digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        length,
    ))
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
}
