"""The structures that are compared with OVITO: made, or changed from one format to another.

    structures.py extxyz IN OUT [FRAME]      a frame (default: the last) of any file ASE reads
    structures.py particle OUT               an hcp ruthenium particle in vacuum
    structures.py vacancy OUT                bcc iron with one atom missing

What is random comes from the seed below. Extended XYZ has six decimals.
"""

import sys

import numpy as np
from ase.build import bulk
from ase.io import read, write

SEED = 20220106
# Displacements of the atoms in ångström, so that no four neighbours lie on one circle exactly.
SHAKEN = 0.05


def shake(atoms):
    steps = np.random.default_rng(SEED).normal(scale=SHAKEN, size=(len(atoms), 3))
    atoms.positions += steps
    return atoms


def particle():
    """A ball of hcp Ru, 19.5 Å in radius: about 2,300 atoms."""
    block = bulk("Ru", "hcp", a=2.706, c=4.282, orthorhombic=True).repeat((18, 10, 11))
    away = np.linalg.norm(block.positions - block.cell.sum(axis=0) / 2, axis=1)
    ball = block[away < 19.5]
    ball.set_pbc(False)
    ball.set_cell(None)
    return shake(ball)


def vacancy():
    """Ten cells of bcc Fe along each axis, less one atom: 1,999 atoms."""
    block = bulk("Fe", "bcc", a=2.8665, cubic=True).repeat(10)
    del block[len(block) // 2]
    return shake(block)


def save(path, atoms):
    write(path, atoms, format="extxyz", columns=["symbols", "positions"], write_info=False)


def main():
    what, *rest = sys.argv[1:]
    if what == "particle":
        save(rest[0], particle())
    elif what == "vacancy":
        save(rest[0], vacancy())
    else:
        frame = int(rest[2]) if len(rest) > 2 else -1
        atoms = read(rest[0], index=frame)
        save(rest[1], atoms)
    print(rest[0] if what in ("particle", "vacancy") else rest[1])


if __name__ == "__main__":
    main()
