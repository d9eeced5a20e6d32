"""The medians of atoms.csv as Markdown, ours beside numpy and scipy: atoms.py FILE."""

import csv
import sys
from statistics import median

NAMES = {"trace": "tracing", "refine_iteration": "an iteration of the refinement"}


def main():
    times = {}
    with open(sys.argv[1], newline="") as file:
        for row in csv.DictReader(file):
            key = row["step"], int(row["threads"]), row["program"] == "ours"
            both = float(row["seconds"]), float(row["cpu_seconds"])
            times.setdefault(key, []).append(both)
    print("| step | threads | measured | ours, s | numpy/scipy, s | ratio |\n|:--|--:|:--|--:|--:|--:|")
    for step, threads in sorted({key[:2] for key in times}, key=lambda key: (key[0] != "trace", key[1])):
        for kind, name in enumerate(["clock", "processor"]):
            ours, others = (median(t[kind] for t in times[step, threads, own]) for own in (True, False))
            print(f"| {NAMES[step]} | {threads} | {name} | {ours:.4f} | {others:.4f} | {others / ours:.1f} |")


main()
