//! The panels and scenes of the liquid chapter.

use std::ops::Range;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Element, Vec3};
use amorphous_packing::data::Sample;
use amorphous_packing::data::carried::embedded;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::network::Extent;
use amorphous_packing::numerics::Bounds;
use amorphous_packing::order::PairDistribution;
use amorphous_packing::progress::Silent;
use amorphous_packing::report::{Networks, Rows};
use figures::panels::liquid;
use figures::render::Scene;
use figures::scenes::liquid as liquid_scenes;
use figures::{Figure, Layout};
use polars::df;

/// The whole of what is drawn: the length of all struts, and the number of centroids.
fn drawn(scene: &Scene) -> (f64, usize) {
    let length = scene.sticks.iter().map(|s| s.ends[0].distance(s.ends[1]));
    (length.sum(), scene.spheres.len())
}

#[test]
fn networks_in_a_periodic_box_do_not_depend_on_where_the_box_begins() {
    let bytes = embedded("ta_zhou_glass_300K.parquet").unwrap();
    let frame = Snapshot::from_parquet(bytes).unwrap().atoms().clone();
    let Some(edges) = frame.boundary().edges() else {
        panic!("the frame is periodic");
    };
    let scene = |shift: Vec3| {
        let places: Vec<Vec3> = frame.positions().iter().map(|p| *p + shift).collect();
        let atoms = Atoms::new(Element::Ta, places, frame.boundary()).unwrap();
        let analysis = Analysis::new(atoms, Some(4.1), &Silent).unwrap();
        let found = analysis.networks(5, Region::All);
        assert!(matches!(found.networks[0].extent, Extent::Spans(_)));
        let networks = Networks {
            analysis: &analysis,
            found: &found,
        };
        liquid_scenes::networks_in_box(Rows::new("ta_zhou_glass_300K", networks), edges)
    };
    let [here, there] = [Vec3::ZERO, Vec3::new(11.0, -7.3, 25.9)].map(scene);
    let whole = Bounds::of([Vec3::ZERO, edges]).padded(1e-9);
    for stick in &here.sticks {
        assert!(
            stick.ends.iter().all(|end| whole.contains(*end)),
            "{stick:?}"
        );
    }
    let [(length, dots), (other, other_dots)] = [&here, &there].map(drawn);
    assert!(length > 1_000.0 && dots > 1_000, "{length} {dots}");
    assert!((length / other - 1.0).abs() < 1e-9, "{length} {other}");
    assert_eq!(dots, other_dots);
}

#[test]
fn the_frames_that_are_shown_are_those_of_the_paper_or_the_first_three() {
    let ids = |samples: Vec<Sample>| samples.into_iter().map(Sample::id).collect::<Vec<_>>();
    assert_eq!(
        ids(liquid::default_shown()),
        ["ta_liquid_5200K", "ta_liquid_2500K", "ta_glass_300K"]
    );
    let pd: Vec<Sample> = Sample::all()
        .filter(|sample| liquid::run_of(*sample) == Some("pd"))
        .collect();
    assert_eq!(liquid::shown(&pd), pd[..3]);
    assert_eq!(liquid::shown(&[Sample::TaFilm]), []);
    let every =
        |threshold: Option<Range<f64>>| ids(liquid::around(threshold.as_ref(), &Sample::quench()));
    let bare = every(None);
    assert_eq!(bare.first(), Some(&"ta_liquid_5200K"));
    assert_eq!(bare.last(), Some(&"ta_glass_300K"));
    assert!(!bare.contains(&"ta_liquid_3500K"), "{bare:?}");
    assert!(every(Some(3_500.0..4_000.0)).contains(&"ta_liquid_3500K"));
}

#[test]
fn the_arrows_say_what_they_point_at() {
    let curve = |third: f64| {
        let bell = |r: f64, centre: f64, width: f64| (-((r - centre) / width).powi(2)).exp();
        let r_angstrom: Vec<f64> = (1..199).map(|k| 0.1 * f64::from(k)).collect();
        let g = r_angstrom.iter().map(|&r| {
            3.0 * bell(r, 2.9, 0.3) + 1.5 * bell(r, 4.9, 0.45) + third * bell(r, 5.7, 0.4)
        });
        let g = g.collect();
        vec![Rows::new(
            "ta_glass_300K",
            PairDistribution { r_angstrom, g },
        )]
    };
    let said = |third: f64| liquid::second_peak_described(&curve(third));
    assert!(said(0.5).contains("a maximum at 4.9") && said(0.5).contains("a shoulder at 5."));
    assert!(said(0.0).contains("not split"), "{}", said(0.0));
    assert!(said(0.0).ends_with("no arrows."), "{}", said(0.0));
}

#[test]
fn without_a_frame_the_panels_say_so() {
    let nothing = df!(
        "sample" => Vec::<&str>::new(), "temperature_k" => Vec::<f64>::new(),
        "triplet" => Vec::<f64>::new(), "quadrilateral" => Vec::<f64>::new(),
        "pentagonal" => Vec::<f64>::new(), "hexagonal" => Vec::<f64>::new(),
        "n" => Vec::<u32>::new(), "fraction" => Vec::<f64>::new(),
        "r_angstrom" => Vec::<f64>::new(), "r_over_r1" => Vec::<f64>::new(),
        "g" => Vec::<f64>::new(), "size_low" => Vec::<u64>::new(),
        "size_high" => Vec::<u64>::new(), "per_bipyramid_and_size" => Vec::<f64>::new(),
        "share_of_largest" => Vec::<f64>::new(), "mean_size_of_others" => Vec::<f64>::new(),
    )
    .unwrap();
    let [density, energy] = liquid::states(&[Sample::TaFilm]).unwrap();
    let figure = Figure::new("fig0", "", Layout::even(183.0, 50.0, 3, 8))
        .panel('a', liquid::populations(&nothing))
        .panel('b', liquid::filling(&nothing, &[]))
        .panel('c', liquid::stacked_curves(&nothing, &nothing, &[]))
        .panel('d', liquid::second_peaks(&nothing, &nothing, &[]))
        .panel('e', liquid::cluster_sizes(&nothing, &[]))
        .panel('f', liquid::percolation(&nothing, None))
        .panel('g', density)
        .panel('h', energy);
    let svg = figure.drawing().unwrap().svg;
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}
