//! What a reconstruction has reached, as a file: written now and then, so that nothing but minutes
//! is lost when it is killed.

use ndarray::Array3;
use sha2::{Digest, Sha256};

use crate::aet::{InputError, Options, RFactors, Reached, TiltAngles};

/// What a file begins with, the version in it.
const MAGIC: &[u8; 16] = b"AET checkpoint 1";
/// Length of a SHA-256.
const HASH: usize = 32;

/// Why a checkpoint cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CheckpointError {
    /// It is no checkpoint, or not whole.
    #[error("it is damaged, or no checkpoint; delete it and begin anew")]
    Damaged,
    /// It belongs to other images, angles or options.
    #[error(
        "it belongs to other images, angles, rows, step or padding; give those again, or begin anew"
    )]
    Another,
    /// Its object does not fit.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// What identifies a reconstruction: a hash of images, angles and of the options that change its
/// steps; the number of iterations does not.
pub fn fingerprint(images: &Array3<f32>, angles: &[TiltAngles], options: &Options) -> [u8; HASH] {
    let mut hash = Sha256::new();
    let shape = images
        .shape()
        .iter()
        .flat_map(|n| (*n as u64).to_le_bytes());
    hash.update(shape.collect::<Vec<u8>>());
    let pixels = images.iter().flat_map(|value| value.to_le_bytes());
    hash.update(pixels.collect::<Vec<u8>>());
    for angles in angles {
        for angle in [angles.phi_deg, angles.theta_deg, angles.psi_deg] {
            hash.update(angle.to_le_bytes());
        }
    }
    let Options {
        iterations: _,
        step,
        padding,
        shape,
        forward,
    } = options;
    hash.update(format!("{step:?} {padding:?} {shape:?} {forward:?}"));
    hash.finalize().into()
}

/// What a reconstruction has reached, as a file.
pub fn to_bytes(reached: &Reached, fingerprint: [u8; HASH]) -> Vec<u8> {
    let lengths = [
        reached.r_factors.len(),
        reached.object.dim().0,
        reached.object.dim().1,
        reached.object.dim().2,
    ];
    let mut content = fingerprint.to_vec();
    content.extend(lengths.iter().flat_map(|n| (*n as u64).to_le_bytes()));
    let r_factors = reached.r_factors.iter().flat_map(|r| [r.r1, r.r2]);
    content.extend(r_factors.flat_map(f64::to_le_bytes));
    content.extend(reached.object.iter().flat_map(|value| value.to_le_bytes()));
    let hash: [u8; HASH] = Sha256::digest(&content).into();
    [&MAGIC[..], &hash[..], &content[..]].concat()
}

/// What a file holds, if it is of the reconstruction with this fingerprint.
///
/// # Errors
/// [`CheckpointError`].
pub fn from_bytes(bytes: &[u8], fingerprint: [u8; HASH]) -> Result<Reached, CheckpointError> {
    let damaged = CheckpointError::Damaged;
    let rest = bytes.strip_prefix(&MAGIC[..]).ok_or(damaged.clone())?;
    let (hash, content) = rest.split_at_checked(HASH).ok_or(damaged.clone())?;
    if Sha256::digest(content)[..] != *hash {
        return Err(damaged);
    }
    let (of, content) = content.split_at_checked(HASH).ok_or(damaged.clone())?;
    if *of != fingerprint {
        return Err(CheckpointError::Another);
    }
    let (lengths, content) = content.split_at_checked(32).ok_or(damaged.clone())?;
    let lengths: Vec<usize> = eight(lengths)
        .map(|n| u64::from_le_bytes(n) as usize)
        .collect();
    let [iterations, a, b, c] = lengths[..] else {
        return Err(damaged);
    };
    let (r_factors, voxels) = iterations
        .checked_mul(16)
        .and_then(|length| content.split_at_checked(length))
        .ok_or(damaged.clone())?;
    let numbers: Vec<f64> = eight(r_factors).map(f64::from_le_bytes).collect();
    let r_factors = numbers.chunks_exact(2).map(|pair| RFactors {
        r1: pair[0],
        r2: pair[1],
    });
    let voxels = voxels.chunks_exact(4);
    let voxels = voxels.map(|v| f32::from_le_bytes([v[0], v[1], v[2], v[3]]));
    Ok(Reached {
        object: Array3::from_shape_vec((a, b, c), voxels.collect()).map_err(|_| damaged)?,
        r_factors: r_factors.collect(),
    })
}

fn eight(bytes: &[u8]) -> impl Iterator<Item = [u8; 8]> + '_ {
    bytes.chunks_exact(8).map(|chunk| {
        let mut number = [0; 8];
        number.copy_from_slice(chunk);
        number
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_the_bytes_cannot_hold_are_damage() {
        let fingerprint = [7; HASH];
        for lengths in [[1 << 60, 1, 1, 1], [0, 1 << 32, 1 << 32, 1], [u64::MAX; 4]] {
            let lengths = lengths.map(u64::to_le_bytes).concat();
            let content = [&fingerprint[..], &lengths, &[0; 64]].concat();
            let hash: [u8; HASH] = Sha256::digest(&content).into();
            let file = [&MAGIC[..], &hash, &content].concat();
            assert_eq!(
                from_bytes(&file, fingerprint),
                Err(CheckpointError::Damaged)
            );
        }
    }

    #[test]
    fn what_was_reached_comes_back_and_only_to_its_own_reconstruction() {
        let images = Array3::from_elem((1, 2, 3), 0.5);
        let angles = [TiltAngles::tilt(3.0)];
        let of = |options: &Options| fingerprint(&images, &angles, options);
        let film = Options::film();
        let longer = Options {
            iterations: 900,
            ..film.clone()
        };
        assert_eq!(of(&film), of(&longer));
        assert_ne!(of(&film), of(&Options::particle()));
        let reached = Reached {
            object: Array3::from_shape_fn((2, 3, 4), |(a, b, c)| {
                (a + 2 * b) as f32 - 0.1 * c as f32
            }),
            r_factors: vec![RFactors { r1: 1.0, r2: 0.9 }, RFactors { r1: 0.3, r2: 0.2 }],
        };
        let bytes = to_bytes(&reached, of(&film));
        assert_eq!(from_bytes(&bytes, of(&film)), Ok(reached));
        let another = from_bytes(&bytes, of(&Options::particle()));
        assert_eq!(another, Err(CheckpointError::Another));
        for wrong in [&bytes[..bytes.len() - 1], &bytes[..20], b"", &bytes[1..]] {
            assert_eq!(from_bytes(wrong, of(&film)), Err(CheckpointError::Damaged));
        }
        let mut flipped = bytes;
        *flipped.last_mut().unwrap() ^= 1;
        assert_eq!(
            from_bytes(&flipped, of(&film)),
            Err(CheckpointError::Damaged)
        );
    }
}
