"""How long the command line takes to start and to answer, beyond what Python itself takes.

Run ``python benchmarks/startup.py`` for the figures, with ``--check`` to fail where one is over its bar.
Each command runs in turn with ``python -c pass`` in the same round; the least of the rounds counts,
since everything that disturbs a run only makes it longer.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

BARS = {
    "apgraph --help": 0.2,
    "apgraph ask --help": 0.3,
    "apgraph ask practices-supporting --model pan-organisational": 0.5,
}


def seconds(command: list[str]) -> float:
    """Return the wall time of one run of a command that must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> int:
    """Measure, print a table, and compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where a figure is over its bar")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    apgraph = str(Path(sys.executable).with_name("apgraph"))
    bare = [sys.executable, "-c", "pass"]
    commands = {text: [apgraph, *text.split()[1:]] for text in BARS}
    least = {text: float("inf") for text in ("python -c pass", *BARS)}
    for _ in range(options.rounds):
        least["python -c pass"] = min(least["python -c pass"], seconds(bare))
        for text, command in commands.items():
            least[text] = min(least[text], seconds(command))
    slow = 0
    for text, bar in BARS.items():
        beyond = least[text] - least["python -c pass"]
        slow += beyond > bar
        print(f"{beyond:6.3f} s beyond python (bar {bar} s)  {text}")
    return int(options.check and slow > 0)


if __name__ == "__main__":
    raise SystemExit(main())
