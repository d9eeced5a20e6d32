//! Columns of whole numbers as the page carries them: little-endian, as narrow as their largest value
//! allows, in base64; and positions as whole numbers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The largest step of a position.
const STEPS: f64 = u16::MAX as f64;

/// A column of numbers.
pub(super) struct Column {
    /// How wide a number is: `u8`, `u16` or `u32`.
    pub(super) kind: &'static str,
    /// Its bytes.
    pub(super) base64: String,
}

impl Column {
    pub(super) fn of(values: &[u32]) -> Column {
        let most = values.iter().copied().max().unwrap_or(0);
        let (kind, width) = match most {
            0..=0xff => ("u8", 1),
            0x100..=0xffff => ("u16", 2),
            _ => ("u32", 4),
        };
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes().into_iter().take(width));
        let base64 = STANDARD.encode(bytes.collect::<Vec<u8>>());
        Column { kind, base64 }
    }
}

/// Positions as steps from a corner.
pub(super) struct Places {
    /// The corner of the box about the positions, in Å.
    pub(super) origin: [f64; 3],
    /// The length of a step, in Å.
    pub(super) step: f64,
    /// x, y and z of each position, in steps.
    pub(super) steps: Vec<u32>,
}

impl Places {
    pub(super) fn of(positions: &[[f32; 3]]) -> Places {
        let bound = |axis: usize, of: fn(f64, f64) -> f64, from: f64| {
            let parts = positions.iter().map(|position| f64::from(position[axis]));
            parts.fold(from, of)
        };
        let origin = [0, 1, 2].map(|axis| bound(axis, f64::min, f64::INFINITY));
        let high = [0, 1, 2].map(|axis| bound(axis, f64::max, f64::NEG_INFINITY));
        let sides = [0, 1, 2].map(|axis| high[axis] - origin[axis]);
        let longest = sides.into_iter().fold(0.0, f64::max);
        // A single atom has no extent.
        let step = if longest > 0.0 {
            longest / STEPS
        } else {
            1.0 / STEPS
        };
        let steps = positions.iter().flat_map(|position| {
            [0, 1, 2].map(|axis| ((f64::from(position[axis]) - origin[axis]) / step).round() as u32)
        });
        Places {
            origin,
            step,
            steps: steps.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_narrow_as_its_numbers() {
        let shown = |values: &[u32]| {
            let column = Column::of(values);
            (column.kind, column.base64)
        };
        assert_eq!(shown(&[]), ("u8", String::new()));
        assert_eq!(shown(&[1, 255]), ("u8", "Af8=".to_owned()));
        assert_eq!(shown(&[1, 256]), ("u16", "AQAAAQ==".to_owned()));
        assert_eq!(shown(&[0x0001_0000]), ("u32", "AAABAA==".to_owned()));
    }

    #[test]
    fn positions_come_back_within_half_a_step() {
        let positions = [[-3.25, 7.5, 0.1], [96.75, 7.5, 33.3], [0.0, 11.0, -20.0]];
        let places = Places::of(&positions);
        assert!((places.step - 100.0 / 65_535.0).abs() < 1e-12);
        for (position, steps) in positions.iter().zip(places.steps.chunks(3)) {
            for axis in 0..3 {
                let back = places.origin[axis] + f64::from(steps[axis]) * places.step;
                assert!((back - f64::from(position[axis])).abs() <= places.step * 0.501);
            }
        }
    }

    #[test]
    fn a_single_atom_has_a_step() {
        let places = Places::of(&[[1.0, 2.0, 3.0]]);
        assert!(places.step > 0.0);
        assert_eq!(places.steps, [0, 0, 0]);
    }
}
