"""Runs all tasks, ours and the peers', on the same files, and writes the table.

drive.py WORK OUT OURS: WORK holds the built C++ programs (or not), OUT receives peers.csv; OURS is
the program of ours.rs. Environment: PEERS_REPEAT (3), PEERS_TIMEOUT (seconds for one peer and
task, 100), PEERS_SAMPLES (all that can be had).
"""

import csv
import importlib.metadata
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = "peer version task sample atoms threads repetition seconds peak_mb check status".split()
PACKAGES = {
    "freud": "freud-analysis",
    "ovito": "ovito",
    "pyscal3": "pyscal3",
    "mdapy": "mdapy",
    "scipy": "scipy",
}
# Debian packages of the C++ peers.
LIBRARIES = {"voro++": ("voro", "voro++-dev"), "CGAL": ("cgal", "libcgal-dev")}
# Bytes resident; what takes more is stopped.
MEMORY = 10e9
THREADED = {"ours", "freud", "ovito", "pyscal3", "mdapy"}
# What took longer with one thread, in seconds, is not tried with four.
TOO_LONG = 30.0

# Task, sample, who does it besides us, tolerance of the check (relative).
TASKS = [
    # Our last whole shell ends at 19.999 Å: a few pairs in ten thousand less.
    ("pair_histogram", "pair", ["freud", "ovito", "pyscal3", "mdapy", "scipy"], 3e-4),
    ("bond_order", "pair", ["freud", "ovito", "pyscal3", "mdapy"], 1e-5),
    ("bond_order", "million", ["ovito", "pyscal3", "mdapy"], 1e-5),
    ("voronoi", "pair", ["voro++", "ovito", "mdapy", "freud", "scipy", "pyscal3"], 1e-4),
    ("delaunay", "pair", ["CGAL", "scipy"], 0.0),
    ("delaunay", "million", ["CGAL"], 1e-5),
    ("alpha_shape", "pair", ["CGAL", "ovito"], 1e-4),
    ("motifs", "small", [], 0.0),
    ("chain", "small", [], 0.0),
    ("chain", "pair", [], 0.0),
]
# What Pd2 must have, whoever counts.
KNOWN = {("delaunay", "pd2"): 485_745}


def version(peer):
    """The version of a peer; None when it is not installed."""
    if peer in PACKAGES:
        try:
            return importlib.metadata.version(PACKAGES[peer])
        except importlib.metadata.PackageNotFoundError:
            return None
    program, package = LIBRARIES[peer]
    if not (WORK / program).exists():
        return None
    asked = ["dpkg-query", "-W", "-f", "${Version}", package]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    # Debian names the version it went back to: 0.5+revert-to-0.4.6+dfsg1-1.
    return re.split(r"[+-]", said.split("revert-to-")[-1])[0]


def command(peer, task, sample, threads):
    file = WORK / f"{sample}.f64"
    if peer == "ours":
        return [OURS, task, sample, file, REPEAT]
    if peer == "voro++":
        return [WORK / "voro", file, REPEAT]
    if peer == "CGAL":
        return [WORK / "cgal", task, file, REPEAT]
    return [sys.executable, HERE / "peers.py", peer, task, file, REPEAT, threads]


def run(peer, task, sample, threads):
    """The rows that one process prints, and how it ended."""
    names = "RAYON OMP OPENBLAS MDAPY PYSCAL".split()
    environment = dict(os.environ, OVITO_THREAD_COUNT=str(threads))
    environment.update({f"{name}_NUM_THREADS": str(threads) for name in names})
    # Bound to as many processors, so that no library takes more.
    allowed = sorted(os.sched_getaffinity(0))[:threads]
    arguments = ["taskset", "-c", ",".join(map(str, allowed))]
    arguments += [str(part) for part in command(peer, task, sample, threads)]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(arguments, stdout=out, stderr=errors, env=environment)
        status = watch(process)
        out.seek(0)
        errors.seek(0)
        rows = [line.replace(",", " ").split() for line in out.read().splitlines()]
        complaint = errors.read().strip()
    if status == "failed":
        if "MemoryError" in complaint or "bad_alloc" in complaint:
            status = "out of memory"
        print(f"  {peer} {task} {sample}: {complaint[-300:]}", file=sys.stderr)
    return [row[7:10] if peer == "ours" else row for row in rows], status


def watch(process):
    """Waits for a process, stops it when it takes too long or too much; how it ended."""
    start = time.monotonic()
    page = os.sysconf("SC_PAGE_SIZE")
    while process.poll() is None:
        time.sleep(0.05)
        try:
            resident = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * page
        except (OSError, IndexError):
            continue
        late = time.monotonic() - start > TIMEOUT
        if late or resident > MEMORY:
            process.kill()
            process.wait()
            return f"over {TIMEOUT:.0f} s" if late else f"over {MEMORY / 1e9:.0f} GB"
    return "ok" if process.returncode == 0 else "failed"


def measure(peer, task, sample, atoms, threads):
    """The rows of the table for one peer, task, sample and number of threads."""
    known = OURS_VERSION if peer == "ours" else version(peer)
    row = dict(peer=peer, version=known or "", task=task, sample=sample, atoms=atoms, threads=threads)
    if known is None:
        return [dict(row, status="not installed")]
    found, status = run(peer, task, sample, threads)
    rows = [
        dict(row, repetition=number, seconds=seconds, peak_mb=peak, check=check, status="ok")
        for number, (seconds, peak, check) in enumerate(found, 1)
    ]
    if status != "ok" and not rows:
        rows = [dict(row, status=status)]
    for made in rows:
        print(" ", *(made.get(column, "") for column in COLUMNS), flush=True)
    return rows


def compare(rows, tolerance):
    """Marks the rows whose check is not that of the others; the number of them."""
    checked = [row for row in rows if row["status"] == "ok" and not math.isnan(float(row["check"]))]
    if not checked:
        return 0
    first = rows[0]
    own = [float(row["check"]) for row in checked if row["peer"] == "ours"]
    expected = KNOWN.get((first["task"], first["sample"]), own[0] if own else None)
    if expected is None:
        return 0
    wrong = 0
    for row in checked:
        if abs(float(row["check"]) - expected) > tolerance * abs(expected):
            row["status"] = "differs"
            wrong += 1
            print(f"  {row['peer']} {row['task']}: {row['check']}, expected {expected}", file=sys.stderr)
    return wrong


def export(sample):
    """Writes the positions of a sample; the number of atoms, None when it cannot be had."""
    done = subprocess.run(
        [OURS, "export", sample, str(WORK / f"{sample}.f64")], capture_output=True, text=True
    )
    if done.returncode:
        print(f"{sample}: {done.stderr.strip()}", file=sys.stderr)
        return None
    return int(done.stdout)


def main():
    atoms = {name: export(name) for name in ["pd2", "ta_film", "liquid_cluster", "fcc_1e6"]}
    samples = {
        "pair": "pd2" if atoms["pd2"] else "liquid_cluster",
        "small": "ta_film" if atoms["ta_film"] else "liquid_cluster",
        "million": "fcc_1e6",
    }
    wanted = os.environ.get("PEERS_SAMPLES", "pair,million,small").split(",")
    table, wrong = [], 0
    for task, size, peers, tolerance in TASKS:
        if size not in wanted:
            continue
        sample = samples[size]
        print(f"{task}, {sample}, {atoms[sample]} atoms", flush=True)
        rows = []
        for peer in ["ours", *peers]:
            one = measure(peer, task, sample, atoms[sample], 1)
            rows += one
            times = [float(row["seconds"]) for row in one if "seconds" in row]
            if peer in THREADED and times and min(times) < TOO_LONG and PROCESSORS >= 4:
                rows += measure(peer, task, sample, atoms[sample], 4)
        wrong += compare(rows, tolerance)
        table += rows
        with open(OUT / "peers.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    if wrong:
        sys.exit(f"{wrong} results are not those of the others; see 'differs' in peers.csv")


if __name__ == "__main__":
    WORK, OUT, OURS = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    REPEAT = os.environ.get("PEERS_REPEAT", "3")
    TIMEOUT = float(os.environ.get("PEERS_TIMEOUT", "100"))
    OURS_VERSION = os.environ.get("OURS_VERSION", "")
    PROCESSORS = len(os.sched_getaffinity(0))
    main()
