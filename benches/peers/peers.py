"""One task by one of the Python peers, in a process of its own.

peers.py PEER TASK FILE REPETITIONS THREADS: positions as raw f64; prints "seconds peak_mb check"
for each repetition. Import, reading and putting the positions into the peer's own container are
not measured. The check is a number that all who do the task must find.
"""

import resource
import sys
import time

import numpy as np

RANGE = 20.0  # angstrom
BINS = 200
CUTOFF = 3.91  # angstrom
ALPHA = 4.18  # angstrom, as in common.hpp
SMALL_CELL = 25.0  # cubic angstrom, as in common.hpp
MARGIN = 10.0  # angstrom of empty box about open samples
LONG_SECONDS = 10.0  # a longer repetition is the last


def small(volumes):
    volumes = np.asarray(volumes)
    return float(volumes[volumes < SMALL_CELL].sum())


def shifted(positions, margin):
    """Positions in a box with empty space at every side, and the edges of the box."""
    low = positions.min(axis=0) - margin
    return positions - low, positions.max(axis=0) + margin - low


def freud(task, positions, threads):
    import freud

    freud.parallel.set_num_threads(threads)
    # Its box is periodic: wide enough that no image is a neighbour.
    placed, edges = shifted(positions, RANGE)
    system = (freud.box.Box(*edges), placed - edges / 2)

    def pair_histogram():
        rdf = freud.density.RDF(bins=BINS, r_max=RANGE).compute(system)
        return float(rdf.bin_counts.sum())

    def bond_order():
        near = {"r_max": CUTOFF, "exclude_ii": True}
        found = freud.order.Steinhardt(l=[4, 6], average=True).compute(system, near)
        return float(found.particle_order[:, 1].mean())

    def voronoi():
        found = freud.locality.Voronoi().compute(system)
        return small(found.volumes)

    return locals()[task]


def ovito(task, positions, _threads):
    from ovito.data import DataCollection
    from ovito.modifiers import (
        ConstructSurfaceModifier,
        CoordinationAnalysisModifier,
        SteinhardtParametersModifier,
        VoronoiAnalysisModifier,
    )

    placed, edges = shifted(positions, MARGIN)
    data = DataCollection()
    data.create_cell(np.column_stack([np.diag(edges), np.zeros(3)]), pbc=(False, False, False))
    data.create_particles(count=len(placed)).create_property("Position", data=placed)

    def after(modifier):
        found = data.clone()
        found.apply(modifier)
        return found

    def pair_histogram():
        found = after(CoordinationAnalysisModifier(cutoff=RANGE, number_of_bins=BINS))
        return float(np.asarray(found.particles["Coordination"], dtype=np.int64).sum())

    def bond_order():
        modifier = SteinhardtParametersModifier(
            neighbor_mode=SteinhardtParametersModifier.NeighborMode.Cutoff,
            cutoff=CUTOFF,
            max_l=6,
            compute_averaged=True,
        )
        found = after(modifier).particles["Smooth Steinhardt"]
        names = list(found.component_names)
        return float(np.asarray(found)[:, names.index("q6")].mean())

    def voronoi():
        found = after(VoronoiAnalysisModifier(compute_indices=True, generate_bonds=True))
        return small(found.particles["Atomic Volume"])

    def alpha_shape():
        modifier = ConstructSurfaceModifier(
            method=ConstructSurfaceModifier.Method.AlphaShape,
            radius=ALPHA,
            smoothing_level=0,
            identify_regions=True,
        )
        found = after(modifier)
        return float(found.attributes["ConstructSurfaceMesh.filled_volume"])

    return locals()[task]


def pyscal3(task, positions, threads):
    import pyscal3 as pyscal
    from ase import Atoms

    pyscal.set_num_threads(threads)
    placed, edges = shifted(positions, MARGIN)
    atoms = Atoms(numbers=np.full(len(placed), 46), positions=placed, cell=edges, pbc=False)

    def pair_histogram():
        # Its g(r) needs a periodic box; the part that costs is the list of neighbours.
        pyscal.find_neighbors(atoms, method="cutoff", cutoff=RANGE)
        distances = pyscal.descriptors.neighbor_arrays(atoms, "neighbordist")[1]["neighbordist"]
        return float(np.histogram(distances, bins=BINS, range=(0.0, RANGE))[0].sum())

    def bond_order():
        pyscal.find_neighbors(atoms, method="cutoff", cutoff=CUTOFF)
        found = pyscal.steinhardt_parameter(atoms, l=[4, 6], averaged=True)
        return float(found[1].mean())

    def voronoi():
        pyscal.find_neighbors(atoms, method="voronoi")
        pyscal.voronoi_vector(atoms, edge_cutoff=0.0, area_cutoff=0.0)
        return small(atoms.arrays["pyscal_voronoi_volume"])

    return locals()[task]


def mdapy(task, positions, _threads):
    import mdapy as md

    placed, edges = shifted(positions, MARGIN)
    box = md.Box(np.diag(edges), boundary=np.zeros(3, int))

    def system():
        # A new one each time: a system keeps its neighbours.
        return md.System(pos=placed, box=box)

    def pair_histogram():
        found = system().cal_radial_distribution_function(RANGE, BINS, streaming=True)
        # It states g(r) alone: back to pairs by the volumes of the shells.
        reach = np.linspace(0.0, RANGE, BINS + 1)
        shells = 4.0 / 3.0 * np.pi * np.diff(reach**3)
        return float((found.g_total * shells).sum() * len(placed) ** 2 / box.volume)

    def bond_order():
        made = system()
        made.cal_steinhardt_bond_orientation([4, 6], rc=CUTOFF, average=True)
        return float(made.data["ql6"].mean())

    def voronoi():
        # Volumes and areas are two calls, each with all cells; it has no edge counts.
        made = system()
        made.cal_voronoi_volume()
        made.build_voronoi_neighbor()
        return small(made.data["volume"].to_numpy())

    return locals()[task]


def scipy(task, positions, _threads):
    from scipy.spatial import Delaunay, Voronoi, cKDTree

    def pair_histogram():
        tree = cKDTree(positions)
        reach = np.linspace(0.0, RANGE, BINS + 1)
        return float(tree.count_neighbors(tree, reach)[-1] - len(positions))

    def delaunay():
        return float(len(Delaunay(positions).simplices))

    def voronoi():
        # Vertices and faces only: it has neither volumes nor areas.
        assert len(Voronoi(positions).point_region) == len(positions)
        return float("nan")

    return locals()[task]


PEERS = {"freud": freud, "ovito": ovito, "pyscal3": pyscal3, "mdapy": mdapy, "scipy": scipy}


def main():
    peer, task, file, repetitions, threads = sys.argv[1:]
    positions = np.fromfile(file).reshape(-1, 3)
    run = PEERS[peer](task, positions, int(threads))
    for _ in range(int(repetitions)):
        start = time.perf_counter()
        check = run()
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        print(f"{seconds:.4f} {peak:.0f} {check:.9g}", flush=True)
        if seconds > LONG_SECONDS:
            break


if __name__ == "__main__":
    main()
