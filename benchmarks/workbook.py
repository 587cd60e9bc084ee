"""Workbooks: how long ``apgraph validate`` takes for the worked example and for a case of 100,000 rows, and its memory.

``python benchmarks/workbook.py`` prints medians; ``--rows``, ``--runs`` choose otherwise, ``--check`` ends with exit
code 1 where a bar is missed. Each run is a process of its own, with its standard error on a terminal, since that is
where progress is shown. The large case is the worked example with its feature observations repeated on other days;
one row in a hundred names no evidence, which is what the check is to find.
"""

from __future__ import annotations

import argparse
import csv
import os
import pty
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples/riverside.ttl"
APGRAPH = [sys.executable, "-c", "from apgraph.cli import main; main()"]
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
TABLE, HEAD, ARRANGEMENTS = "feature-observations.csv", "organisation.csv", "arrangements.csv"
FIRST = date(2005, 1, 1)
"""The day of the first visit of the large case."""
WORKED, LARGE, MEMORY = 1.0, 60.0, 1024.0
"""Bars: seconds for the worked example and for the large case, megabytes for the large case."""


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds by the clock and by the processor, megabytes at most, what it printed and showed."""

    seconds: float
    processor: float
    memory: float
    printed: str
    shown: str


def run(*arguments: str | Path) -> Run:
    """Run ``apgraph`` with standard error on a terminal; it must end with 0 or 1."""
    outer, inner = pty.openpty()
    shown: list[bytes] = []

    def watch() -> None:
        while True:
            try:
                piece = os.read(outer, 4096)
            except OSError:
                return
            if not piece:
                return
            shown.append(piece)

    with tempfile.TemporaryFile() as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*APGRAPH, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=inner,
            env=ENVIRONMENT,
        )
        os.close(inner)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.join(5)
        os.close(outer)
        out.seek(0)
        printed = out.read().decode()
    text = b"".join(shown).decode(errors="replace")
    if process.returncode not in (0, 1):
        raise SystemExit(f"apgraph {' '.join(map(str, arguments))}: exit code {process.returncode}: {text}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed, text)


def enlarge(folder: Path, rows: int) -> int:
    """Repeat the feature observations of a case on other days until there are so many; return how many are bad."""
    given = read(folder / TABLE)
    made, bad = [], 0
    for number in range(rows):
        row = dict(given[number % len(given)])
        row["observation_id"] = f"obs-{number:06}"
        # What is seen both present and absent is so on different days.
        row["observed_on"] = (FIRST + timedelta(days=number % (280 * len(given)))).isoformat()
        row["note"] = f"seen on visit {number}"
        if number % 100 == 99 and row["status"] != "not assessed":
            row["evidence_ids"] = ""
            bad += 1
        made.append(row)
    write(folder / TABLE, made)
    # A case begins with its first visit, or a rule tells of every date before.
    write(folder / HEAD, [{**row, "case_period_start": FIRST.isoformat()} for row in read(folder / HEAD)])
    # So do its arrangements, and they go on.
    kept = [{**row, "starts_on": FIRST.isoformat(), "ends_on": ""} for row in read(folder / ARRANGEMENTS)]
    write(folder / ARRANGEMENTS, kept)
    return bad


def read(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table by the names of its columns."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write(file: Path, rows: list[dict[str, str]]) -> None:
    """Write the rows of a table."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="exit code 1 where a bar is missed")
    arguments = parser.parse_args()
    missed = []

    def tell(what: str, runs: list[Run], seconds: float | None, memory: float | None = None) -> None:
        wall, processor = (
            statistics.median(each) for each in zip(*((r.seconds, r.processor) for r in runs), strict=True)
        )
        most = max(r.memory for r in runs)
        # The commands wait for nothing but the processor: on an idle machine they take no longer than that.
        holds = (seconds is None or min(wall, processor) <= seconds) and (memory is None or most <= memory)
        bars = f"at most {seconds:g} s" if seconds is not None else ""
        bars += f" and {memory:g} MB" if memory is not None else ""
        verdict = ("holds " if holds else "MISSED") if bars else "      "
        print(
            f"{verdict} {what}: {wall:.2f} s, processor {processor:.2f} s, {most:.0f} MB {f'({bars})' if bars else ''}"
        )
        if not holds:
            missed.append(what)

    with tempfile.TemporaryDirectory() as name:
        worked, folder, large = (Path(name, each) for each in ("worked.xlsx", "case", "large.xlsx"))
        run("convert", EXAMPLE, worked)
        tell("worked example, validated", [run("validate", worked) for _ in range(arguments.runs)], WORKED)
        run("convert", EXAMPLE, folder)
        bad = enlarge(folder, arguments.rows)
        tell(f"{arguments.rows:,} rows of CSV, written as a workbook", [run("convert", folder, large)], None)
        for what, source in (("CSV", folder), ("workbook", large)):
            runs = [run("validate", source, "-f", "csv") for _ in range(arguments.runs)]
            tell(f"{arguments.rows:,} rows of {what}, read and checked", runs, LARGE, MEMORY)
            found = sum(line.startswith("violation,") for line in runs[0].printed.splitlines())
            if found != bad:
                print(f"MISSED {what}: {found} violations where {bad} rows are bad")
                missed.append(f"findings of {what}")
            if runs[0].seconds > 4 and not all(
                word in runs[0].shown for word in ("reading the data (", "s)")
            ):
                print(f"MISSED {what}: no progress was shown")
                missed.append(f"progress of {what}")
    return int(arguments.check and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
