use amorphous_packing::{atoms::*, bipyramid::*, geometry::*, network::*, order::*, packing::*};
use std::time::Instant;
fn main() {
    for (n, w, e) in [
        ("ta", 4.12, Element::Ta),
        ("pd1", 3.90, Element::Pd),
        ("pd2", 3.91, Element::Pd),
    ] {
        let b = std::fs::read(format!("/tmp/{n}.f64")).unwrap();
        let v: Vec<f64> = b
            .chunks(8)
            .map(|c| f64::from_le_bytes(c.try_into().unwrap()))
            .collect();
        let p: Vec<Vec3> = v.chunks(3).map(|c| [c[0], c[1], c[2]]).collect();
        let t = Instant::now();
        let atoms = Atoms::new(e, p, Boundary::Open).unwrap();
        println!(
            "{n} {} closest {:?} {:?}",
            atoms.len(),
            atoms.closest_pair(),
            t.elapsed()
        );
        let t = Instant::now();
        let s: Vec<f64> = averaged_bond_order(&atoms, w)
            .into_iter()
            .map(|b| b.normalised())
            .collect();
        if let Ok(b) = std::fs::read(format!("/tmp/{n}.boo")) {
            let r: Vec<f64> = b
                .chunks(8)
                .map(|c| f64::from_le_bytes(c.try_into().unwrap()))
                .collect();
            println!(
                "max diff {}",
                s.iter()
                    .zip(&r)
                    .map(|(a, b)| (a - b).abs())
                    .fold(0.0, f64::max)
            );
        }
        let crystal = crystal_nuclei(&atoms, &s);
        println!(
            "nuclei {} {:?}",
            crystal.iter().filter(|c| **c).count(),
            t.elapsed()
        );
        let t = Instant::now();
        let tri = Triangulation::new(&atoms).unwrap();
        println!("tets {} {:?}", tri.len(), t.elapsed());
        let t = Instant::now();
        let rings = EdgeRings::new(&tri);
        println!("rings {} {:?}", rings.len(), t.elapsed());
        let t = Instant::now();
        let c = Criteria::new(w);
        let acc = accepted_tetrahedra(&tri, c);
        let amo = amorphous_tetrahedra(&tri, &acc, &crystal);
        println!(
            "accepted {} pairs {} amorphous {}",
            acc.iter().filter(|a| **a).count(),
            face_pairs(&tri, &acc).len(),
            amo.iter().filter(|a| **a).count()
        );
        println!("triplets {} {:?}", triplets(&tri, &acc).len(), t.elapsed());
        for f in 3..=8 {
            let b = bipyramids(&rings, c, f);
            let k = touching(&rings, &b, &amo);
            println!("{f} {} | {}", b.len(), k.len());
        }
        let t = Instant::now();
        println!(
            "{:?} {:?}",
            populations(&tri, &rings, c, &crystal),
            t.elapsed()
        );
        let t = Instant::now();
        for f in [5, 4, 6] {
            let b = touching(&rings, &bipyramids(&rings, c, f), &amo);
            let sh = sharing(&rings, &b);
            let nw = networks(&tri, &rings, &b, &sh);
            println!(
                "{f} networks {} {:?}",
                nw.len(),
                nw.iter()
                    .take(2)
                    .map(|n| (n.size(), n.atoms.len(), n.extent))
                    .collect::<Vec<_>>()
            );
            if f == 5 {
                let nc = sh.neighbour_counts(b.len());
                println!(
                    "no vertex {} edge {}",
                    nc.vertex.iter().filter(|c| **c == 0).count() as f64 / b.len() as f64,
                    nc.edge.iter().filter(|c| **c > 0).count() as f64 / b.len() as f64
                );
                println!(
                    "{:?}",
                    filling_population(&icosahedral_filling(atoms.len(), &rings, &b), &rings, &b)
                );
            }
        }
        let b = bipyramids(&rings, c, 5);
        let sh = sharing(&rings, &b);
        let pl = skeleton_planes(&tri, &rings, &b);
        let phi: Vec<f64> = sh
            .edge
            .iter()
            .map(|l| dihedral_deg(&pl[l.first as usize], &pl[l.second as usize]))
            .collect();
        println!(
            "phi {} over {}",
            phi.iter().sum::<f64>() / phi.len() as f64,
            phi.len()
        );
        let g: Vec<BipyramidShape> = b
            .iter()
            .map(|&m| bipyramid_shape(&tri, rings.ring(m as usize)))
            .collect();
        let n = g.len() as f64;
        println!(
            "theta {} a/g {} b/g {} {:?}",
            g.iter().map(|s| s.theta_deg).sum::<f64>() / n,
            g.iter().map(|s| s.alpha / s.gamma).sum::<f64>() / n,
            g.iter().map(|s| s.beta / s.gamma).sum::<f64>() / n,
            t.elapsed()
        );
    }
}
