"""Loading: apgraph's stores against bare pyoxigraph, side by side, each run in a process of its own.

Run it with the number of triples and of runs: ``python benchmarks/load.py 1000000 3``. What is
printed are medians, and their ratio to bare pyoxigraph on the same machine in the same minute.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

XSD = "http://www.w3.org/2001/XMLSchema#"

RUN = """
import json, resource, sys, tempfile, time
from pathlib import Path
from pyoxigraph import NamedNode, RdfFormat, Store
from apgraph.store import OxigraphStore
what, file = sys.argv[1], Path(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    started = time.perf_counter()
    if what.startswith("pyoxigraph"):
        store = Store(folder) if what.endswith("disk") else Store()
        store.load(path=str(file), format=RdfFormat.N_TRIPLES, to_graph=NamedNode("urn:g"))
    else:
        store = OxigraphStore(folder + "/store") if what.endswith("disk") else OxigraphStore()
        store.load(file, format=RdfFormat.N_TRIPLES, graph="urn:g", name=file.name)
    seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, peak]))
"""


def write(file: Path, number: int, *, kept: float, capitals: bool) -> None:
    """Write triples as organisations have them; a share of the numbers would be changed by Oxigraph."""
    chance = random.Random(1)
    tag = "EN-GB" if capitals else "en-gb"
    with file.open("w", encoding="utf-8") as out:
        for at in range(number):
            subject, kind = f"<urn:org:{at // 10}>", at % 10
            if kind < 3:
                value = f"<urn:org:{chance.randrange(number // 10 + 1)}>"
            elif kind < 6:
                value = f'"some words of text {at}"'
            elif kind == 6:
                value = f'"label {at}"@{tag}'
            elif kind == 7:
                zero = "0" if chance.random() < kept else ""
                value = f'"{zero}{chance.randrange(1, 5000)}"^^<{XSD}integer>'
            elif kind == 8:
                value = f'"20{chance.randrange(10, 30)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"^^<{XSD}date>'
            else:
                value = f"_:b{at // 50}"
            out.write(f"{subject} <urn:p{kind}> {value} .\n")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        for title, kept, capitals in (
            ("nothing is rewritten", 0.0, False),
            ("one number in ten is rewritten", 0.1, False),
            ("every number is rewritten, every tag has capitals", 1.0, True),
        ):
            file = Path(folder, "data.nt")
            write(file, number, kept=kept, capitals=capitals)
            print(f"{number} triples, {title}: seconds (ratio) / peak memory in MB (ratio)")
            results: dict[str, list[tuple[float, float]]] = {}
            for _ in range(runs):
                for what in ("pyoxigraph", "apgraph", "pyoxigraph disk", "apgraph disk"):
                    done = subprocess.run(
                        [sys.executable, "-c", RUN, what, file], capture_output=True, check=True
                    )
                    results.setdefault(what, []).append(json.loads(done.stdout))
            for what, values in results.items():
                seconds, peak = (statistics.median(column) for column in zip(*values, strict=True))
                base = results["pyoxigraph disk" if what.endswith("disk") else "pyoxigraph"]
                bare, bare_peak = (statistics.median(column) for column in zip(*base, strict=True))
                print(
                    f"  {what:16} {seconds:6.2f} ({seconds / bare:.2f})  / {peak:5.0f} ({peak / bare_peak:.2f})"
                )


if __name__ == "__main__":
    main()
