"""Prints the medians of two criterion runs side by side as Markdown: criterion.py BEFORE NOW.

Each is a directory that CRITERION_HOME named when `cargo bench -p benches --bench analysis` ran, on the same
machine with as many threads (RAYON_NUM_THREADS).
"""

import json
import sys
from pathlib import Path


def medians(home):
    """Milliseconds of each (sample, step)."""
    found = {}
    for file in Path(home).rglob("new/benchmark.json"):
        name = json.loads(file.read_text())
        median = json.loads((file.parent / "estimates.json").read_text())["median"]
        found[name["group_id"], name["function_id"]] = median["point_estimate"] / 1e6
    return found


def digits(time):
    """Three digits, more only where they stand before the point."""
    return f"{time:,.0f}" if time >= 100 else f"{time:.3g}"


def main():
    before, now = (medians(home) for home in sys.argv[1:3])
    if not now:
        sys.exit(f"there is no criterion run in '{sys.argv[2]}'")
    print("| sample | step | before, ms | now, ms | before/now |\n|:--|:--|--:|--:|--:|")
    for case in sorted(before.keys() | now.keys()):
        times = [times.get(case) for times in (before, now)]
        texts = ["" if time is None else digits(time) for time in times]
        ratio = f"{times[0] / times[1]:.2f}" if None not in times else ""
        print("| " + " | ".join([*case, *texts, ratio]) + " |")


main()
