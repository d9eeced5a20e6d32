//! The annular dark-field image of some atoms by multislice simulation.
//!
//! `cargo run --example multislice -- ATOMS.txt Ta 80 0.3216 0.06432 2 100 8 IMAGE.txt`: a file with
//! x, y and z of each atom in ångström on a line (the beam runs along z, the image is centred at
//! x = y = 0), the element, the pixels along each side, the pixel of the image and of the wave and the
//! thickness of a slice in ångström, the outer angle of the detector in mrad, the PRISM factor (0 for
//! plain multislice), and the file for the image, a line for each x. Prints the seconds that it took.

use std::error::Error;
use std::time::Instant;

use amorphous_packing::aet::multislice::{Method, Microscope, Sampling, Specimen, image};
use amorphous_packing::atoms::Element;
use amorphous_packing::numerics::Vec3;
use amorphous_packing::progress::Silent;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [atoms, element, pixels, settings @ .., factor, target] = &arguments[..] else {
        return Err(
            "usage: multislice ATOMS ELEMENT PIXELS PIXEL WAVE_PIXEL SLICE OUTER FACTOR IMAGE"
                .into(),
        );
    };
    let settings = settings.iter().map(|setting| setting.parse::<f64>());
    let [scan_pixel, wave_pixel, slice, outer] = settings.collect::<Result<Vec<_>, _>>()?[..]
    else {
        return Err("give the three lengths in ångström and the angle in mrad".into());
    };
    let specimen = Specimen {
        element: Element::from_symbol(element).ok_or("the element is neither Ta nor Pd")?,
        positions: read(&std::fs::read_to_string(atoms)?)?,
    };
    let microscope = Microscope {
        outer_mrad: outer,
        ..Microscope::default()
    };
    let sampling = Sampling {
        wave_pixel_angstrom: wave_pixel,
        slice_angstrom: slice,
        method: match factor.parse()? {
            0 => Method::Probes,
            factor => Method::Prism { factor },
        },
        ..Sampling::of(&microscope, scan_pixel)
    };
    let side = pixels.parse()?;
    let start = Instant::now();
    let image = image(&specimen, &microscope, &sampling, (side, side), &Silent)?;
    println!("{:.4}", start.elapsed().as_secs_f64());
    let lines = image.outer_iter().map(|line| {
        let values: Vec<String> = line.iter().map(f32::to_string).collect();
        values.join(" ") + "\n"
    });
    std::fs::write(target, lines.collect::<String>())?;
    Ok(())
}

fn read(text: &str) -> Result<Vec<Vec3>, Box<dyn Error>> {
    text.lines()
        .map(|line| {
            let numbers = line.split_whitespace().map(str::parse);
            match numbers.collect::<Result<Vec<f64>, _>>()?[..] {
                [x, y, z] => Ok(Vec3::new(x, y, z)),
                _ => Err(format!("'{line}' does not hold three numbers").into()),
            }
        })
        .collect()
}
