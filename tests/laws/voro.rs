//! Voronoi cells are those that voro++ finds (Rycroft, doi:10.1063/1.3215722). It has to be compiled
//! by a C++ compiler: `cargo test -p acceptance --features voro --test laws`.

use std::collections::BTreeMap;

use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::numerics::Numbered;
use approx::assert_relative_eq;
use proptest::prelude::*;
use voro_rs::prelude::{
    Container0, Container2, ContainerLoop, ContainerStd, LoopAll, VoroCell, VoroCellNbr,
};

use crate::support::{analysed, boxed, molten};
use crate::voronoi::{EDGE, W, cells, same_faces, sorted};

/// Volume and the sorted faces (edges, area) of a cell of voro++.
type Foreign = (f64, Vec<(u32, f64)>);

fn by_voro_plus_plus(points: &[Vec3], edges: Vec3) -> BTreeMap<AtomId, Foreign> {
    let mut container = ContainerStd::new([0.0; 3], edges.to_array(), [3; 3], [true; 3]);
    for (&point, id) in points.iter().zip(0..) {
        container.put(id, point.to_array(), 0.0);
    }
    let mut place = LoopAll::of_container_std(&mut container);
    let mut found = BTreeMap::new();
    let mut there = place.start();
    while there {
        let cell: Option<VoroCellNbr> = container.compute_cell(&mut place);
        let mut cell = cell.unwrap();
        let orders = cell.face_orders().into_iter().map(|n| n as u32);
        let faces = orders.zip(cell.face_areas()).collect();
        let atom = AtomId::new(place.particle_id() as u32);
        found.insert(atom, (cell.volume(), sorted(faces)));
        there = place.inc();
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn periodic_cells_are_those_of_voro_plus_plus(points in molten(3, 0.6)) {
        let atoms = boxed(points, Vec3::splat(EDGE));
        let analysis = analysed(atoms, W);
        let theirs = by_voro_plus_plus(analysis.atoms.positions(), Vec3::splat(EDGE));
        for cell in cells(&analysis).closed() {
            let (volume, faces) = &theirs[&cell.atom];
            assert_relative_eq!(cell.volume, *volume, max_relative = 1e-9);
            let ours = cell.faces.iter().map(|face| (face.edges, face.area));
            // voro++ merges corners nearer than 1e-11: none in a melt, save by great chance.
            same_faces(sorted(ours.collect()), faces.clone());
        }
    }
}
