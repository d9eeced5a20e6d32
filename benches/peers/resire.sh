#!/usr/bin/env bash
# An iteration of RESIRE beside one of ASTRA's SIRT, measured in one run; see benches/tomography.rs
# and sirt.py. Needs Python 3 with venv; ASTRA comes from PyPI, into target/peers.
#   benches/peers/resire.sh DIRECTORY
# writes DIRECTORY/resire.csv: program, version, threads, seconds per iteration (the least of the runs).
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:?give a directory for the table, such as benches/runs/$(date +%F)-machine}
mkdir -p "$out"
venv=target/peers/resire
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "astra-toolbox>=2.3" numpy
fi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

# The least time of criterion's samples of an iteration, on so many threads.
ours() {
    RAYON_NUM_THREADS=$1 cargo bench --quiet -p benches --bench tomography -- resire/iteration >/dev/null
    python3 - "$version" "$1" <<'PYTHON'
import json, sys
with open("target/criterion/resire/iteration/new/sample.json") as file:
    sample = json.load(file)
best = min(t / n for t, n in zip(sample["times"], sample["iters"])) / 1e9
print(f"amorphous-packing RESIRE,{sys.argv[1]},{sys.argv[2]},{best:.4f}")
PYTHON
}

{
    echo "program,version,threads,seconds"
    ours 1
    "$venv/bin/python" benches/peers/sirt.py
    ours 4
} | tee "$out/resire.csv"
