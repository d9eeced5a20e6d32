//! What is nearest to the viewer at every pixel: what edges are found from, and how open surfaces are.

use std::ops::Range;

use super::solids::{Point, Solid};

/// Sight lines that are followed side by side.
pub(super) const LANES: usize = 8;
/// Nothing is seen.
pub(super) const NOTHING: u32 = u32::MAX;

/// What is nearest to the viewer at the centre of every pixel. Rows are padded to whole lanes.
pub(super) struct Seen {
    pub(super) size: (usize, usize),
    pub(super) stride: usize,
    pub(super) depth: Vec<f32>,
    pub(super) body: Vec<u32>,
}

impl Seen {
    /// The body that is seen at the centre of a pixel.
    #[inline]
    pub(super) fn body_at(&self, (column, row): (usize, usize)) -> u32 {
        self.body[row * self.stride + column]
    }

    /// The point that is seen at the centre of a pixel.
    #[inline]
    pub(super) fn point(&self, at: (usize, usize)) -> Point {
        let [x, y] = place(at, 1, 0);
        Point::new(x, y, self.depth[at.1 * self.stride + at.0])
    }

    /// Marks the pixels of a row of which not all that are beside them see the same body.
    pub(super) fn mark_edges(&self, row: usize, mut mark: impl FnMut(usize)) {
        let (width, height) = self.size;
        let line = |row: usize| &self.body[row * self.stride..][..width];
        let (above, here, below) = (
            line(row.saturating_sub(1)),
            line(row),
            line((row + 1).min(height - 1)),
        );
        let mut before = true;
        let mut upright = here[0] == above[0] && here[0] == below[0];
        for column in 0..width {
            let next = (column + 1).min(width - 1);
            let after = here[next] == above[next] && here[next] == below[next];
            let beside = here[column] == here[next];
            if !(before && upright && after && beside) {
                mark(column);
            }
            (before, upright) = (upright && beside, after);
        }
    }
}

/// Enters what sight lines meet of a body where it is nearer to the viewer than what is known.
#[inline]
pub(super) fn nearest<const N: usize>(
    met: &[f32; N],
    index: u32,
    depth: &mut [f32; N],
    body: &mut [u32; N],
) {
    for k in 0..N {
        let nearer = met[k] > depth[k];
        depth[k] = if nearer { met[k] } else { depth[k] };
        body[k] = if nearer { index } else { body[k] };
    }
}

/// Enters a solid into a row of what is seen.
pub(super) fn meet(solid: Solid, index: u32, row: usize, (depth, body): (&mut [f32], &mut [u32])) {
    let y = row as f32 + 0.5;
    let columns = covered(solid.columns(y..y), 0..depth.len());
    let lanes = columns.start / LANES..columns.end.div_ceil(LANES);
    let depth = &mut depth.as_chunks_mut::<LANES>().0[lanes.clone()];
    let body = &mut body.as_chunks_mut::<LANES>().0[lanes.clone()];
    for (lane, (depth, body)) in lanes.zip(depth.iter_mut().zip(body)) {
        let first = (lane * LANES) as f32 + 0.5;
        let met = solid.depths(std::array::from_fn(|k| first + k as f32), [y; LANES]);
        nearest(&met, index, depth, body);
    }
}

/// Where sample number `k` of a pixel lies, of `side` along each side.
#[inline]
pub(super) fn place((column, row): (usize, usize), side: usize, k: usize) -> [f32; 2] {
    let within = |k: usize| (k as f32 + 0.5) / side as f32;
    [
        column as f32 + within(k % side),
        row as f32 + within(k / side),
    ]
}

/// The pixels among `of` that lie at least in part between two places.
pub(super) fn covered<T: Into<f64>>(places: Range<T>, of: Range<usize>) -> Range<usize> {
    let clamp = |place: f64| (place.max(0.0) as usize).clamp(of.start, of.end);
    let first = clamp(places.start.into().floor());
    first..clamp(places.end.into().ceil()).max(first)
}
