"""Our multislice images beside those of abTEM, and the time that each takes.

Needs abTEM 1.0.11 (`pip install abtem==1.0.11`) and our program:
  cargo build --no-default-features --features tomography --example multislice
  python benches/peers/multislice.py target/debug/examples/multislice

13 tantalum atoms (the icosahedron, a little out of order) in the middle of a cell of about 20 Å; both
programs get the same cell, wave pixel, slices, aperture (30 mrad) and detector. abTEM computes from two
potentials: its own of infinite projection, which spreads each atom over the four samples about it
before the transform, and the exact one, given to it as an array; and from its own of finite
projection, by quadrature in real space, as a check of the strength of the potential. abTEM's detector has
sharp edges where ours are one frequency step wide. At last it prints the known answer of the test
`four_atoms_look_as_in_abtem` in src/aet/multislice/series.rs.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import abtem
import numpy as np
from abtem.core.energy import energy2sigma
from abtem.parametrizations import KirklandParametrization
from ase import Atoms

ENERGY, CONVERGENCE, INNER = 300e3, 30.0, 40.0
SCAN, PADDING = 0.3216, 5.0
BATCH = 16
# Without the taper of the anti-aliasing limit, which we do not have.
CONFIGURATION = {"diagnostics.progress_bar": False, "precision": "float32", "antialias.taper": 0.0}
FACTORS = (0, 1, 2, 4)
FOUR = np.array([[0.07, -0.31, 0.4], [1.83, 1.12, 1.3], [-1.91, 0.77, 2.2], [0.61, -1.57, 3.1]])


def fast_length(least: int) -> int:
    """The even length that our program chooses: no prime factor above 7."""
    n = max(least, 8) + max(least, 8) % 2
    while True:
        rest = n
        for factor in (2, 3, 5, 7):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return n
        n += 2


def cell(pixels: int, pixel: float) -> tuple[float, int]:
    """Where our cell begins, and its samples, for atoms that lie within the image."""
    low = np.floor((-(pixels // 2) * SCAN - PADDING) / pixel) * pixel
    high = (pixels - 1 - pixels // 2) * SCAN + PADDING
    return low, fast_length(int(np.ceil((high - low) / pixel - 1e-9)))


def cluster() -> np.ndarray:
    """13 atoms about the origin, the first slice beginning at z = 0."""
    golden = (1 + 5**0.5) / 2
    points = [(0.0, a, b * golden) for a in (-1, 1) for b in (-1, 1)]
    corners = [np.roll(point, turn) for point in points for turn in range(3)]
    places = np.array([(0.0, 0.0, 0.0), *corners]) * 2.86 / np.sqrt(1 + golden**2)
    places += np.random.default_rng(1).normal(0, 0.15, places.shape)
    places[:, 2] -= places[:, 2].min() - 0.5
    return places


def exact(places: np.ndarray, side: float, n: int, slices: int, thickness: float) -> np.ndarray:
    """The projected potential of each slice in V·Å, each atom at its exact place."""
    k = np.fft.fftfreq(n, side / n)
    factor = KirklandParametrization().scattering_factor("Ta")(k[:, None] ** 2 + k[None] ** 2)
    factor *= 47.87801 * (n / side) ** 2
    potential = np.zeros((slices, n, n), np.float32)
    for number in range(slices):
        inside = places[np.floor(places[:, 2] / thickness) == number]
        ramps = [np.exp(-2j * np.pi * k[:, None] * inside[:, axis]) for axis in (0, 1)]
        potential[number] = np.fft.ifft2(factor * (ramps[0] @ ramps[1].T)).real
    return potential


def theirs(potential, n, places, outer, factor):
    """abTEM's image at the places (Å from the edge of the cell), and the seconds."""
    scan = abtem.CustomScan(places)
    detector = abtem.AnnularDetector(INNER, outer)
    if factor == 0:
        probe = abtem.Probe(energy=ENERGY, semiangle_cutoff=CONVERGENCE, gpts=n, extent=potential.extent)
        few = abtem.CustomScan(places[:BATCH])
        probe.scan(potential, scan=few, detectors=detector, max_batch=BATCH, lazy=False)  # plans FFTW
        start = time.perf_counter()
        image = probe.scan(potential, scan=scan, detectors=detector, max_batch=BATCH, lazy=False)
    else:
        start = time.perf_counter()
        matrix = abtem.SMatrix(
            potential=potential, energy=ENERGY, semiangle_cutoff=CONVERGENCE, interpolation=factor
        )
        image = matrix.scan(scan=scan, detectors=detector, lazy=False)
    return np.asarray(image.array), time.perf_counter() - start


def ours(program, places, pixels, pixel, thickness, outer, factor):
    """Our image, and the seconds, on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        atoms, target = Path(folder, "atoms.txt"), Path(folder, "image.txt")
        np.savetxt(atoms, places)
        arguments = [atoms, "Ta", pixels, SCAN, pixel, thickness, outer, factor, target]
        done = subprocess.run(
            [program, *map(str, arguments)],
            env={**os.environ, "RAYON_NUM_THREADS": "1"},
            check=True,
            capture_output=True,
            text=True,
        )
        return np.loadtxt(target), float(done.stdout)


def compare(name, ours, theirs):
    correlation = np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]
    worst = np.abs(ours - theirs).max() / theirs.max()
    print(f"{name}: correlation {correlation:.6f}, ratio of the sums {ours.sum() / theirs.sum():.4f}, "
          f"largest difference {worst:.4f} of the maximum")


def potentials(places, low, n, side, slices, thickness):
    """The atoms' projected potential in three ways."""
    shifted = places - [low, low, 0.0]
    atoms = Atoms("Ta" * len(places), positions=shifted, cell=[side, side, slices * thickness], pbc=True)
    built = {
        f"abTEM's {projection}": abtem.Potential(
            atoms, gpts=n, slice_thickness=thickness, projection=projection, parametrization="kirkland"
        ).build(lazy=False)
        for projection in ("infinite", "finite")
    }
    array = exact(shifted, side, n, slices, thickness)
    given = abtem.PotentialArray(array, slice_thickness=thickness, extent=(side, side))
    return {"exact": given, **built}


def positions(pixels: int, low: float) -> np.ndarray:
    grid = (np.arange(pixels) - pixels // 2) * SCAN - low
    return np.stack(np.meshgrid(grid, grid, indexing="ij"), -1).reshape(-1, 2)


def main() -> None:
    program = sys.argv[1]
    abtem.config.set(CONFIGURATION)
    pixels, pixel, thickness, outer = 31, SCAN / 5, 2.0, 100.0
    places = cluster()
    slices = int(places[:, 2].max() // thickness) + 1
    low, n = cell(pixels, pixel)
    side = n * pixel
    print(f"abTEM {abtem.__version__}; cell {side:.4f} Å, {n} samples, {slices} slices of {thickness} Å")
    given = potentials(places, low, n, side, slices, thickness)
    scan = positions(pixels, low)
    for factor in FACTORS:
        mine, my_time = ours(program, places, pixels, pixel, thickness, outer, factor)
        label = "multislice" if factor == 0 else f"PRISM {factor}"
        times = []
        for name, potential in given.items():
            image, seconds = theirs(potential, n, scan, outer, factor)
            compare(f"{label}, {name} potential", mine, image.reshape(mine.shape))
            times.append(seconds)
        count = pixels * pixels
        print(f"  one thread, ms a position: ours {my_time / count * 1e3:.2f}, "
              f"abTEM {min(times) / count * 1e3:.2f}")
    pixels = 15
    low, n = cell(pixels, pixel)
    potential = potentials(FOUR, low, n, n * pixel, 2, thickness)["exact"]
    image, _ = theirs(potential, n, positions(pixels, low), outer, 0)
    image = image.reshape(pixels, pixels)
    print(f"four atoms, line x = 7: {np.array2string(image[7], precision=5)}, sum {image.sum():.5f}")


if __name__ == "__main__":
    main()
