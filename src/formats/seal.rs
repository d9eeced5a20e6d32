//! A checksum inside the file that it protects.
//!
//! A decoder of Parquet trusts what it reads; a damaged file can give wrong positions or make it
//! panic. So our files carry, as one more entry of their metadata, the SHA-256 of the whole file
//! with the 64 digits of that very hash replaced by zeros, and it is compared before decoding.

use crate::numerics::sha256;

/// The key of the metadata entry.
pub(crate) const KEY: &str = "amorphous_packing.seal";

const MARK: &[u8] = b"sha256-of-this-file-with-zeros-here:";
const DIGITS: usize = 64;

/// The value of the metadata entry before the file is sealed.
pub(crate) fn blank() -> String {
    let mut value = String::from_utf8_lossy(MARK).into_owned();
    value.extend(std::iter::repeat_n('0', DIGITS));
    value
}

/// Puts the hash in its place; `false` if the file holds no [`blank`].
pub(crate) fn close(bytes: &mut [u8]) -> bool {
    let digits = sha256(bytes);
    match place(bytes) {
        Some(place) => {
            bytes[place..place + DIGITS].copy_from_slice(digits.as_bytes());
            true
        }
        None => false,
    }
}

/// What the seal of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seal {
    /// The file is what was written.
    Whole,
    /// The file has changed since.
    Broken,
    /// There is no seal.
    None,
}

/// Compares a file with its seal.
pub(crate) fn check(bytes: &[u8]) -> Seal {
    let Some(place) = place(bytes) else {
        return Seal::None;
    };
    let mut blanked = bytes.to_vec();
    let digits = blanked[place..place + DIGITS].to_vec();
    blanked[place..place + DIGITS].fill(b'0');
    if sha256(&blanked).as_bytes() == digits {
        Seal::Whole
    } else {
        Seal::Broken
    }
}

/// Where the digits begin; the metadata is at the end of the file, so the last mark counts.
fn place(bytes: &[u8]) -> Option<usize> {
    let start = bytes.windows(MARK.len()).rposition(|w| w == MARK)? + MARK.len();
    (start + DIGITS <= bytes.len()).then_some(start)
}
