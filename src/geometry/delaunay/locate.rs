//! Point location: a walk from cell to cell towards the point.
//!
//! The visibility walk of Devillers, Pion & Teillaud, Int. J. Found. Comput. Sci. 13, 181 (2002),
//! doi:10.1142/S0129054102001047: leave a tetrahedron through any face that has the point on its
//! other side, the one it was entered by excepted. In a Delaunay triangulation the walk ends.

use crate::numerics::Vec3;

use super::mesh::Mesh;

impl Mesh {
    /// A tetrahedron that holds the place, or a ghost whose hull face sees it from outside.
    #[inline]
    pub(super) fn locate(&self, place: Vec3, near: u32) -> u32 {
        let mut here = near;
        if self.cell(here).is_ghost() {
            here = self.cell(here).across[3].cell();
        }
        let mut entered = 4;
        // Which face is tried first does not matter but for a walk that could turn in a circle.
        let mut first = 0;
        'walk: loop {
            let cell = self.cell(here);
            if cell.is_ghost() {
                return here;
            }
            for turn in 0..4 {
                let k = (first + turn) & 3;
                if k != entered && self.orientation_with(&cell.corners, k, place) < 0.0 {
                    let next = cell.across[k];
                    (here, entered) = (next.cell(), next.corner());
                    first = (first + 1) & 3;
                    continue 'walk;
                }
            }
            return here;
        }
    }
}
