//! One marching tetrahedron (Doi and Koide, IEICE Transactions E74, 214–224, 1991): where a surface
//! between the inside and the outside of something crosses it.
//!
//! Within a tetrahedron a linear field has one value on a triangle, on a quadrilateral, or nowhere.

use smallvec::SmallVec;

/// The edges of a tetrahedron that the surface between its corners inside and outside crosses, each
/// from its corner inside to the one outside, in order around the cut: none, three or four.
///
/// ```
/// use amorphous_packing::geometry::crossed_edges;
/// assert!(crossed_edges([true; 4]).is_empty());
/// assert_eq!(crossed_edges([false, false, true, false])[..], [(2, 0), (2, 1), (2, 3)]);
/// assert_eq!(crossed_edges([true, false, false, true])[..], [(0, 1), (0, 2), (3, 2), (3, 1)]);
/// ```
pub fn crossed_edges(inside: [bool; 4]) -> SmallVec<[(usize, usize); 4]> {
    let of = |side: bool| (0..4).filter(move |&k| inside[k] == side);
    let (within, without): (SmallVec<[usize; 4]>, SmallVec<[usize; 4]>) =
        (of(true).collect(), of(false).collect());
    match (&within[..], &without[..]) {
        // Around the cut, two edges that follow one another share a corner.
        (&[a, b], &[c, d]) => [(a, c), (a, d), (b, d), (b, c)].into(),
        (within, without) => {
            let from = |&a: &usize| without.iter().map(move |&b| (a, b));
            within.iter().flat_map(from).collect()
        }
    }
}

/// The triangles of a convex polygon, all with its first corner.
pub fn fan<P: Copy>(polygon: &[P]) -> impl Iterator<Item = [P; 3]> {
    let rest = polygon.get(1..).unwrap_or_default();
    rest.windows(2).map(|pair| [polygon[0], pair[0], pair[1]])
}
