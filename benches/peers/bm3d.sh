#!/usr/bin/env bash
# BM3D beside the package bm3d of PyPI, on the 0° image of area 20 of the Ta film with noise of 0.05 and 0.1
# of its maximum. See denoise.rs and bm3d.py. The package is a closed program that may be used for noncommercial
# purposes only; nothing but this comparison needs it. Needs Python 3 with venv, or BM3D_PYTHON, a Python that
# has bm3d; and the public data in $AMORPHOUS_PACKING_DATA.
#   benches/peers/bm3d.sh DIRECTORY
# writes DIRECTORY/bm3d.csv, a row for each repetition, and prints the medians. It fails where ours is more than
# 0.3 dB below the other, or slower. Environment: PEERS_REPEAT, repetitions, 5; BM3D_OURS, the program of
# denoise.rs where it is built. Programs are bound to as many processors as they have threads.
set -euo pipefail
out=$(realpath -m "${1:?give a directory for the table, such as benches/runs/$(date +%F)-machine}")
cd "$(dirname "$0")/../.."
: "${AMORPHOUS_PACKING_DATA:?give the directory of the public data}"
here=benches/peers
python=${BM3D_PYTHON:-target/peers/bm3d/bin/python}
if [ ! -x "$python" ]; then
    python3 -m venv target/peers/bm3d
    target/peers/bm3d/bin/pip install --quiet --disable-pip-version-check bm3d numpy scipy
fi
ours=${BM3D_OURS:-$(cargo bench --quiet -p benches --bench denoise --no-run \
    --message-format=json-render-diagnostics | python3 -c '
import json, sys
made = [json.loads(line) for line in sys.stdin]
print(next(m["executable"] for m in made if m.get("executable") and m["target"]["name"] == "denoise"))
')}
repeat=${PEERS_REPEAT:-5}
mkdir -p "$out"
images=$(mktemp -d)
trap 'rm -rf "$images"' EXIT
read -r x y < <("$python" "$here/bm3d.py" images "$images")

alone() { # threads, command
    local threads=$1
    shift
    RAYON_NUM_THREADS=$threads OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads \
        taskset -c "0-$((threads - 1))" "$@"
}

{
    echo "program,version,sigma,threads,repetition,seconds,cpu_seconds,psnr_db"
    for sigma in 0.05 0.1; do
        for threads in 1 2; do
            alone "$threads" "$ours" "$images/$sigma" "$images/clean" "$x" "$y" "$sigma" "$repeat"
            alone "$threads" "$python" "$here/bm3d.py" denoise "$images" "$x" "$y" "$sigma" "$repeat"
        done
    done
} | tee "$out/bm3d.csv"
"$python" "$here/bm3d.py" table "$out/bm3d.csv"
