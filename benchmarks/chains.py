"""Chains of what is transitive, or the same: apgraph beside reasonable and owlrl, on the same data in the same run.

``python benchmarks/chains.py LENGTH [KIND…]``; of a chain of *n* links *n²/2* triples follow, or *n²* where it goes both ways.
owlrl is left out above 60 links, as it puts any two links together. Timed is inferring, after loading, by the clock.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LINKS = {
    "transitive": "urn:p",
    "same": OWL + "sameAs",
    "sub-classes": RDFS + "subClassOf",
    "equivalent": OWL + "equivalentClass",
    "sub-properties": RDFS + "subPropertyOf",
}
MOST_FOR_OWLRL = 60


def write(file: Path, kind: str, length: int) -> None:
    """Write a chain as N-Triples."""
    links = [f"<urn:n{at}> <{LINKS[kind]}> <urn:n{at + 1}> .\n" for at in range(length)]
    links += [f"<urn:p> <{TYPE}> <{OWL}TransitiveProperty> .\n", f"<urn:x> <{TYPE}> <urn:n0> .\n"]
    file.write_text("".join(links))


def by_apgraph(file: Path) -> float:
    """Run apgraph."""
    from pyoxigraph import RdfFormat

    from apgraph.reasoning.rl import close
    from apgraph.store import OxigraphStore

    store = OxigraphStore()
    store.load(file, format=RdfFormat.N_TRIPLES, graph="urn:data")
    started = time.perf_counter()
    close(store)
    return time.perf_counter() - started


def by_reasonable(file: Path) -> float:
    """Run reasonable."""
    import reasonable

    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(file))
    started = time.perf_counter()
    reasoner.reason()
    return time.perf_counter() - started


def by_owlrl(file: Path) -> float:
    """Run owlrl."""
    import owlrl
    import rdflib

    graph = rdflib.Graph().parse(file, format="turtle")
    started = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return time.perf_counter() - started


def main(arguments: list[str]) -> None:
    """Run the engines on each kind of chain and print what they took."""
    length = int(arguments[0])
    engines = {"apgraph": by_apgraph, "reasonable": by_reasonable}
    if length <= MOST_FOR_OWLRL:
        engines["owlrl"] = by_owlrl
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chain.ttl"
        for kind in arguments[1:] or LINKS:
            write(file, kind, length)
            taken = "  ".join(f"{name} {run(file):7.2f} s" for name, run in engines.items())
            print(f"{kind:15} {length:5} links  {taken}")


if __name__ == "__main__":
    main(sys.argv[1:])
