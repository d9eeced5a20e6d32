"""Prints the tables of a run as Markdown: summary.py OUT."""

import csv
import sys
from pathlib import Path
from statistics import median


def cells(row):
    return "| " + " | ".join(str(cell) for cell in row) + " |"


def best_and_median(rows):
    times = [float(row["seconds"]) for row in rows if row["seconds"]]
    if not times:
        return rows[0]["status"], "", ""
    peak = max((float(row["peak_mb"]) for row in rows if row["seconds"]), default=0.0)
    return f"{min(times):.3g}", f"{median(times):.3g}", f"{peak:.0f}"


def grouped(rows, *keys):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def main():
    out = Path(sys.argv[1])
    print("# Times of one run\n\n```text\n" + (out / "machine.txt").read_text() + "```\n")
    head = ["task", "sample", "atoms", "program", "version", "threads", "best, s", "median, s", "peak, MB"]
    print(cells(head))
    print("|:--|:--|--:|:--|:--|--:|--:|--:|--:|")
    with open(out / "peers.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = ["task", "sample", "atoms", "peer", "version", "threads"]
    for key, group in grouped(rows, *keys).items():
        marks = {row["status"] for row in group} - {"ok"}
        best, middle, peak = best_and_median(group)
        note = f" ({', '.join(sorted(marks))})" if marks and middle else ""
        print(cells([*key, best + note, middle, peak]))
    scaling = out / "scaling.csv"
    if not scaling.is_file():
        return
    print("\nThe whole chain:\n")
    print(cells(["boundary", "atoms", "threads", "best, s", "peak, MB", "stages: seconds, peak up to their end"]))
    print("|:--|--:|--:|--:|--:|:--|")
    with open(scaling, newline="") as file:
        rows = list(csv.DictReader(file))
    for key, group in grouped(rows, "boundary", "atoms", "threads").items():
        best = min(group, key=lambda row: float(row["seconds"]))
        stages = best["stages"].replace(" |", ";")
        print(cells([*key, f"{float(best['seconds']):.3g}", best["peak_mb"], stages]))


main()
