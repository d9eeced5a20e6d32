//! Bipyramids as balls, sticks and faces: their atoms, bonds and skeletons, each drawn once where
//! several bipyramids share them.

use std::collections::{BTreeMap, BTreeSet};

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{Image, TetrahedronId, Vertex, incentre};
use amorphous_packing::network::tables::Entry;
use plotters::style::RGBColor;

use crate::scene::{Scene, Sphere, Stick, Triangle};
use crate::style::{BLACK, FACE, FIVE_FOLD};

/// Radii in ångström.
const BOND: f64 = 0.05;
const SKELETON: f64 = 0.13;
const CENTROID: f64 = 0.2;

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
    pub(crate) fn of(entry: Entry<'_>, members: &[(u32, Image)]) -> Parts {
        let mut parts = Parts::default();
        let triangulation = &entry.analysis.triangulation;
        for &(place, image) in members {
            let ring = entry.analysis.ring(entry.networks.motifs[place as usize]);
            let caps = ring.caps.map(|cap| cap.shifted(image));
            for cap in caps {
                parts.atoms.insert(cap, true);
            }
            let n = ring.fold();
            for k in 0..n {
                let [here, next] = [k, (k + 1) % n].map(|k| ring.atoms[k].shifted(image));
                parts.atoms.entry(here).or_insert(false);
                parts.bonds.insert(sorted([here, next]));
                for cap in caps {
                    parts.bonds.insert(sorted([here, cap]));
                }
                let [corner, following] = [k, (k + 1) % n].map(|k| {
                    let t = ring.tetrahedra[k];
                    (t.id, t.shift + image)
                });
                parts.struts.insert(sorted([corner, following]));
                let corners = triangulation.corners(corner.0);
                let places = corners.map(|v| triangulation.position(v.shifted(corner.1)));
                parts.centroids.insert(corner, incentre(places));
            }
        }
        parts
    }

    /// Balls of `radius` at the atoms, and black bonds.
    pub(crate) fn atoms(
        &self,
        entry: Entry<'_>,
        radius: f64,
        colour: impl Fn(bool) -> RGBColor,
    ) -> Scene {
        let place = |vertex: Vertex| entry.analysis.triangulation.position(vertex);
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

    /// Orange skeletons with black centroids.
    pub(crate) fn skeletons(&self) -> Scene {
        let dot = |&centre: &Vec3| Sphere {
            centre,
            radius: CENTROID,
            colour: BLACK,
        };
        let strut = |strut: &[Corner; 2]| Stick {
            ends: strut.map(|corner| self.centroids[&corner]),
            radius: SKELETON,
            colour: FIVE_FOLD,
        };
        Scene {
            spheres: self.centroids.values().map(dot).collect(),
            sticks: self.struts.iter().map(strut).collect(),
            triangles: Vec::new(),
        }
    }
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
pub(crate) fn faces(entry: Entry<'_>, (place, image): (u32, Image), alpha: f64) -> Scene {
    let ring = entry.analysis.ring(entry.networks.motifs[place as usize]);
    let at = |vertex: Vertex| entry.analysis.triangulation.position(vertex.shifted(image));
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
