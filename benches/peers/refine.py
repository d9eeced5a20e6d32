"""One iteration of the refinement of atom positions in numpy and scipy, on the measured images of area
20 of the Ta film: what refine.rs does, with the same definitions, every loop over atoms, images and
pixels an array operation.

refine.py REPETITIONS [OURS]: needs $AMORPHOUS_PACKING_DATA. Prints
"numpy,version,refine_iteration,atoms,threads,repetition,seconds,cpu_seconds,R" for each repetition, each from the
first positions, and compares with OURS, the file that `steps refine_iteration` wrote: R, then x, y, z
of every movable atom after the iteration. Threads: OMP_NUM_THREADS, which the transforms take too.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import scipy
import scipy.fft
from scipy.io import loadmat

PIXEL = 0.3216  # ångström
FILM_CENTRE = np.array([201, 176, 171])
AREA_CENTRE, HALF = np.array([139, 88, 165]), np.array([75, 38, 75])
B_FACTOR = 6.0  # Å²
REACH, MARGIN = 4, 25
STEP, SIDE = 1.0, 426.0
LONGEST_STEP, LEASH = 0.5, 1.0 / PIXEL
# Kirkland's parameters of tantalum.
LORENTZIANS = [(3.20236821, 13.8446369), (0.830098413, 0.118381581), (2.86552297, 0.766369118)]
GAUSSIANS = [(0.0224813887, 0.0352934622), (1.40165263, 14.6148877), (0.333740596, 0.205704486)]
THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
SAME = 1e-6


def read(data):
    """Images by angle, x and y; rotations; positions in pixels from the area's centre; which may move."""
    measured = data / "1_Measured_data/Ta_film"
    images = loadmat(measured / "Sub_area_projections_for_sAET/Projections_area20.mat")["Proj_sub"]
    angles = next(v for k, v in loadmat(measured / "angles.mat").items() if not k.startswith("_"))
    model = loadmat(data / "5_Position_refinement/Input/Ta_film/atomic_model_Ta_film.mat")["model"]
    positions = model.T / PIXEL - (AREA_CENTRE - FILM_CENTRE)
    movable = (np.abs(positions) <= HALF).all(axis=1)
    images = np.ascontiguousarray(images.transpose(2, 0, 1), dtype=float)
    return images, np.array([rotation(*row) for row in np.radians(angles.astype(float))]), positions, movable


def rotation(phi, theta, psi):
    """From the object to the image: the transpose of M(z, phi) M(y, theta) M(x, psi)."""
    def about(axis, angle):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        matrix = np.eye(3)
        matrix[i, i] = matrix[j, j] = np.cos(angle)
        matrix[i, j], matrix[j, i] = -np.sin(angle), np.sin(angle)
        return matrix

    return (about(2, phi) @ about(1, theta) @ about(0, psi)).T


def fast_length(least):
    """The next even length without a prime factor above 7."""
    length = least + least % 2
    while True:
        rest = length
        for factor in (2, 3, 5, 7):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return length
        length += 2


class Refinement:
    def __init__(self, images, rotations, positions, movable):
        self.measured, self.rotations = images, rotations
        count, *shape = images.shape
        self.padded = [fast_length(side + 2 * MARGIN) for side in shape]
        corner = [(m - n) // 2 for m, n in zip(self.padded, shape)]
        self.middle = np.array([c + n // 2 for c, n in zip(corner, shape)])
        self.window = (slice(None), *(slice(c, c + n) for c, n in zip(corner, shape)))
        self.b = (np.pi * PIXEL) ** 2 / B_FACTOR
        qx = scipy.fft.fftfreq(self.padded[0], PIXEL)[:, None]
        qy = scipy.fft.rfftfreq(self.padded[1], PIXEL)
        q2 = qx**2 + qy**2
        self.filter = sum(a / (q2 + b) for a, b in LORENTZIANS)
        self.filter += sum(c * np.exp(-d * q2) for c, d in GAUSSIANS)
        # A border of REACH pixels and more beyond the padded image takes what falls beside it.
        self.bordered = [m + 2 * (2 * REACH + 1) for m in self.padded]
        self.held = self.draw(self.spots(positions[~movable]))

    def spots(self, positions):
        """Index of each pixel of each spot (image, atom, x, y) in the flat bordered images, distances
        (image, atom, axis, 9) and profiles."""
        m1, m2 = self.bordered
        border = 2 * REACH + 1
        place = np.einsum("iab,nb->ina", self.rotations, positions)
        place[..., :2] += self.middle
        first = np.round(place) - REACH
        across = np.arange(2 * REACH + 1)
        distance = first[..., None] + across - place[..., None]
        profile = np.exp(-self.b * distance**2)
        corner = first[..., :2].astype(np.intp) + border
        corner[..., 0] = corner[..., 0].clip(0, m1 - border)
        corner[..., 1] = corner[..., 1].clip(0, m2 - border)
        image = np.arange(len(self.rotations))[:, None] * (m1 * m2)
        start = image + corner[..., 0] * m2 + corner[..., 1]
        pixel = start[..., None, None] + (across[:, None] * m2 + across)
        return pixel, distance, profile

    def draw(self, spots):
        """Padded images of the spots, not filtered."""
        pixel, _, profile = spots
        m1, m2 = self.bordered
        along_beam = profile[..., 2, :].sum(axis=-1)
        drawn = (along_beam[..., None] * profile[..., 0, :])[..., :, None] * profile[..., 1, None, :]
        count = len(self.rotations)
        images = np.bincount(pixel.ravel(), drawn.ravel(), count * m1 * m2).reshape(count, m1, m2)
        border = 2 * REACH + 1
        return images[:, border:-border, border:-border]

    def iterate(self, positions, begin):
        """Positions after one iteration, and R before it."""
        spots = self.spots(positions)
        images = self.held + self.draw(spots)
        spectrum = scipy.fft.rfft2(images, workers=THREADS)
        spectrum *= self.filter
        images = scipy.fft.irfft2(spectrum, self.padded, workers=THREADS)
        computed = images[self.window].clip(0.0)
        scale = self.measured.sum() / computed.sum()
        residual = scale * computed - self.measured
        r = np.abs(residual).sum() / np.abs(self.measured).sum()
        gradient = self.gradient(spots, residual, scale)
        length = STEP / (8 * 14_580 * SIDE) / (scale * self.b) ** 2
        step = (-length * gradient).clip(-LONGEST_STEP, LONGEST_STEP)
        moved = positions + step - begin
        far = np.linalg.norm(moved, axis=1, keepdims=True)
        moved *= np.minimum(1.0, LEASH / np.maximum(far, 1e-300))
        return begin + moved, r

    def gradient(self, spots, residual, scale):
        pixel, distance, profile = spots
        m1, m2 = self.bordered
        border = 2 * REACH + 1
        bordered = np.zeros((len(residual), m1, m2))
        bordered[:, border:-border, border:-border][self.window] = residual
        under = bordered.ravel()[pixel]
        slope = distance * profile
        along_y = under @ np.stack([profile[..., 1, :], slope[..., 1, :]], axis=-1)
        along_x = np.stack([profile[..., 0, :], slope[..., 0, :]], axis=-2) @ along_y
        total, tilted = profile[..., 2, :].sum(axis=-1), slope[..., 2, :].sum(axis=-1)
        on_image = np.stack(
            [along_x[..., 1, 0] * total, along_x[..., 0, 1] * total, along_x[..., 0, 0] * tilted], axis=-1
        )
        return 2 * self.b * scale * np.einsum("iab,ina->nb", self.rotations, on_image)


def main():
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    images, rotations, positions, movable = read(Path(os.environ["AMORPHOUS_PACKING_DATA"]))
    refinement = Refinement(images, rotations, positions, movable)
    begin = positions[movable]
    for repetition in range(1, repetitions + 1):
        start, busy = time.perf_counter(), time.process_time()
        moved, r = refinement.iterate(begin, begin)
        seconds, cpu = time.perf_counter() - start, time.process_time() - busy
        print(
            f"numpy+scipy,{np.__version__}+{scipy.__version__},refine_iteration,{len(begin)},{THREADS},"
            f"{repetition},{seconds:.5f},{cpu:.5f},{r:.9f}",
            flush=True,
        )
    if len(sys.argv) > 2:
        compare(np.fromfile(sys.argv[2]), r, moved)


def compare(ours, r, moved):
    """Ends with an error unless ours is the same."""
    positions = ours[1:].reshape(-1, 3)
    if positions.shape != moved.shape:
        sys.exit(f"{len(positions)} of ours against {len(moved)} positions")
    apart = np.abs(positions - moved).max()
    print(f"R differs by {abs(ours[0] - r):.1e}, positions by {apart:.1e} px", file=sys.stderr)
    if max(abs(ours[0] - r), apart) > SAME:
        sys.exit("the results differ")


main()
