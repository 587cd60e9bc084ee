"""Validation: apgraph's engine beside others in one run, each run of an engine in a process of its own.

``python benchmarks/shacl.py`` measures 100 thousand triples; ``--sizes 100000 1000000``, ``--peers sets pyshacl …``,
``--runs 3`` choose otherwise. ``--check`` ends with exit code 1 where a bar is missed or a result differs, and
``--json FILE`` keeps all that was measured. Engines take turns, so that all of them meet the machine as it is; the
figures are medians. Wall time depends on what else the machine does, processor time (``cpu``) hardly, so the ratio of
both is told. Bars are judged by wall time, or by processor time where the machine was busy with other work.

What is compared, how results are compared and how to install each engine: benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "validation"
sys.path.insert(0, str(HERE))

import peers  # noqa: E402  # beside this file, for it alone

# Installed packages have been compiled; so is ours after its first run, unless that is switched off.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

SMALL = 200
"""Triples of a small case."""
START = 0.35
"""Seconds that a small case may take beyond Python's own start."""


@dataclass(frozen=True)
class Bar:
    """What must hold: one figure of an engine at most so many times another's.

    Attributes:
        sizes: Where it holds, from and up to so many triples.
        ours: Engine and figure.
        theirs: Engine and figure.
        most: The most that ``ours / theirs`` may be.
    """

    sizes: tuple[int, int]
    ours: tuple[str, str]
    theirs: tuple[str, str]
    most: float


HUNDRED_THOUSAND, MILLION = (50_000, 500_000), (500_001, 2_000_000)
ANY = (50_000, 10_000_000)
BARS = (
    Bar(HUNDRED_THOUSAND, ("sets", "check"), ("pyshacl", "check"), 1 / 50),
    Bar(HUNDRED_THOUSAND, ("sets", "check"), ("pyrudof", "check"), 1 / 6),
    Bar(HUNDRED_THOUSAND, ("command", "whole"), ("jena", "whole"), 1 / 8),
    Bar(MILLION, ("sets", "check"), ("pyshacl", "check"), 1 / 45),
    Bar(MILLION, ("sets", "check"), ("pyrudof", "check"), 1 / 30),
    Bar(MILLION, ("command", "whole"), ("jena", "whole"), 1 / 4),
    Bar(MILLION, ("command", "whole"), ("topquadrant", "whole"), 1 / 4),
    Bar(MILLION, ("sets", "peak_mb"), ("sets", "loaded_mb"), 1.3),
    Bar(ANY, ("sets", "check"), ("hand", "check"), 2.0),
    Bar((1, 1000), ("command", "whole"), ("pyshacl-command", "whole"), 0.5),
)
GROWTH = 1.5
"""How many times as long a triple may take at the largest size as at the smallest from 100 thousand up."""


@dataclass(frozen=True)
class Run:
    """One run of one engine.

    Attributes:
        figures: Name to seconds or megabytes.
        results: The lines of :mod:`peers`, as one text.
    """

    figures: dict[str, float]
    results: str


def run(engine: str, data: Path, shapes: Path, folder: Path, limit: float) -> Run | str:
    """Run an engine once; return why not, where it fails or takes too long."""
    found, report = folder / "found.txt", folder / "report"
    command = peers.PEERS[engine].command
    line = (
        command(data, shapes)
        if command is not None
        else [sys.executable, str(HERE / "peers.py"), engine, str(data), str(shapes), str(found)]
    )
    with report.open("wb") as out, (folder / "errors").open("wb") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(line, stdout=out, stderr=errors, stdin=subprocess.DEVNULL, env=ENVIRONMENT)
        deadline = started + limit
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() > deadline:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                return f"stopped after {limit:.0f} s"
            time.sleep(0.002 if time.perf_counter() - started < 5 else 0.05)
        whole = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ((0,) if command is None else (0, 1)):
        last = (folder / "errors").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        return f"exit code {process.returncode}: {' '.join(last)}"
    figures = {
        "whole": whole,
        "whole_cpu": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }
    if command is None:
        figures |= json.loads(report.read_text(encoding="utf-8"))
    else:
        read = [sys.executable, str(HERE / "peers.py"), "read", str(report), str(shapes), str(found)]
        if subprocess.run(read, check=False, stderr=subprocess.PIPE).returncode:
            last = (folder / "errors").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            return f"it wrote no report: {' '.join(last)}"
    return Run(figures, found.read_text(encoding="utf-8"))


def measure(
    size: int, engines: list[str], runs: int, seed: int, limit: float
) -> tuple[dict[str, dict[str, float]], dict[str, int], list[str]]:
    """Measure engines at one size; return their medians, how many results each has, and what differs or failed."""
    shapes, problems = HERE / "shapes.ttl", []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data.nt"
        made = subprocess.run(
            [sys.executable, str(HERE / "corpus.py"), str(data), str(size), str(seed)],
            check=True,
            capture_output=True,
            text=True,
        )
        bad = sum(json.loads(made.stdout).values())
        print(
            f"\n{size:,} triples ({bad:,} bad records, {data.stat().st_size / 1e6:.0f} MB), {runs} runs each"
        )
        every: dict[str, list[Run]] = {}
        left = [engine for engine in engines if size <= peers.PEERS[engine].most]
        for _ in range(runs):
            for engine in list(left):
                one = run(engine, data, shapes, folder, limit)
                if isinstance(one, str):
                    problems.append(f"{peers.PEERS[engine].title} at {size:,}: {one}")
                    print(f"  {peers.PEERS[engine].title}: left out: {one}")
                    left.remove(engine)
                    continue
                every.setdefault(engine, []).append(one)
                print(f"  … {engine} {one.figures['whole']:.2f} s", file=sys.stderr)
    medians = {
        engine: {key: statistics.median(one.figures[key] for one in found) for key in found[0].figures}
        for engine, found in every.items()
    }
    results = {engine: found[0].results for engine, found in every.items()}
    _print(medians, results, problems)
    return medians, {engine: text.count("\n") for engine, text in results.items()}, problems


def _print(medians: dict[str, dict[str, float]], results: dict[str, str], problems: list[str]) -> None:
    print(
        f"  {'engine':24} {'load s':>7} {'check s':>8} {'cpu s':>7} {'whole s':>8} {'cpu s':>7}"
        f" {'loaded MB':>9} {'peak MB':>8} {'results':>8}  same"
    )
    base = results.get("sets") or next(iter(results.values()), "")
    for engine, figures in medians.items():
        same = results[engine] == base
        cells = [
            (f"{figures[key]:.{digits}f}" if key in figures else "").rjust(width)
            for key, width, digits in (
                ("load", 7, 2),
                ("check", 8, 2),
                ("check_cpu", 7, 2),
                ("whole", 8, 2),
                ("whole_cpu", 7, 2),
                ("loaded_mb", 9, 0),
                ("peak_mb", 8, 0),
            )
        ]
        lines = results[engine].splitlines()
        print(
            f"  {peers.PEERS[engine].title:24} {' '.join(cells)} {len(lines):>8,}  {'yes' if same else 'NO'}"
        )
        if not same:
            told = _difference(base.splitlines(), lines)
            print(f"    {told}")
            problems.append(f"{peers.PEERS[engine].title}: other results: {told}")


def _difference(ours: list[str], theirs: list[str]) -> str:
    from collections import Counter

    lacks, has = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)

    def by_component(lines: Counter[str]) -> str:
        found = Counter(line.rpartition(" ")[2] for line in lines.elements())
        return ", ".join(f"{number} {name}" for name, number in sorted(found.items())) or "none"

    return f"lacks {by_component(lacks)}; has besides {by_component(has)}"


def warm_up(engines: list[str]) -> None:
    """Run each engine once on next to nothing, so that files are in memory and compiled."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name, "data.nt")
        data.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
        for engine in engines:
            run(engine, data, HERE / "shapes.ttl", Path(name), 60)


def judge(every: dict[int, dict[str, dict[str, float]]]) -> list[str]:
    """Print each bar that could be judged, and return those that are missed."""
    missed = []

    def tell(text: str, holds: bool) -> None:
        print(f"  {'holds ' if holds else 'MISSED'} {text}")
        if not holds:
            missed.append(text)

    print("\nbars")
    for size, medians in every.items():
        for bar in BARS:
            if not bar.sizes[0] <= size <= bar.sizes[1]:
                continue
            (ours, figure), (theirs, their_figure) = bar.ours, bar.theirs
            if ours not in medians or theirs not in medians:
                print(
                    f"  not measured: {peers.PEERS[ours].title} against {peers.PEERS[theirs].title} at {size:,}"
                )
                continue
            mine, other = medians[ours][figure], medians[theirs][their_figure]
            ratio, unit = mine / other, ""
            key = f"{figure}_cpu"
            if key in medians[ours] and key in medians[theirs]:
                cpu_ratio = medians[ours][key] / medians[theirs][key]
                unit = f"; by processor time {_times(cpu_ratio, bar.most)}"
                if is_busy(medians):
                    ratio, unit = cpu_ratio, f" by processor time; by the clock {_times(ratio, bar.most)}"
            tell(
                f"{size:,}: {peers.PEERS[ours].title}, {figure} {mine:.2f}, is {_times(ratio, bar.most)} as "
                f"{peers.PEERS[theirs].title}, {their_figure} {other:.2f}{unit} ({_bar(bar.most)})",
                ratio <= bar.most,
            )
    large = sorted(size for size in every if size >= 100_000 and "sets" in every[size])
    if len(large) > 1:
        first, last = large[0], large[-1]
        grown = every[last]["sets"]["check"] / last / (every[first]["sets"]["check"] / first)
        grown_cpu = every[last]["sets"]["check_cpu"] / last / (every[first]["sets"]["check_cpu"] / first)
        busy = is_busy(every[first]) or is_busy(every[last])
        tell(
            f"from {first:,} to {last:,}: {grown:.2f} times the time per triple, {grown_cpu:.2f} times the processor time "
            f"(at most {GROWTH}{', judged by processor time' if busy else ''})",
            (grown_cpu if busy else grown) <= GROWTH,
        )
    for size, medians in every.items():
        if size <= 1000 and "command" in medians:
            # It waits for nothing but the processor: on an idle machine it takes no longer than that.
            wall, cpu = python_alone()
            figures = medians["command"]
            beyond = min(figures["whole"] - wall, figures["whole_cpu"] - cpu)
            tell(
                f"{size:,}: apgraph validate, {beyond:.2f} s beyond python -c pass (at most {START})",
                beyond <= START,
            )
    return missed


def is_busy(medians: dict[str, dict[str, float]]) -> bool:
    """Tell whether the machine did so much else that the clock says little: a run waited for a third of its time."""
    ours = [figures for engine, figures in medians.items() if engine in ("sets", "hand", "command")]
    return any(figures["whole"] > 1.5 * figures["whole_cpu"] for figures in ours)


def _times(ratio: float, most: float) -> str:
    return f"{1 / ratio:.1f} times as fast" if most < 1 else f"{ratio:.2f} times as much"


def _bar(most: float) -> str:
    return f"at least {1 / most:.0f} times" if most < 1 else f"at most {most} times"


def python_alone() -> tuple[float, float]:
    """Return the medians of what Python takes to start and end, by the clock and by the processor."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", "pass"])
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        times.append((time.perf_counter() - started, usage.ru_utime + usage.ru_stime))
    wall, cpu = (statistics.median(each) for each in zip(*times, strict=True))
    return wall, cpu


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[SMALL, 100_000], metavar="TRIPLES")
    parser.add_argument("--peers", nargs="+", choices=list(peers.PEERS), default=list(peers.PEERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=1800, help="seconds after which a run is stopped")
    parser.add_argument(
        "--check", action="store_true", help="exit code 1 where a bar is missed or a result differs"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep what was measured")
    arguments = parser.parse_args()
    engines = []
    for name in arguments.peers:
        why = peers.absence(name)
        if why is None:
            engines.append(name)
        else:
            print(f"{peers.PEERS[name].title}: skipped: {why}")
    print(time.strftime("%Y-%m-%d"), f"Python {sys.version.split()[0]},", f"{os.cpu_count()} cores,", end=" ")
    print(", ".join(f"{peers.PEERS[name].title} {peers.version(name)}" for name in engines))
    warm_up(engines)
    every, results, problems = {}, {}, []
    for size in arguments.sizes:
        every[size], results[size], found = measure(
            size, engines, arguments.runs, arguments.seed, arguments.limit
        )
        problems += found
    missed = judge(every)
    if arguments.json is not None:
        arguments.json.write_text(
            json.dumps(
                {"figures": every, "results": results, "problems": problems, "missed": missed}, indent=2
            )
        )
    return int(arguments.check and bool(missed or problems))


if __name__ == "__main__":
    sys.exit(main())
