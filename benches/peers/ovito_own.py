"""`analyze` against OVITO (and freud): Voronoi cells, g(r), averaged bond order, on the same files.

    ovito_own.py compare OUT NAME...     OUT/NAME.extxyz against what analyze wrote into OUT/NAME; one
                                         table, and OUT/ovito.csv
    ovito_own.py time FILE W             seconds of each of OVITO's steps, W being the shell distance

Definitions are made the same where the programs differ:

- Voronoi cells. Both leave out faces below 1 % of a cell's surface. OVITO then counts the edges of the
  faces that are left as they are in the full cell; this project builds the cell again from the
  neighbours that are left, as the paper does. So volumes are compared, coordination (the same by both
  rules), the index where a cell has no such face (the same again), the index by OVITO's own rule, and
  the index that the project's rule gives from OVITO's neighbours, with scipy.
- g(r). The project counts in shells of 0.1 Å times its scale, shifted by 0.001 Å, and smooths. OVITO
  counts in shells a hundred times thinner; they are put together and smoothed with the same Gaussian.
- q4, q6 averaged: the same definition, neighbours nearer than w.
"""

import csv
import json
import sys
import time
from pathlib import Path

import numpy as np

FILM = 4.12  # ångström: the shell distance for which the paper's lengths are meant
SHELLS = 201
FINE = 100
SMALLEST_FACE = 0.01


def load(path):
    """The atoms of a file; of a particle without a cell, in an open box 10 Å wider than it."""
    from ovito.data import SimulationCell
    from ovito.io import import_file

    data = import_file(str(path)).compute()
    if data.cell is None:
        place = np.asarray(data.particles.positions)
        low, high = place.min(axis=0) - 10.0, place.max(axis=0) + 10.0
        cell = SimulationCell(pbc=(False, False, False))
        cell[...] = np.column_stack([np.diag(high - low), low])
        data.objects.append(cell)
    return data


# ---- Voronoi cells


def voronoi(data, threshold, bonds=False):
    from ovito.modifiers import VoronoiAnalysisModifier

    data = data.clone()
    data.apply(
        VoronoiAnalysisModifier(
            compute_indices=True, generate_bonds=bonds, relative_face_threshold=threshold
        )
    )
    return data


def indices(data):
    """n3, n4, n5, n6; OVITO's components are the faces with 1, 2, 3 … edges."""
    found = np.asarray(data.particles["Voronoi Index"])
    wide = np.zeros((len(found), max(6, found.shape[1])), dtype=int)
    wide[:, : found.shape[1]] = found
    return wide[:, 2:6]


def neighbours_of(data):
    """The vectors to the Voronoi neighbours of each atom."""
    bonds = data.particles.bonds
    pairs = np.asarray(bonds.topology)
    shift = np.asarray(bonds["Periodic Image"]) if "Periodic Image" in bonds else 0 * pairs[:, :1]
    cell = np.asarray(data.cell[...])[:, :3]
    place = np.asarray(data.particles.positions)
    step = place[pairs[:, 1]] - place[pairs[:, 0]]
    if shift.shape[1] == 3:
        step = step + shift @ cell.T
    atoms = np.concatenate([pairs[:, 0], pairs[:, 1]])
    steps = np.concatenate([step, -step])
    order = np.argsort(atoms, kind="stable")
    ends = np.searchsorted(atoms[order], np.arange(len(place) + 1))
    return [steps[order[a:b]] for a, b in zip(ends, ends[1:])]


def rebuilt_index(steps):
    """The index of the cell that is built again without the faces below 1 % of the surface."""
    from scipy.spatial import ConvexHull

    # The planes that halve the steps are, in the dual, points; a corner is a facet of their hull.
    dual = 2.0 * steps / (steps**2).sum(axis=1)[:, None]
    hull = ConvexHull(dual)
    corners = -hull.equations[:, :3] / hull.equations[:, 3:]
    areas = np.zeros(len(steps))
    for face in range(len(steps)):
        mine = corners[(hull.simplices == face).any(axis=1)]
        if len(mine) < 3:
            continue
        normal = steps[face] / np.linalg.norm(steps[face])
        along = np.cross(normal, np.eye(3)[np.argmin(abs(normal))])
        along /= np.linalg.norm(along)
        flat = (mine - mine.mean(axis=0)) @ np.array([along, np.cross(normal, along)]).T
        flat = flat[np.argsort(np.arctan2(flat[:, 1], flat[:, 0]))]
        x, y = flat.T
        areas[face] = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    kept = dual[areas >= SMALLEST_FACE * areas.sum()]
    edges = np.bincount(ConvexHull(kept).simplices.ravel(), minlength=len(kept))
    return [(edges == n).sum() for n in (3, 4, 5, 6)]


def compare_cells(data, ours):
    full, counted = voronoi(data, 0.0, bonds=True), voronoi(data, SMALLEST_FACE)
    closed = ours["n3"].is_not_null().to_numpy() & ours["volume_cubic_angstrom"].is_not_null().to_numpy()
    if not all(data.cell.pbc):
        # OVITO ends a cell at the box, here it has to close by itself; at the surface it may do both.
        closed &= ~ours["surface"].to_numpy()
    inside = np.flatnonzero(closed)
    volume = np.asarray(full.particles["Atomic Volume"])[inside]
    own_volume = ours["volume_cubic_angstrom"].to_numpy()[inside]
    index = ours.select("n3", "n4", "n5", "n6").to_numpy()[inside].astype(int)
    coordination = np.asarray(counted.particles["Coordination"])[inside]
    own_coordination = ours["coordination"].to_numpy()[inside].astype(int)
    whole = np.asarray(full.particles["Coordination"])[inside] == coordination
    same_raw = (indices(full)[inside] == index).all(axis=1)
    same_counted = (indices(counted)[inside] == index).all(axis=1)
    every = max(1, len(inside) // 4000)
    steps = neighbours_of(full)
    some = range(0, len(inside), every)
    same_rebuilt = [list(index[k]) == rebuilt_index(steps[inside[k]]) for k in some]
    return {
        "cells": len(inside),
        "volume_max_relative": float(abs(volume / own_volume - 1.0).max()),
        "coordination_equal": int((coordination == own_coordination).sum()),
        "whole_cells": int(whole.sum()),
        "index_equal_whole": int((whole & same_raw).sum()),
        "index_equal_ovito_rule": int(same_counted.sum()),
        "rebuilt_cells": len(same_rebuilt),
        "index_equal_rebuilt": int(sum(same_rebuilt)),
    }


# ---- g(r)


def smooth(values):
    taps = np.exp(-0.5 * (np.arange(-3, 4) / 1.5) ** 2)
    padded = np.concatenate([[values[0]] * 3, values, [values[-1]] * 3])
    return np.convolve(padded, taps / taps.sum(), mode="valid")


def shells_of(data, scale, partial):
    """OVITO's g in the project's shells, smoothed, by name of the pair."""
    from ovito.modifiers import CoordinationAnalysisModifier

    data = data.clone()
    reach = 20.1 * scale
    data.apply(
        CoordinationAnalysisModifier(cutoff=reach, number_of_bins=SHELLS * FINE, partial=partial)
    )
    table = data.tables["coordination-rdf"]
    fine = np.asarray(table["g(r)"]).reshape(SHELLS * FINE, -1)
    edges = np.arange(SHELLS * FINE + 1) / FINE * 0.1
    volumes = np.diff(edges**3)
    # Shell k, from 1, ends at 0.1 k − 0.001; the first and the last are dropped.
    ends = np.arange(1, SHELLS) * FINE - 1
    spans = list(zip(ends, ends[1:]))
    curves = [
        np.array([np.dot(column[a:b], volumes[a:b]) / volumes[a:b].sum() for a, b in spans])
        for column in fine.T
    ]
    names = table["g(r)"].component_names if partial and fine.shape[1] > 1 else ["all"]
    middles = (np.arange(2, SHELLS) - 0.5) * 0.1 * scale
    return middles, {name: smooth(curve) for name, curve in zip(names, curves)}


def vertex(x, y, k):
    a, b, c = y[k - 1 : k + 2]
    bend = a - 2 * b + c
    return x[k] + (0.5 * (a - c) / bend if bend else 0.0) * (x[1] - x[0])


def peak_and_valley(r, g):
    top = int(np.argmax(g))
    end = int(np.searchsorted(r, 1.6 * r[top]))
    low = top + 1 + int(np.argmin(g[top + 1 : end]))
    return vertex(r, g, top), vertex(r, g, low)


def compare_pairs(data, directory, ours, w):
    import polars

    from ovito.modifiers import DeleteSelectedModifier

    found = {}
    everywhere = data.cell is not None and all(data.cell.pbc)
    # The shell distance: of all atoms, in shells that follow the median nearest distance.
    from ovito.data import NearestNeighborFinder

    finder = NearestNeighborFinder(1, data)
    near = np.sort([next(finder.find(k)).distance for k in range(data.particles.count)])
    median = np.median(near)
    r, curves = shells_of(data, 1.4 * median / FILM, False)
    found["w"] = w
    found["w_ovito"] = round(peak_and_valley(r, curves["all"])[1], 2)
    g = polars.read_csv(directory / "g.csv")
    crystal = ours["crystal"].to_numpy()
    paper = directory.with_name(directory.name + "_paper") / "g.csv"
    if not g.height and paper.exists():
        # All of it is crystal; --paper counts all atoms of a periodic frame.
        g, crystal = polars.read_csv(paper), np.zeros_like(crystal)
    if not everywhere or not g.height:
        return found
    amorphous = data.clone()
    if crystal.any():
        amorphous.particles_.create_property("Selection", data=crystal.astype(int))
        amorphous.apply(DeleteSelectedModifier())
    own_r = g["r_angstrom"].to_numpy()
    # g.csv has six digits; the lengths of --paper are not scaled.
    scale = 1.0 if own_r[0] == 0.15 else w / FILM
    r, curves = shells_of(amorphous, scale, False)
    own = g["g"].to_numpy()
    found["peak"], found["valley"] = peak_and_valley(own_r, own)
    found["peak_ovito"], found["valley_ovito"] = peak_and_valley(r, curves["all"])
    found["g_max_difference"] = float(abs(own - curves["all"]).max())
    columns = [name for name in g.columns if name.startswith("g_")]
    if columns:
        _, parts = shells_of(amorphous, scale, True)
        worst = 0.0
        for name in columns:
            a, b = name.split("_")[1:]
            part = parts.get(f"{a}-{b}", parts.get(f"{b}-{a}"))
            worst = max(worst, float(abs(g[name].to_numpy() - part).max()))
        found["partial_max_difference"] = worst
    return found


# ---- Bond order


def ovito_order(data, w):
    from ovito.modifiers import SteinhardtParametersModifier as Steinhardt

    data = data.clone()
    data.apply(
        Steinhardt(neighbor_mode=Steinhardt.NeighborMode.Cutoff, cutoff=w, compute_averaged=True)
    )
    order = data.particles["Smooth Steinhardt"]
    names = list(order.component_names)
    return [np.asarray(order[:, names.index(f"q{degree}")]) for degree in (4, 6)]


def freud_order(data, w):
    import freud

    cell = np.asarray(data.cell[...])[:, :3]
    place = np.asarray(data.particles.positions)
    if not any(data.cell.pbc):
        cell = np.diag(np.ptp(place, axis=0) + 4 * w)
        place = place - place.min(axis=0) - np.diag(cell) / 2 + 2 * w
    box = freud.box.Box.from_matrix(cell)
    place = box.wrap(place)
    found = []
    for degree in (4, 6):
        steinhardt = freud.order.Steinhardt(degree, average=True)
        steinhardt.compute((box, place), neighbors={"r_max": w, "exclude_ii": True})
        found.append(np.asarray(steinhardt.particle_order))
    return found


def compare_order(data, ours, w):
    found = {}
    for peer, order in (("ovito", ovito_order), ("freud", freud_order)):
        try:
            four, six = order(data, w)
        except Exception as failed:  # a peer that is not installed, or refuses a cell
            found[f"q_{peer}"] = type(failed).__name__
            continue
        off4 = abs(four - ours["q4_bar"].to_numpy())
        off6 = abs(six - ours["q6_bar"].to_numpy())
        found[f"q4_{peer}"], found[f"q6_{peer}"] = float(off4.max()), float(off6.max())
        # freud has single precision: a pair may be on the other side of w, which both of its atoms,
        # and their neighbours, feel.
        found[f"q_off_{peer}"] = int((np.maximum(off4, off6) > 1e-5).sum())
    return found


def compare(out, names):
    import polars

    rows = []
    for name in names:
        data = load(out / f"{name}.extxyz")
        ours = polars.read_parquet(out / name / "atoms.parquet").sort("atom")
        w = json.loads((out / name / "summary.json").read_text())["last_frame"]["shell_distance_angstrom"]
        row = {"file": name, "atoms": data.particles.count}
        row |= compare_cells(data, ours)
        row |= compare_pairs(data, out / name, ours, w)
        row |= compare_order(data, ours, w)
        rows.append(row)
        print(name, "done", file=sys.stderr)
    keys = list(dict.fromkeys(key for row in rows for key in row))
    with open(out / "ovito.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, keys, restval="")
        writer.writeheader()
        writer.writerows(rows)
    shown = lambda value: f"{value:.3g}" if isinstance(value, float) and value < 0.01 else (
        f"{value:.4f}".rstrip("0") if isinstance(value, float) else str(value)
    )
    for key in keys:
        print("".join([f"{key:24}"] + [f"{shown(row.get(key, '–')):>14}" for row in rows]))


def times(path, w):
    """Seconds of all steps, of the cells, g(r) and bond order, as one would ask OVITO's Python for them."""
    from ovito.modifiers import CoordinationAnalysisModifier

    data = load(path)
    read = time.perf_counter()
    voronoi(data, SMALLEST_FACE)
    cells = time.perf_counter()
    several = len(data.particles.particle_types.types) > 1
    pairs = data.clone()
    pairs.apply(CoordinationAnalysisModifier(cutoff=20.0, number_of_bins=200, partial=several))
    counted = time.perf_counter()
    ovito_order(data, w)
    end = time.perf_counter()
    steps = (end - read, cells - read, counted - cells, end - counted)
    print(" ".join(f"{seconds:.3f}" for seconds in steps))


def main():
    what, *rest = sys.argv[1:]
    if what == "compare":
        compare(Path(rest[0]), rest[1:])
    elif what == "time":
        times(rest[0], float(rest[1]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
