//! One list of peaks from the lists of overlapping areas.

use crate::numerics::Vec3;

/// Peaks that lie nearer than `radius` to one another become their mean.
///
/// The list is walked in its order: a peak with others within `radius` is taken out together with
/// them and their mean goes to the end of the list; the walk then goes on at the same place. The
/// number of peaks that remain depends on this order, which is that of the published film
/// (`radius` 3 voxels: 35,632 peaks become 32,230).
pub fn merge(peaks: &[Vec3], radius: f64) -> Vec<Vec3> {
    let mut walk = Walk::new(peaks, radius);
    while let Some(index) = walk.next_place() {
        walk.settle(index);
    }
    walk.kept()
}

/// The list with its means at the end; what was taken out is a gap.
struct Walk {
    places: Vec<Option<Vec3>>,
    /// By cell of side `radius`.
    cells: std::collections::HashMap<[i64; 3], Vec<usize>>,
    radius: f64,
    at: usize,
}

impl Walk {
    fn new(peaks: &[Vec3], radius: f64) -> Walk {
        let mut walk = Walk {
            places: Vec::with_capacity(peaks.len()),
            cells: std::collections::HashMap::new(),
            radius,
            at: 0,
        };
        for &peak in peaks {
            walk.append(peak);
        }
        walk
    }

    fn cell(&self, place: Vec3) -> [i64; 3] {
        (place / self.radius)
            .floor()
            .to_array()
            .map(|side| side as i64)
    }

    fn append(&mut self, place: Vec3) {
        let cell = self.cell(place);
        self.cells.entry(cell).or_default().push(self.places.len());
        self.places.push(Some(place));
    }

    /// The next peak that is still there.
    fn next_place(&mut self) -> Option<usize> {
        while self.at < self.places.len() {
            self.at += 1;
            if self.places[self.at - 1].is_some() {
                return Some(self.at - 1);
            }
        }
        None
    }

    /// Takes a peak and those about it out for their mean, if there are any about it.
    fn settle(&mut self, index: usize) {
        let Some(place) = self.places[index] else {
            return;
        };
        // ANCHOR: merging
        let mut group = self.near(place);
        if group.len() < 2 {
            return;
        }
        group.sort_unstable();
        let members = group.iter().filter_map(|&member| self.places[member]);
        let mean = members.sum::<Vec3>() / group.len() as f64;
        for &member in &group {
            self.places[member] = None;
        }
        self.append(mean);
        // In a list without gaps the same place is as many peaks further on as were taken out before it.
        for _ in group.iter().filter(|&&member| member < index) {
            self.next_place();
        }
        // ANCHOR_END: merging
    }

    /// The peaks within the radius of a place.
    fn near(&self, place: Vec3) -> Vec<usize> {
        let [x, y, z] = self.cell(place);
        let around =
            (-1..=1).flat_map(|i| (-1..=1).flat_map(move |j| (-1..=1).map(move |k| [i, j, k])));
        around
            .filter_map(|[i, j, k]| self.cells.get(&[x + i, y + j, z + k]))
            .flatten()
            .copied()
            .filter(|&index| {
                self.places[index].is_some_and(|other| other.distance(place) < self.radius)
            })
            .collect()
    }

    fn kept(self) -> Vec<Vec3> {
        self.places.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_their_mean_at_the_end_of_the_list() {
        let at = |x: f64| Vec3::new(x, 0.0, 0.0);
        let merged = merge(&[at(0.0), at(10.0), at(2.0)], 3.0);
        assert_eq!(merged, [at(10.0), at(1.0)]);
        // A chain: the first two become 1, which lies within 3 of the third.
        let merged = merge(&[at(0.0), at(2.0), at(3.9)], 3.0);
        assert_eq!(merged, [at(2.45)]);
        assert_eq!(merge(&[], 3.0), []);
        // Exactly the radius apart: both stay.
        assert_eq!(merge(&[at(0.0), at(3.0)], 3.0).len(), 2);
    }
}
