"""The time of one iteration of ASTRA's SIRT on the processor, at the size of area 1 of the Ta film.

A simpler method than RESIRE: every row of the film is a problem of its own in two dimensions with one
tilt axis. 63 rows of 543 x 131 voxels, 46 projections of 131 pixels; synthetic data.
Prints: program, version, threads, seconds.
"""

import sys
import time

import astra
import numpy as np

ROWS, WIDTH, DEPTH, PIXELS, ANGLES = 63, 543, 131, 131, 46
ITERATIONS = 10


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    angles = np.deg2rad(np.linspace(-63.0, 56.0, ANGLES))
    volume = astra.create_vol_geom(DEPTH, WIDTH)
    projections = astra.create_proj_geom("parallel", 1.0, PIXELS, angles)
    projector = astra.create_projector("linear", projections, volume)
    noise = np.random.default_rng(1).random((ANGLES, PIXELS), dtype=np.float32)
    measured = astra.data2d.create("-sino", projections, noise)
    result = astra.data2d.create("-vol", volume, 0.0)
    options = astra.astra_dict("SIRT")
    options.update(
        ProjectorId=projector,
        ProjectionDataId=measured,
        ReconstructionDataId=result,
        option={"MinConstraint": 0.0},
    )
    algorithm = astra.algorithm.create(options)
    astra.algorithm.run(algorithm, 1)
    best = min(timed(algorithm) for _ in range(repeats))
    print(f"ASTRA SIRT 2D,{astra.__version__},1,{ROWS * best:.4f}")


def timed(algorithm: int) -> float:
    """Seconds of one iteration of one row."""
    start = time.perf_counter()
    astra.algorithm.run(algorithm, ITERATIONS)
    return (time.perf_counter() - start) / ITERATIONS


main()
