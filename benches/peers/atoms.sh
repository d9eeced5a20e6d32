#!/usr/bin/env bash
# Tracing and an iteration of the refinement beside numpy and scipy, on the published area 1 and 20 of the Ta film.
# See steps.rs, trace.py and refine.py. Needs Python 3 with venv, or ATOMS_PYTHON, a Python that has numpy
# and scipy; and the public data in $AMORPHOUS_PACKING_DATA.
#   benches/peers/atoms.sh DIRECTORY
# writes DIRECTORY/atoms.csv, a row for each repetition, and DIRECTORY/atoms.md, the table of the medians. It
# fails where the results are not the same. Environment: ATOMS_REPEAT, repetitions of ours, 7; of the others
# PEERS_REPEAT, 3; ATOMS_STEPS, the program of steps.rs where it is built. Programs are bound to as many processors as they have threads.
set -euo pipefail
out=$(realpath -m "${1:?give a directory for the table, such as benches/runs/$(date +%F)-machine}")
cd "$(dirname "$0")/../.."
: "${AMORPHOUS_PACKING_DATA:?give the directory of the public data}"
here=benches/peers
python=${ATOMS_PYTHON:-target/peers/atoms/bin/python}
if [ ! -x "$python" ]; then
    python3 -m venv target/peers/atoms
    target/peers/atoms/bin/pip install --quiet --disable-pip-version-check numpy scipy
fi
steps=${ATOMS_STEPS:-$(cargo bench --quiet -p benches --bench steps --no-run \
    --message-format=json-render-diagnostics | python3 -c '
import json, sys
made = [json.loads(line) for line in sys.stdin]
print(next(m["executable"] for m in made if m.get("executable") and m["target"]["name"] == "steps"))
')}
mkdir -p "$out"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

alone() { # threads, command
    local threads=$1
    shift
    RAYON_NUM_THREADS=$threads OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads \
        taskset -c "0-$((threads - 1))" "$@"
}

{
    echo "program,version,step,size,threads,repetition,seconds,cpu_seconds,check"
    for threads in 1 2; do
        for step in trace refine_iteration; do
            alone "$threads" "$steps" "$step" "${ATOMS_REPEAT:-7}" "$results/$step"
            alone "$threads" "$python" "$here/${step%_iteration}.py" "${PEERS_REPEAT:-3}" "$results/$step"
        done
    done
} | tee "$out/atoms.csv"
python3 "$here/atoms.py" "$out/atoms.csv" | tee "$out/atoms.md"
