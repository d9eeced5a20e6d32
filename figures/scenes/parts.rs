//! Bipyramids as balls, sticks and faces: their atoms, bonds and skeletons, each drawn once where
//! several bipyramids share them.

use std::collections::{BTreeMap, BTreeSet};

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{Image, Ring, TetrahedronId, Triangulation, Vertex, incentre};
use amorphous_packing::numerics::Bounds;
use amorphous_packing::report::NetworkRows;
use plotters::style::RGBColor;

use crate::page::style::{BLACK, CAPPING, FACE, GREY, RING};
use crate::render::{Scene, Sphere, Stick, Triangle};

/// Radii in ångström.
const BOND: f64 = 0.05;
pub(crate) const SKELETON: f64 = 0.13;
pub(crate) const CENTROID: f64 = 0.2;

/// A centroid: a tetrahedron in one image.
pub(crate) type Corner = (TetrahedronId, Image);

/// Some bipyramids: their atoms (whether capping), bonds, centroids and skeletons, each once.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) atoms: BTreeMap<Vertex, bool>,
    pub(crate) bonds: BTreeSet<[Vertex; 2]>,
    pub(crate) centroids: BTreeMap<Corner, Vec3>,
    pub(crate) struts: BTreeSet<[Corner; 2]>,
}

impl Parts {
    pub(crate) fn of(entry: NetworkRows<'_>, members: &[(u32, Image)]) -> Parts {
        let mut parts = Parts::default();
        let analysis = entry.of.analysis;
        for &(place, image) in members {
            let ring = analysis.ring(entry.of.found.motifs[place as usize]);
            parts.add_ring(&analysis.triangulation, &ring, image);
        }
        parts
    }

    /// Adds a bipyramid.
    pub(crate) fn add_ring(&mut self, triangulation: &Triangulation, ring: &Ring, image: Image) {
        let caps = ring.caps.map(|cap| cap.shifted(image));
        let n = ring.fold();
        for k in 0..n {
            let [here, next] = [k, (k + 1) % n].map(|k| ring.atoms[k].shifted(image));
            self.add_ring_atom(here, caps);
            self.bonds.insert(sorted([here, next]));
            let [corner, following] = [k, (k + 1) % n].map(|k| {
                let t = ring.tetrahedra[k];
                (t.id, t.shift + image)
            });
            self.struts.insert(sorted([corner, following]));
            self.add_centroid(triangulation, corner);
        }
    }

    /// Adds a triplet, its middle tetrahedron where the triangulation has it. The two atoms of all
    /// three tetrahedra are the capping atoms.
    pub(crate) fn add_triplet(
        &mut self,
        triangulation: &Triangulation,
        [first, middle, last]: [TetrahedronId; 3],
    ) {
        let beside = |t: TetrahedronId| {
            let mut neighbours = triangulation.neighbours(middle).into_iter().flatten();
            let neighbour = neighbours.find(|neighbour| neighbour.tetrahedron == t)?;
            Some((t, neighbour.shift))
        };
        let (Some(first), Some(last)) = (beside(first), beside(last)) else {
            return;
        };
        let path = [first, (middle, Image::HOME), last];
        let corners =
            path.map(|(t, shift)| triangulation.corners(t).map(|corner| corner.shifted(shift)));
        let (shared, inner): (Vec<Vertex>, Vec<Vertex>) = corners[1]
            .into_iter()
            .partition(|v| corners.iter().all(|of| of.contains(v)));
        let (&[a, b], &[c, d]) = (shared.as_slice(), inner.as_slice()) else {
            return;
        };
        // Each end has one of the middle's other two atoms, and one atom of its own.
        let [c, d] = if corners[0].contains(&c) {
            [c, d]
        } else {
            [d, c]
        };
        let outer = |k: usize| corners[k].into_iter().find(|v| !corners[1].contains(v));
        let (Some(start), Some(end)) = (outer(0), outer(2)) else {
            return;
        };
        let atoms = [start, c, d, end];
        for atom in atoms {
            self.add_ring_atom(atom, [a, b]);
        }
        for two in atoms.windows(2) {
            self.bonds.insert(sorted([two[0], two[1]]));
        }
        for corner in path {
            self.add_centroid(triangulation, corner);
        }
        for two in path.windows(2) {
            self.struts.insert(sorted([two[0], two[1]]));
        }
    }

    /// Adds a ring atom with its bonds to the capping atoms.
    fn add_ring_atom(&mut self, atom: Vertex, caps: [Vertex; 2]) {
        self.atoms.entry(atom).or_insert(false);
        for cap in caps {
            self.atoms.insert(cap, true);
            self.bonds.insert(sorted([atom, cap]));
        }
    }

    fn add_centroid(&mut self, triangulation: &Triangulation, corner: Corner) {
        let corners = triangulation.corners(corner.0);
        let places = corners.map(|v| triangulation.position(v.shifted(corner.1)));
        self.centroids.insert(corner, incentre(places));
    }

    /// Balls of `radius` at the atoms, and black bonds.
    pub(crate) fn atoms(
        &self,
        triangulation: &Triangulation,
        radius: f64,
        colour: impl Fn(bool) -> RGBColor,
    ) -> Scene {
        let place = |vertex: Vertex| triangulation.position(vertex);
        let ball = |(&vertex, &capping): (&Vertex, &bool)| Sphere {
            centre: place(vertex),
            radius,
            colour: colour(capping),
        };
        let bond = |bond: &[Vertex; 2]| Stick {
            ends: bond.map(place),
            radius: BOND,
            colour: BLACK,
        };
        Scene {
            spheres: self.atoms.iter().map(ball).collect(),
            sticks: self.bonds.iter().map(bond).collect(),
            triangles: Vec::new(),
        }
    }

    /// Skeletons with black centroids.
    pub(crate) fn skeletons(&self, colour: RGBColor) -> Scene {
        let dot = |&centre: &Vec3| Sphere {
            centre,
            radius: CENTROID,
            colour: BLACK,
        };
        let strut = |strut: &[Corner; 2]| Stick {
            ends: strut.map(|corner| self.centroids[&corner]),
            radius: SKELETON,
            colour,
        };
        Scene {
            spheres: self.centroids.values().map(dot).collect(),
            sticks: self.struts.iter().map(strut).collect(),
            triangles: Vec::new(),
        }
    }
}

/// Brown capping atoms, blue ring atoms.
pub(crate) fn by_role(capping: bool) -> RGBColor {
    if capping { CAPPING } else { RING }
}

fn sorted<T: Ord>(pair: [T; 2]) -> [T; 2] {
    let [a, b] = pair;
    if a <= b { [a, b] } else { [b, a] }
}

pub(crate) fn together(scenes: impl IntoIterator<Item = Scene>) -> Scene {
    scenes.into_iter().fold(Scene::default(), |mut all, scene| {
        all.spheres.extend(scene.spheres);
        all.sticks.extend(scene.sticks);
        all.triangles.extend(scene.triangles);
        all
    })
}

/// The ten faces of a bipyramid.
pub(crate) fn faces(entry: NetworkRows<'_>, (place, image): (u32, Image), alpha: f64) -> Scene {
    let ring = entry
        .of
        .analysis
        .ring(entry.of.found.motifs[place as usize]);
    let at = |vertex: Vertex| {
        entry
            .of
            .analysis
            .triangulation
            .position(vertex.shifted(image))
    };
    let n = ring.fold();
    let sides = (0..n).flat_map(|k| {
        ring.caps.map(|cap| Triangle {
            corners: [cap, ring.atoms[k], ring.atoms[(k + 1) % n]].map(at),
            colour: FACE,
            alpha,
        })
    });
    Scene {
        triangles: sides.collect(),
        ..Scene::default()
    }
}

/// The twelve edges of a box, grey.
pub(crate) fn edges_of(bounds: &Bounds, radius: f64) -> Scene {
    let Bounds { low, high } = *bounds;
    let side = |bits: usize, k: usize| if bits >> k & 1 == 1 { high } else { low };
    let corner = |bits| Vec3::new(side(bits, 0).x, side(bits, 1).y, side(bits, 2).z);
    let edges = (0..8_usize).flat_map(|from| {
        let free = (0..3).filter(move |k| from >> k & 1 == 0);
        free.map(move |k| [from, from | 1 << k])
    });
    let sticks = edges.map(|ends| Stick {
        ends: ends.map(corner),
        radius,
        colour: GREY,
    });
    Scene {
        sticks: sticks.collect(),
        ..Scene::default()
    }
}
