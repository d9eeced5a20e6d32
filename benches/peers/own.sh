#!/usr/bin/env bash
# `analyze` against OVITO and freud on five structures: the same numbers, and the times.
#
#   benches/peers/own.sh [OUT]
#
# OUT (default: target/peers/own) receives the structures (benches/peers/structures.sh), what analyze
# says of each, ovito.csv and times.csv. The peers come from PyPI into target/peers/venv unless PYTHON
# names a Python that has them; ANALYZE names the program. Environment: OWN_REPEAT (3).
set -euo pipefail
cd "$(dirname "$0")/../.."
here=benches/peers
out=$(realpath -m "${1:-target/peers/own}")
export ANALYZE=${ANALYZE:-target/debug/analyze}
repeat=${OWN_REPEAT:-3}
names=(liquid glass particle vacancy triclinic)

if [ -z "${PYTHON:-}" ]; then
    PYTHON=$PWD/target/peers/venv/bin/python
    [ -x "$PYTHON" ] || python3 -m venv target/peers/venv
    for package in numpy scipy polars ase ovito freud-analysis; do
        "$PYTHON" -m pip install --quiet --disable-pip-version-check "$package" ||
            echo "$package cannot be installed from PyPI" >&2
    done
fi
export PYTHON

"$here/structures.sh" "$out"

median() { sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
# Seconds, processor seconds, megabytes of a command, each the median of its runs, as a,b,c.
measured() {
    local runs=$out/runs.txt
    : >"$runs"
    for _ in $(seq "$repeat"); do
        /usr/bin/time -a -o "$runs" -f '%e %U %S %M' "$@" >"$out/printed.txt"
    done
    echo "$(awk '{ print $1 }' "$runs" | median),$(awk '{ print $2 + $3 }' "$runs" | median),$(
        awk '{ printf "%.0f\n", $4 / 1024 }' "$runs" | median)"
}

# The steps of a run of analyze without the view and the drawing, and of these the first g(r) and the
# bond order, from the record that it writes.
steps_of='
import json, sys
steps = {s["stage"].split(": ")[-1]: s["seconds"] for s in json.load(open(sys.argv[1]))["seconds"]}
told = steps["pair distribution"], steps["bond order"]
whole = sum(s for name, s in steps.items() if name not in ("view", "drawing"))
print(",".join(f"{s:.3f}" for s in (whole, whole - sum(told), *told)))
'

# analysis_s: of analyze everything from the atoms to the networks, of OVITO the three steps behind it,
# of which rest_s is the Voronoi cells.
echo "file,program,threads,wall_s,cpu_s,memory_mb,analysis_s,rest_s,pairs_s,order_s" >"$out/times.csv"
for name in "${names[@]}"; do
    file=$out/$name.extxyz
    for threads in 1 all; do
        some=()
        [ "$threads" = all ] || some=(--threads "$threads")
        of_program=$(measured "$ANALYZE" "$file" --offline --quiet --out "$out/$name" "${some[@]}")
        steps=$("$PYTHON" -c "$steps_of" "$out/$name/sheet.json")
        echo "$name,analyze,$threads,$of_program,$steps" >>"$out/times.csv"
    done
    w=$(sed -n 's/.*"shell_distance_angstrom": \([0-9.]*\).*/\1/p' "$out/$name/summary.json")
    for threads in 1 all; do
        set -- "$PYTHON" "$here/ovito_own.py" time "$file" "$w"
        [ "$threads" = all ] || set -- env OVITO_THREAD_COUNT="$threads" "$@"
        of_program=$(measured "$@")
        echo "$name,ovito,$threads,$of_program,$(tr ' ' , <"$out/printed.txt")" >>"$out/times.csv"
    done
done
rm -f "$out/runs.txt" "$out/printed.txt"

# All of this crystal; its g(r) by the paper's rule, which calls nothing in a periodic frame crystal.
"$ANALYZE" "$out/vacancy.extxyz" --paper --offline --quiet --out "$out/vacancy_paper" >/dev/null

"$PYTHON" "$here/ovito_own.py" compare "$out" "${names[@]}"
echo
column -s, -t "$out/times.csv"
