//! Three-dimensional atomic packing in amorphous solids with liquid-like structure: the paper as
//! code.
//!
//! Yuan, Kim, Zhou et al., *Nature Materials* 21, 95–102 (2022),
//! [doi:10.1038/s41563-021-01114-z](https://doi.org/10.1038/s41563-021-01114-z), found by atomic
//! electron tomography that pentagonal bipyramids are the most abundant motif of amorphous Ta and
//! Pd, and that they link edge to edge into networks instead of closing into icosahedra. This
//! crate recomputes those results from the published data.
//!
//! | part of the paper | module | figures |
//! |---|---|---|
//! | From frames to images, volumes and atoms: preprocessing, RESIRE, scanning AET, tracing | [`aet`] | S1–S4, S6 |
//! | Bond orientational order, crystal nuclei, pair distribution (also by diffraction), Voronoi cells, interface | [`order`] | 1, S5, S8, S13, S22 |
//! | Polytetrahedral packing: tetrahedra, triplets, bipyramids; mass density | [`packing`] | 2, 3, S9, S10 |
//! | Shape of the pentagonal bipyramid | [`bipyramid`] | 4, S11 |
//! | Pentagonal bipyramid networks | [`network`] | 5, S12, S14–S18, S20 |
//! | Melt and quench of tantalum and palladium | [`liquid`] | 6, S19, S21, the liquid in 1 and 4 |
//!
//! Chapters are pure: arrays in, arrays out. They stand on a ground that knows no chapter
//! ([`numerics`], [`atoms`], [`neighbours`], [`geometry`]: one Delaunay triangulation serves them
//! all, and [`formats`]). Above them, [`analysis`] puts the steps in order for one sample, [`report`]
//! makes the tables, [`data`] knows the samples of the paper and gets what was published of them, and
//! [`runs`] is long work that is resumed. A floor uses only those below it.
//!
//! # Features
//!
//! All are on by default; without them the crate is the analysis alone.
//!
//! | feature | brings |
//! |---|---|
//! | `tables` | [`report`], [`formats::tables`], the simulated frames that the library carries |
//! | `fetch` | the published data: [`data::store`], MATLAB files |
//! | `simulate` | [`runs::simulation`]: melt and quench through LAMMPS |
//! | `tomography` | [`aet`], [`order::diffraction`] and the formats of images and volumes |
//!
//! Lengths are in ångström, angles in degrees, temperatures in kelvin; atoms are counted from 0.
//!
//! ```
//! use amorphous_packing::analysis::{Analysis, Region};
//! use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
//! use amorphous_packing::geometry::icosahedron;
//! use amorphous_packing::progress::Silent;
//!
//! // An icosahedron of tantalum about a central atom, 2.8 Å away from each corner.
//! let corners = icosahedron().map(|corner| 2.8 * corner);
//! let positions: Vec<Vec3> = corners.into_iter().chain([Vec3::ZERO]).collect();
//! let atoms = Atoms::new(Element::Ta, positions, Boundary::Open)?;
//! let analysis = Analysis::new(atoms, Some(3.5), &Silent)?;
//! let found = analysis.networks(5, Region::All);
//! assert_eq!(found.motifs.len(), 12);
//! assert_eq!(found.networks[0].atoms.len(), 13);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "tomography")]
pub mod aet;
pub mod analysis;
pub mod atoms;
pub mod bipyramid;
pub mod data;
pub mod formats;
pub mod geometry;
pub mod liquid;
pub mod neighbours;
pub mod network;
pub mod numerics;
pub mod order;
pub mod packing;
pub mod prelude;
pub mod progress;
#[cfg(feature = "tables")]
pub mod report;
#[cfg(any(feature = "simulate", feature = "tomography"))]
pub mod runs;
