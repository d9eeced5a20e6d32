"""Images with noise, and what the package bm3d and a Gaussian filter make of them; bm3d.sh starts it.

bm3d.py images DIRECTORY: writes the 0° image of area 20 of the Ta film, divided by its maximum, as "clean", and
    with noise as "0.05" and "0.1", raw f32; prints its two dimensions. Needs $AMORPHOUS_PACKING_DATA.
bm3d.py denoise DIRECTORY X Y SIGMA REPETITIONS: prints
    "bm3d,version,sigma,threads,repetition,seconds,cpu_seconds,psnr_db" for each repetition, and a row of the
    noisy image and of the best Gaussian filter. Threads: OMP_NUM_THREADS.
bm3d.py table FILE: medians of a table as Markdown; fails where ours is worse by more than 0.3 dB, or slower.
"""

import csv
import os
import sys

# This file has the name of the package, which would be looked for beside it first.
sys.path = [path for path in sys.path if os.path.realpath(path or ".") != os.path.dirname(os.path.realpath(__file__))]

import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import scipy

AREA = "1_Measured_data/Ta_film/Sub_area_projections_for_sAET/Projections_area20.mat"
ANGLES = "1_Measured_data/Ta_film/angles.mat"
SIGMAS = [0.05, 0.1]
SEED = 1
WIDTHS = np.arange(0.5, 2.05, 0.05)
WORSE_DB = 0.3


def images(directory):
    """Writes the noise-free and the noisy images."""
    from scipy.io import loadmat

    data = Path(os.environ["AMORPHOUS_PACKING_DATA"])
    tilts = loadmat(data / ANGLES)["angle"][:, 1]
    image = loadmat(data / AREA)["Proj_sub"][:, :, np.abs(tilts).argmin()].astype(float)
    image /= image.max()
    image.astype("<f4").tofile(directory / "clean")
    for sigma in SIGMAS:
        noise = np.random.default_rng(SEED).normal(0.0, sigma, image.shape)
        (image + noise).astype("<f4").tofile(directory / str(sigma))
    print(*image.shape)


def denoise(directory, shape, sigma, repetitions):
    """Times the package on an image and compares with the noise-free one."""
    import bm3d
    from scipy.ndimage import gaussian_filter

    clean, noisy = (np.fromfile(directory / name, "<f4").reshape(shape).astype(float) for name in ("clean", str(sigma)))

    def psnr(image):
        return -10.0 * np.log10(np.mean((image - clean) ** 2))

    threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
    profile = bm3d.BM3DProfile()
    profile.num_threads = threads
    for repetition in range(1, repetitions + 1):
        start, busy = time.perf_counter(), time.process_time()
        denoised = bm3d.bm3d(noisy, sigma, profile)
        seconds, cpu = time.perf_counter() - start, time.process_time() - busy
        print(
            f"bm3d,{version('bm3d')},{sigma},{threads},{repetition},{seconds:.5f},{cpu:.5f},{psnr(denoised):.3f}",
            flush=True,
        )
    if threads == 1:
        print(f"none,,{sigma},,,,,{psnr(noisy):.3f}")
        best = max(psnr(gaussian_filter(noisy, width)) for width in WIDTHS)
        print(f"gaussian_filter,{scipy.__version__},{sigma},,,,,{best:.3f}", flush=True)


def table(file):
    """Medians of both; an exit with an error where ours is not as good or not as fast."""
    rows = {}
    with open(file, newline="") as lines:
        for row in csv.DictReader(lines):
            rows.setdefault((row["program"], row["sigma"], row["threads"]), []).append(row)

    def middle(key, column):
        return median(float(row[column]) for row in rows[key])

    print("| noise | threads | ours, dB | bm3d, dB | ours, s | bm3d, s | ratio | on processors |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    is_worse = False
    medians = ["sigma,threads,ours_db,bm3d_db,ours_s,bm3d_s,ratio,processor_ratio"]
    for sigma, threads in sorted({key[1:] for key in rows if key[0] == "ours"}):
        ours, other = ((name, sigma, threads) for name in ("ours", "bm3d"))
        db = [middle(key, "psnr_db") for key in (ours, other)]
        seconds = [middle(key, "seconds") for key in (ours, other)]
        cpu = [middle(key, "cpu_seconds") for key in (ours, other)]
        is_worse |= db[0] < db[1] - WORSE_DB or seconds[0] > seconds[1]
        print(
            f"| {sigma} | {threads} | {db[0]:.2f} | {db[1]:.2f} | {seconds[0]:.4f} | {seconds[1]:.4f} "
            f"| {seconds[1] / seconds[0]:.1f} | {cpu[1] / cpu[0]:.1f} |"
        )
        numbers = [f"{value:.2f}" for value in db] + [f"{value:.4f}" for value in seconds]
        ratios = [f"{seconds[1] / seconds[0]:.1f}", f"{cpu[1] / cpu[0]:.1f}"]
        medians.append(",".join([sigma, threads, *numbers, *ratios]))
    Path(file).with_name("bm3d_medians.csv").write_text("\n".join(medians) + "\n")
    if is_worse:
        sys.exit("ours is worse or slower")


match sys.argv[1:]:
    case ["images", directory]:
        images(Path(directory))
    case ["denoise", directory, x, y, sigma, repetitions]:
        denoise(Path(directory), (int(x), int(y)), float(sigma), int(repetitions))
    case ["table", file]:
        table(file)
    case _:
        sys.exit(__doc__)
