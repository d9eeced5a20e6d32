#!/usr/bin/env bash
# Times this library and its peers on the same files in one run.
#
#   benches/peers/run.sh [OUT]
#
# OUT (default: benches/runs/DATE-PROCESSOR) receives peers.csv, scaling.csv, machine.txt and
# summary.md. The peers come from PyPI into target/peers, and from Debian where the user is root;
# what cannot be installed becomes a row "not installed". Environment: PEERS_REPEAT (3),
# PEERS_TIMEOUT (100 s), PEERS_SAMPLES (pair,million,small), and SCALING_* of benches/scaling.rs
# (SCALING_ATOMS= leaves the scaling out); AMORPHOUS_PACKING_DATA for the published models, without
# which the embedded liquid stands for Pd2.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=benches/peers
work=$PWD/target/peers
cargo=${CARGO:-cargo}
mkdir -p "$work"

for tool in python3 taskset; do
    command -v "$tool" >/dev/null || { echo "$tool is needed" >&2; exit 1; }
done

echo "== peers"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
for package in numpy scipy freud-analysis ovito pyscal3 ase mdapy; do
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$package" ||
        echo "$package cannot be installed from PyPI" >&2
done
"$work/venv/bin/python" -c 'import numpy' || { echo "numpy is needed" >&2; exit 1; }

library() { # program, header, Debian package, libraries
    local program=$1 header=$2 package=$3
    shift 3
    [ "$work/$program" -nt "$here/$program.cpp" ] && [ "$work/$program" -nt "$here/common.hpp" ] && return
    if ! echo "#include <$header>" | g++ -std=c++17 -fsyntax-only -x c++ - 2>/dev/null; then
        { [ "$(id -u)" = 0 ] && apt-get update -q && apt-get install -y -q "$package"; } >/dev/null ||
            { echo "$package is not installed: apt-get install $package g++" >&2; return; }
    fi
    g++ -O3 -DNDEBUG -std=c++17 "$here/$program.cpp" -o "$work/$program" "$@" ||
        echo "$program.cpp cannot be compiled" >&2
}
library voro voro++/voro++.hh voro++-dev -lvoro++
library cgal CGAL/version.h libcgal-dev -lgmp -lmpfr

echo "== ours"
built() { # bench target: the path of its program
    "$cargo" bench -p benches --bench "$1" --no-run --message-format=json-render-diagnostics |
        python3 -c '
import json, sys
made = [json.loads(line) for line in sys.stdin]
print(next(m["executable"] for m in made if m.get("executable") and m["target"]["name"] == sys.argv[1]))
' "$1"
}
ours=$(built ours)
scaling=$(built scaling)
OURS_VERSION=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
export OURS_VERSION

processor=$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)
name=$(echo "$processor" | tr -cs 'A-Za-z0-9\n' '-' | tr 'A-Z' 'a-z' | sed 's/-*$//')
out=${1:-benches/runs/$(date -u +%F)-$name}
mkdir -p "$out"
{
    echo "date: $(date -u +%F)"
    echo "processor: $processor"
    echo "cores: $(nproc)"
    echo "memory: $(awk '/^MemTotal/ { printf "%.0f GB", $2 * 1024 / 1e9 }' /proc/meminfo)"
    echo "load before: $(cut -d ' ' -f 1 /proc/loadavg)"
    echo "compilers: $(rustc --version), $(g++ --version 2>/dev/null | head -n 1)"
} >"$out/machine.txt"
cat "$out/machine.txt"

echo "== tasks"
outcome=0
"$work/venv/bin/python" "$here/drive.py" "$work" "$out" "$ours" || outcome=$?
if [ -n "${SCALING_ATOMS-10000}${SCALING_REPLICAS-}" ]; then
    echo "== scaling"
    SCALING_CSV=$out/scaling.csv "$scaling" || outcome=$?
fi
python3 "$here/summary.py" "$out" >"$out/summary.md"
cat "$out/summary.md"
exit "$outcome"
