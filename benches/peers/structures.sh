#!/usr/bin/env bash
# Makes the five structures that are compared with OVITO.
#
#   benches/peers/structures.sh [OUT]
#
# OUT (default: target/peers/own) receives liquid, glass, particle, vacancy and triclinic, all .extxyz,
# small.extxyz and small.lammpstrj, which with gzip -9n are tests/files/own/cuzr_glass.extxyz.gz and
# cuzr_quench.lammpstrj.gz. The quenches need `lmp` (Debian: lammps) and its potentials, and
# most of an hour; what is there already is kept. ANALYZE names the program, PYTHON one with ase.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/benches/peers
out=$(realpath -m "${1:-target/peers/own}")
analyze=${ANALYZE:-target/debug/analyze}
python=${PYTHON:-python3}
mkdir -p "$out"

made() { [ -s "$out/$1" ]; }
molecular() { # script, arguments
    (cd "$out" && OMP_NUM_THREADS=1 nice -n 19 lmp -screen none -log "$(basename "$1").log" -in "$@")
}

if ! made liquid.extxyz; then
    "$analyze" data/ta_liquid_5200K.parquet --out "$out/liquid" --offline --quiet >/dev/null
    "$python" "$here/structures.py" extxyz "$out/liquid/structure.extxyz" "$out/liquid.extxyz"
fi
made particle.extxyz || "$python" "$here/structures.py" particle "$out/particle.extxyz"
made vacancy.extxyz || "$python" "$here/structures.py" vacancy "$out/vacancy.extxyz"
if ! made triclinic.extxyz; then
    made triclinic.lammpstrj || molecular "$here/in.triclinic"
    "$python" "$here/structures.py" extxyz "$out/triclinic.lammpstrj" "$out/triclinic.extxyz"
fi
if ! made small.extxyz; then
    made small.lammpstrj || molecular "$PWD/examples/own/in.cuzr" -var name small
    "$python" "$here/structures.py" extxyz "$out/small.lammpstrj" "$out/small.extxyz"
fi
if ! made glass.extxyz; then
    # At 8.5·10¹³ K/s, so that it takes no longer than the small one.
    made glass.lammpstrj ||
        molecular "$PWD/examples/own/in.cuzr" -var cells 10 -var name glass -var melt 5 -var quench 20
    "$python" "$here/structures.py" extxyz "$out/glass.lammpstrj" "$out/glass.extxyz"
fi
