//! Denoising by block matching as bm3d.py beside it does it with the package bm3d; `bm3d.sh` starts both.
//!
//! `denoise NOISY CLEAN X Y SIGMA REPETITIONS` reads two images as raw little-endian f32 by x and y, and
//! prints a row for each repetition. The range of the noise-free image is 1; the number of threads is that of
//! `RAYON_NUM_THREADS`. Without arguments, as `cargo bench -p benches` starts it, it does nothing.

use std::error::Error;
use std::fs;

use amorphous_packing::aet::preprocess::{Bm3d, denoise};
use amorphous_packing::aet::psnr;
use benches::{arguments, timed};
use ndarray::Array2;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments = arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [noisy, clean, x, y, sigma, repetitions] => {
            let dim = (x.parse()?, y.parse()?);
            let (noisy, clean) = (read(noisy, dim)?, read(clean, dim)?);
            compare(&noisy, &clean, sigma.parse()?, repetitions.parse()?)
        }
        [] => {
            println!("bm3d.sh gives the images to denoise");
            Ok(())
        }
        _ => Err("usage: denoise [NOISY CLEAN X Y SIGMA REPETITIONS]".into()),
    }
}

/// Prints `ours,version,sigma,threads,repetition,seconds,cpu_seconds,psnr_db`.
fn compare(
    noisy: &Array2<f32>,
    clean: &Array2<f32>,
    sigma: f64,
    repetitions: usize,
) -> Outcome<()> {
    let options = Bm3d::default();
    for repetition in 1..=repetitions {
        let (denoised, took) = timed(|| denoise(noisy.view(), sigma, &options));
        let quality = psnr(denoised?.view(), clean.view(), 1.0).ok_or("two shapes")?;
        println!(
            "ours,{},{sigma},{},{repetition},{:.5},{:.5},{quality:.3}",
            env!("CARGO_PKG_VERSION"),
            rayon::current_num_threads(),
            took.seconds,
            took.cpu_seconds,
        );
    }
    Ok(())
}

fn read(file: &str, dim: (usize, usize)) -> Outcome<Array2<f32>> {
    let bytes = fs::read(file)?;
    let (numbers, _) = bytes.as_chunks();
    let values = numbers.iter().map(|&number| f32::from_le_bytes(number));
    Ok(Array2::from_shape_vec(dim, values.collect())?)
}
