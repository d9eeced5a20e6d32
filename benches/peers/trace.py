"""The peaks of area 1 of the Ta film in numpy and scipy: what trace.rs does, with the same definitions,
the fits of all peaks at once.

trace.py REPETITIONS [OURS]: needs $AMORPHOUS_PACKING_DATA. Prints
"numpy+scipy,version,trace,maxima,threads,repetition,seconds,cpu_seconds,kept" for each repetition, and compares with
OURS, the file that `steps trace` wrote: x, y, z of every kept peak in voxels from 1, the brightest
first. Threads: OMP_NUM_THREADS. With TRACE_FILTER=1 the maxima come from scipy.ndimage.maximum_filter;
without, from comparisons of shifted arrays, which are faster.
"""

import os
import sys
import time
from itertools import product
from pathlib import Path

import numpy as np
import scipy
from scipy import ndimage
from scipy.io import loadmat
from scipy.spatial import cKDTree

PIXEL = 0.3216  # ångström
APART = 2.0 / PIXEL
REACH, RADIUS_SQUARED, WEIGHT = 3, 12.25, 9.0
LONGEST_STEP, CALM_STEPS, MOST_STEPS = 0.5, 7, 14
THREADS = os.environ.get("OMP_NUM_THREADS", "1")
FILTER = os.environ.get("TRACE_FILTER") == "1"
SAME = 1e-3

# The samples of the ball about a maximum, and the terms of the polynomial.
BALL = np.array([p for p in product(range(-3, 4), repeat=3) if np.dot(p, p) <= RADIUS_SQUARED])
TERMS = np.array([t for t in product(range(5), repeat=3) if sum(t) <= 4])
INDEX = {tuple(term): k for k, term in enumerate(TERMS)}
LINEAR = [INDEX[t] for t in [(1, 0, 0), (0, 1, 0), (0, 0, 1)]]
SQUARE = [INDEX[t] for t in [(2, 0, 0), (0, 2, 0), (0, 0, 2)]]
MIXED = [INDEX[t] for t in [(1, 1, 0), (1, 0, 1), (0, 1, 1)]]
# Batches that stay in the cache are faster than all at once.
BATCH = 64


def upsample(volume):
    """Three times as fine, linear along one axis after another, from 2/3 of a voxel to the last."""
    for axis in range(3):
        lines = np.moveaxis(volume, axis, 0)
        fine = np.empty((3 * len(lines) - 2, *lines.shape[1:]), np.float32)
        fine[::3] = lines
        for thirds in (1, 2):
            weight = np.float32(thirds / 3)
            fine[thirds::3] = lines[:-1] * (1 - weight) + lines[1:] * weight
        volume = np.moveaxis(fine[2:], 0, axis)
    return np.ascontiguousarray(volume)


def maxima(padded):
    """The samples that no neighbour along an axis exceeds, and that are above zero."""
    if FILTER:
        cross = ndimage.generate_binary_structure(3, 1)
        highest = ndimage.maximum_filter(padded, footprint=cross, mode="constant")
        return np.argwhere((padded == highest) & (padded > 0))
    inner = padded[1:-1, 1:-1, 1:-1]
    mask = inner > 0
    for axis in range(3):
        for shift in (0, 2):
            window = [slice(1, -1)] * 3
            window[axis] = slice(shift, padded.shape[axis] - 2 + shift)
            mask &= inner >= padded[tuple(window)]
    return np.argwhere(mask) + 1


def steps(values, places):
    """Newton's step to the maximum of the polynomial fitted about each place, and whether there is one."""
    from_place = BALL[None] - places[:, None]
    weight = np.exp(-(from_place**2).sum(axis=-1) / WEIGHT)
    powers = [np.ones_like(from_place)]
    for _ in range(4):
        powers.append(powers[-1] * from_place)
    x, y, z = (np.stack([power[..., axis] for power in powers]) for axis in range(3))
    # Batches of normal equations: terms by samples, times samples by terms.
    design = weight * x[TERMS[:, 0]] * y[TERMS[:, 1]] * z[TERMS[:, 2]]
    design = np.ascontiguousarray(design.transpose(1, 0, 2))
    normal = design @ design.transpose(0, 2, 1)
    right = design @ (weight * values)[..., None]
    found = np.linalg.solve(normal, right)[..., 0]
    hessian = np.empty((len(places), 3, 3))
    for axis in range(3):
        hessian[:, axis, axis] = 2 * found[:, SQUARE[axis]]
    for k, (i, j) in zip(MIXED, [(0, 1), (0, 2), (1, 2)]):
        hessian[:, i, j] = hessian[:, j, i] = found[:, k]
    is_maximum = np.linalg.det(hessian) < 0
    hessian[~is_maximum] = np.eye(3)
    return -np.linalg.solve(hessian, found[:, LINEAR][..., None])[..., 0], is_maximum


def fit(values):
    """The place of each maximum from its sample, and its flag: 0, -1, -2 or -4."""
    places = np.zeros((len(values), 3))
    calm = np.zeros(len(values), int)
    flags = np.full(len(values), -4)
    open_ = np.arange(len(values))
    for _ in range(MOST_STEPS):
        step, is_maximum = steps(values[open_], places[open_])
        flags[open_[~is_maximum]] = -1
        open_, step = open_[is_maximum], step[is_maximum].clip(-LONGEST_STEP, LONGEST_STEP)
        places[open_] += step
        is_left = (np.abs(places[open_]) > REACH).any(axis=1)
        flags[open_[is_left]] = -2
        open_, step = open_[~is_left], step[~is_left]
        is_calm = np.abs(step).max(axis=1) < LONGEST_STEP
        calm[open_] = np.where(is_calm, calm[open_] + 1, 0)
        is_done = calm[open_] == CALM_STEPS
        flags[open_[is_done]] = 0
        open_ = open_[~is_done]
        if not len(open_):
            break
    return places, flags


def trace(volume):
    """Places in voxels from 1, the brightest first, and flags."""
    fine = np.pad(upsample(volume), REACH)
    samples = maxima(fine)
    heights = fine[tuple(samples.T)]
    # Equal heights in the order of the volume, x fastest.
    order = np.lexsort((*samples.T, -heights))
    samples = samples[order]
    m1, m2, m3 = fine.shape
    strides = np.array([m2 * m3, m3, 1])
    values = fine.ravel()[(samples @ strides)[:, None] + BALL @ strides].astype(float)
    fits = [fit(values[start : start + BATCH]) for start in range(0, len(values), BATCH)]
    places, flags = (np.concatenate(parts) for parts in zip(*fits))
    places = (samples - REACH + places + 2) / 3 + 1
    near = cKDTree(places).query_pairs(APART, output_type="ndarray")
    near = near[((places[near[:, 0]] - places[near[:, 1]]) ** 2).sum(axis=1) < APART**2]
    near = near[(flags[near] == 0).all(axis=1)]
    for brighter, fainter in sorted(map(tuple, np.sort(near, axis=1).tolist()), key=lambda pair: pair[0]):
        if flags[brighter] == 0:
            flags[fainter] = -3
    return places, flags


def main():
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    folder = Path(os.environ["AMORPHOUS_PACKING_DATA"]) / "2_RESIRE_package/Output"
    file = loadmat(folder / "Ta_film_sub_area_reconstruction/ReconObj_sub1.mat")
    volume = np.ascontiguousarray(file["reconstruction"], np.float32)
    for repetition in range(1, repetitions + 1):
        start, busy = time.perf_counter(), time.process_time()
        places, flags = trace(volume)
        seconds, cpu = time.perf_counter() - start, time.process_time() - busy
        print(
            f"numpy+scipy,{np.__version__}+{scipy.__version__},trace,{len(flags)},{THREADS},"
            f"{repetition},{seconds:.5f},{cpu:.5f},{(flags == 0).sum()}",
            flush=True,
        )
    if len(sys.argv) > 2:
        compare(np.fromfile(sys.argv[2]).reshape(-1, 3), places[flags == 0])


def compare(ours, theirs):
    """Ends with an error unless ours are the same."""
    if ours.shape != theirs.shape:
        sys.exit(f"{len(ours)} of ours against {len(theirs)} kept peaks")
    apart = np.abs(ours - theirs).max()
    print(f"{len(ours)} kept peaks differ by {apart:.1e} voxels", file=sys.stderr)
    if apart > SAME:
        sys.exit("the results differ")


main()
