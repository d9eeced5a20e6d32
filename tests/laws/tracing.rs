//! From volumes and images of known atoms back to the atoms.

use amorphous_packing::aet::classify::{ClassifyError, ClassifyOptions, classify};
use amorphous_packing::aet::refine::{Descent, RefineError, Refinement, realign};
use amorphous_packing::aet::trace::{Flag, TraceError, TraceOptions, Upsampling, trace};
use amorphous_packing::aet::{
    AtomImages, Options, Precision, Rotation, TiltAngles, View, centre, poisson_noise, reconstruct,
    shift_images,
};
use amorphous_packing::atoms::{Element, ScatteringFactor, Vec3};
use amorphous_packing::progress::Silent;
use ndarray::Array3;
use proptest::prelude::*;

use acceptance::random::Random;

const PIXEL: f64 = 0.3216;
const SIDE: usize = 41;

/// Atoms of a jittered simple cubic lattice, 9 voxels apart, voxels from the centre.
fn atoms(seed: u64) -> Vec<Vec3> {
    let mut random = Random(seed);
    let places = (0..27).map(|k| Vec3::new((k % 3) as f64, (k / 3 % 3) as f64, (k / 9) as f64));
    places
        .map(|cell| 9.0 * (cell - Vec3::ONE) + 1.5 * (random.vector() - Vec3::splat(0.5)))
        .collect()
}

/// A volume of Gaussians of two voxels' width.
fn volume(atoms: &[Vec3], side: usize) -> Array3<f32> {
    let middle = centre(side) as f64;
    Array3::from_shape_fn((side, side, side), |(x, y, z)| {
        let place = Vec3::new(x as f64, y as f64, z as f64) - Vec3::splat(middle);
        let value = atoms
            .iter()
            .map(|&atom| (-place.distance_squared(atom) / 6.0).exp());
        value.sum::<f64>() as f32
    })
}

fn kept(volume: &Array3<f32>, options: &TraceOptions) -> Vec<Vec3> {
    let peaks = trace(volume.view(), options, &Silent).unwrap();
    let kept = peaks
        .into_iter()
        .filter(|peak| peak.flag == Flag::Kept && peak.height > 0.2);
    kept.map(|peak| peak.voxel).collect()
}

fn tilts() -> Vec<TiltAngles> {
    (-9..=9)
        .map(|k| TiltAngles::tilt(7.0 * f64::from(k)))
        .collect()
}

fn images(atoms: &[Vec3], views: &[View]) -> Array3<f32> {
    let factor = ScatteringFactor::of(Element::Ta).unwrap();
    AtomImages::new((SIDE, SIDE), PIXEL, &factor).images(atoms, 5.0, views)
}

fn views(angles: &[TiltAngles]) -> Vec<View> {
    angles
        .iter()
        .map(|&angles| Rotation::of(angles).into())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Moved by whole voxels, a volume has its atoms moved by as much; brighter, it has the same.
    #[test]
    fn atoms_follow_their_volume_and_do_not_mind_its_scale(
        shift in prop::array::uniform3(-2_i32..=2),
        scale in 0.01_f32..100.0,
        seed in 0_u64..1000,
    ) {
        let atoms = atoms(seed);
        let shift = Vec3::from_array(shift.map(f64::from));
        let moved: Vec<Vec3> = atoms.iter().map(|&atom| atom + shift).collect();
        for upsampling in [Upsampling::Linear, Upsampling::Spline] {
            let options = TraceOptions { upsampling, ..TraceOptions::film(PIXEL) };
            let still = kept(&volume(&atoms, SIDE), &options);
            prop_assert_eq!(still.len(), atoms.len());
            let there = kept(&volume(&moved, SIDE), &options);
            let bright = volume(&atoms, SIDE).mapv(|value| scale * value);
            let peaks = trace(bright.view(), &options, &Silent).unwrap();
            for place in &still {
                let near = |list: &[Vec3], place: Vec3| list.iter().any(|p| p.distance(place) < 1e-3);
                prop_assert!(near(&there, *place + shift));
                let bright: Vec<Vec3> = peaks.iter().map(|peak| peak.voxel).collect();
                prop_assert!(near(&bright, *place));
            }
        }
    }
}

#[test]
fn splines_place_a_gaussian_better_than_a_hundredth_of_a_voxel() {
    let atoms = atoms(3);
    let options = TraceOptions {
        threshold: 0.2,
        ..TraceOptions::particle(PIXEL)
    };
    let middle = Vec3::splat((centre(SIDE) + 1) as f64);
    let found = kept(&volume(&atoms, SIDE), &options);
    for atom in atoms {
        let distance = found
            .iter()
            .map(|f| f.distance(atom + middle))
            .fold(9.0, f64::min);
        assert!(distance < 0.02, "{distance}");
    }
}

#[test]
fn images_with_noise_give_their_atoms_back() {
    let atoms = atoms(5);
    let angles = tilts();
    let noisy = poisson_noise(images(&atoms, &views(&angles)).view(), 400.0, 1);
    let options = Options {
        iterations: 60,
        ..Options::particle()
    };
    let (volume, _) = reconstruct(noisy.view(), &angles, &options, &Silent).unwrap();
    let peaks = trace(volume.view(), &TraceOptions::film(PIXEL), &Silent).unwrap();
    let found = classify(volume.view(), peaks, None, ClassifyOptions::film()).unwrap();
    let middle = Vec3::splat((centre(SIDE) + 1) as f64);
    let places: Vec<Vec3> = found
        .atoms()
        .into_iter()
        .map(|voxel| voxel - middle)
        .collect();
    let precision = |places: &[Vec3]| {
        let angstrom = |p: &[Vec3]| -> Vec<Vec3> { p.iter().map(|&p| p * PIXEL).collect() };
        Precision::of(&angstrom(places), &angstrom(&atoms), 1.0)
    };
    let traced = precision(&places);
    assert_eq!((traced.pairs.len(), traced.spurious()), (27, 0));
    let refine = || {
        let may_move = vec![true; places.len()];
        let mut refinement = Refinement::new(
            noisy.view(),
            &angles,
            PIXEL,
            Element::Ta,
            &places,
            &may_move,
        )
        .unwrap();
        let fit = refinement.fit_b_factor();
        assert!((fit.b_factor - 5.0).abs() < 0.5, "{fit:?}");
        refinement
    };
    let mut by_descent = refine();
    let descent = Descent {
        iterations: 100,
        step: 1.0,
        side: 91.0,
    };
    by_descent.descend(&descent, &Silent);
    let mut exact = refine();
    exact.minimise(30, &Silent).unwrap();
    let [descended, exact] = [by_descent, exact].map(|r| precision(r.positions()).rmsd_pm());
    assert!(
        descended < traced.rmsd_pm(),
        "{descended} {}",
        traced.rmsd_pm()
    );
    // What the noise leaves: no method can be better by much, and the exact one reaches it.
    assert!(
        exact < 5.0 && exact <= descended + 0.5,
        "{exact} {descended}"
    );
}

#[test]
fn a_known_error_of_angles_and_shifts_is_found() {
    let atoms = atoms(8);
    let angles = tilts();
    let error = TiltAngles {
        phi_deg: 0.3,
        theta_deg: -0.3,
        psi_deg: 0.3,
    };
    let added = |angles: TiltAngles, sign: f64| TiltAngles {
        phi_deg: angles.phi_deg + sign * error.phi_deg,
        theta_deg: angles.theta_deg + sign * error.theta_deg,
        psi_deg: angles.psi_deg + sign * error.psi_deg,
    };
    let true_views: Vec<View> = angles
        .iter()
        .map(|&angles| View {
            shift: [0.5, -0.5],
            ..Rotation::of(added(angles, 1.0)).into()
        })
        .collect();
    let measured = images(&atoms, &true_views);
    let may_move = vec![true; atoms.len()];
    let mut refinement = Refinement::new(
        measured.view(),
        &angles,
        PIXEL,
        Element::Ta,
        &atoms,
        &may_move,
    )
    .unwrap();
    refinement.set_b_factor(5.0);
    let found = realign(&refinement, &angles, &Silent);
    for (found, &wrong) in found.iter().zip(&angles) {
        let truth = added(wrong, 1.0);
        let wrong_by = [
            found.angles.phi_deg - truth.phi_deg,
            found.angles.theta_deg - truth.theta_deg,
            found.angles.psi_deg - truth.psi_deg,
        ];
        assert!(wrong_by.iter().all(|d| d.abs() < 0.02), "{found:?}");
        assert!((found.shift[0] - 0.5).abs() < 0.01 && (found.shift[1] + 0.5).abs() < 0.01);
        assert!(found.r_after < 0.1 * found.r_before, "{found:?}");
    }
    // Moved back, the images are those of the angles found.
    let back: Vec<[f64; 2]> = found.iter().map(|f| f.shift.map(|s| -s)).collect();
    let centred = shift_images(measured.view(), &back);
    let expected = images(
        &atoms,
        &views(&found.iter().map(|f| f.angles).collect::<Vec<_>>()),
    );
    let (mut difference, mut total) = (0.0, 0.0);
    for (a, b) in centred.iter().zip(&expected) {
        difference += f64::from((a - b).abs());
        total += f64::from(*b);
    }
    assert!(difference / total < 0.02, "{}", difference / total);
}

#[test]
fn what_cannot_be_traced_or_refined_is_refused_in_a_sentence() {
    let empty = Array3::<f32>::zeros((9, 9, 9));
    let film = TraceOptions::film(PIXEL);
    let refusal = |volume: &Array3<f32>, options: &TraceOptions| {
        trace(volume.view(), options, &Silent).unwrap_err()
    };
    assert!(matches!(
        refusal(&empty, &film),
        TraceError::NoMaxima { .. }
    ));
    assert!(
        refusal(&empty, &film)
            .to_string()
            .contains("no maximum above 0")
    );
    assert!(matches!(
        refusal(&Array3::zeros((2, 9, 9)), &film),
        TraceError::Small { .. }
    ));
    let mut broken = volume(&atoms(1), 21);
    broken[[3, 4, 5]] = f32::NAN;
    assert!(
        refusal(&broken, &film)
            .to_string()
            .contains("voxel (4, 5, 6)")
    );
    let none = TraceOptions {
        pixel_angstrom: -1.0,
        ..film
    };
    assert_eq!(
        refusal(&empty, &none),
        TraceError::Length {
            what: "pixel",
            value: -1.0
        }
    );
    let whole = volume(&atoms(1), SIDE);
    let peaks = trace(whole.view(), &film, &Silent).unwrap();
    let elsewhere = Array3::from_elem((SIDE, SIDE, SIDE), false);
    let refused = classify(
        whole.view(),
        peaks.clone(),
        Some(elsewhere.view()),
        ClassifyOptions::film(),
    );
    assert_eq!(refused, Err(ClassifyError::NothingInside));
    let small = Array3::from_elem((3, 3, 3), true);
    let refused = classify(
        whole.view(),
        peaks,
        Some(small.view()),
        ClassifyOptions::film(),
    );
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("must have one size")
    );

    let angles = tilts();
    let measured = images(&atoms(1), &views(&angles));
    let refine = |atoms: &[Vec3], may_move: &[bool], pixel| {
        Refinement::new(
            measured.view(),
            &angles,
            pixel,
            Element::Ta,
            atoms,
            may_move,
        )
        .err()
    };
    assert_eq!(refine(&[], &[], PIXEL), Some(RefineError::NoAtoms));
    assert_eq!(
        refine(&[Vec3::NAN], &[true], PIXEL),
        Some(RefineError::Position { number: 1 })
    );
    assert_eq!(
        refine(&[Vec3::ZERO], &[], PIXEL),
        Some(RefineError::Marks { atoms: 1, marks: 0 })
    );
    assert_eq!(
        refine(&[Vec3::ZERO], &[true], 0.0),
        Some(RefineError::Pixel { value: 0.0 })
    );
    assert_eq!(
        refine(&[Vec3::splat(1e3)], &[true], PIXEL),
        Some(RefineError::Beside)
    );
}
