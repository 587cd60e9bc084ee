"""OWL 2 RL: apgraph beside owlrl and reasonable, on the same data in the same run.

``python benchmarks/reasoning.py TRIPLES [ENGINE…]``; engines that are not installed are left out, and said to be. Each
runs in a process of its own. Timed is inferring, after loading. The corpus (organisations with people, roles, teams
and projects under an ontology with sub-classes, sub-properties, an inverse, a transitive property, a hasValue class and
a property chain) is made here, the same for the same number of triples. Compared are all triples that an engine has in
the end, asserted and inferred, that say of a thing of the corpus that it is in a class of the corpus or has a property of
it: as a set for each class and property, by its size and a hash that no order changes.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NS = "urn:bench:"
ONTOLOGY = """
@prefix b: <urn:bench:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
b:Lead a owl:Class ; rdfs:subClassOf b:Practitioner . b:Practitioner a owl:Class ; rdfs:subClassOf b:Person .
b:Teacher a owl:Class ; rdfs:subClassOf b:Practitioner . b:Person a owl:Class . b:Organisation a owl:Class .
b:Coach a owl:Class ; owl:equivalentClass
  [ a owl:Restriction ; owl:onProperty b:holds ; owl:hasValue b:coaching ] .
b:holds a owl:ObjectProperty . b:leads a owl:ObjectProperty ; rdfs:subPropertyOf b:worksAt .
b:worksAt a owl:ObjectProperty ; rdfs:domain b:Person ; rdfs:range b:Organisation ; owl:inverseOf b:employs .
b:employs a owl:ObjectProperty . b:partOf a owl:ObjectProperty, owl:TransitiveProperty .
b:memberOf a owl:ObjectProperty . b:reaches a owl:ObjectProperty ; owl:propertyChainAxiom ( b:memberOf b:partOf ) .
"""
ENGINES = ("apgraph", "owlrl", "reasonable")


Sums = dict[str, tuple[int, str]]
Run = tuple[tuple[float, float, int], Sums]


class Clock:
    """Seconds by the clock and of processor time, from now on; and the most memory so far, before it is compared."""

    def __init__(self) -> None:
        self._started = (time.perf_counter(), time.process_time())

    def taken(self) -> tuple[float, float, int]:
        """Return them, memory in MB."""
        wall, processor = time.perf_counter() - self._started[0], time.process_time() - self._started[1]
        return wall, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write(file: Path, triples: int) -> None:
    """Write the corpus as N-Triples."""
    import pyoxigraph as ox

    chance = random.Random(1)
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    with file.open("w", encoding="utf-8") as out:
        for quad in ox.parse(ONTOLOGY.encode(), ox.RdfFormat.TURTLE):
            out.write(f"{quad.triple} .\n")
        number, at = 0, 0
        while number < triples:
            at += 1
            lines = [f"<{NS}t{at}_{n}> <{NS}partOf> <{NS}t{at}_{n + 1}> ." for n in range(3)]
            for n in range(8):
                who = f"<{NS}p{at}_{n}>"
                lines += [
                    f"{who} <{kind}> <{NS}{chance.choice(['Lead', 'Teacher'])}> .",
                    f"{who} <{NS}{'leads' if n == 0 else 'worksAt'}> <{NS}o{at}> .",
                    f"{who} <{NS}holds> <{NS}{chance.choice(['coaching', 'mentoring', 'none'])}> .",
                    f"{who} <{NS}memberOf> <{NS}t{at}_{chance.randrange(3)}> .",
                    f'{who} <{NS}name> "person {n} of {at}" .',
                    f'{who} <{NS}mail> "p{n}@o{at}.example" .',
                    f'{who} <{NS}note> "said something in year {chance.randrange(2010, 2024)}" .',
                ]
            number += len(lines)
            out.write("\n".join(lines) + "\n")


def summed(triples: Iterable[tuple[str, str, str]]) -> Sums:
    """Return how many members each class of the corpus has, and pairs each property, each with a hash of all of them.

    The hash is the sum of those of the triples, whatever their order; a triple that comes twice counts once. Triples
    are given by the plain text of their terms, since engines write datatypes differently.
    """
    found: defaultdict[str, set[bytes]] = defaultdict(set)
    for subject, predicate, value in triples:
        name = value if predicate.endswith("#type") else predicate
        if name.startswith(NS) and subject.startswith(NS):
            text = "\n".join((subject, predicate, value))
            found[name[len(NS) :]].add(hashlib.sha256(text.encode()).digest())
    return {
        name: (len(hashes), f"{sum(int.from_bytes(each) for each in hashes) % 2**256:064x}")
        for name, hashes in sorted(found.items())
    }


def differences(own: Sums, other: Sums) -> list[str]:
    """Return the classes and properties of which two engines have other triples, with how many."""
    told = []
    for name in sorted(own.keys() | other.keys()):
        (one, _), (two, _) = (each.get(name, (0, "")) for each in (own, other))
        if own.get(name) != other.get(name):
            told.append(f"{name} ({two} for {one})" if one != two else f"{name} (other {one})")
    return told


def by_apgraph(file: Path) -> Run:
    """Run apgraph."""
    from pyoxigraph import RdfFormat

    from apgraph.reasoning.rl import close
    from apgraph.store import INFERRED, OxigraphStore

    store = OxigraphStore()
    store.load(file, format=RdfFormat.N_TRIPLES, graph="urn:data")
    clock = Clock()
    close(store)
    taken = clock.taken()
    quads = (quad for graph in ("urn:data", INFERRED) for quad in store.quads(graph))
    return taken, summed(
        (getattr(q.subject, "value", ""), q.predicate.value, getattr(q.object, "value", "")) for q in quads
    )


def by_owlrl(file: Path) -> Run:
    """Run owlrl."""
    import owlrl
    import rdflib

    graph = rdflib.Graph().parse(file, format="nt")
    clock = Clock()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    taken = clock.taken()
    return taken, summed((str(s), str(p), str(o)) for s, p, o in graph)


def by_reasonable(file: Path) -> Run:
    """Run reasonable, which has no property chains."""
    import reasonable

    reasoner = reasonable.PyReasoner()
    turtle = file.with_suffix(".ttl")
    turtle.write_bytes(file.read_bytes())
    reasoner.load_file(str(turtle))
    clock = Clock()
    found = reasoner.reason()
    taken = clock.taken()
    return taken, summed((str(s), str(p), str(o)) for s, p, o in found)


def main(arguments: list[str]) -> None:
    """Run the engines on one corpus and print what they took."""
    if arguments[0] == "--one":
        (seconds, processor, memory), sums = globals()[f"by_{arguments[1]}"](Path(arguments[2]))
        sys.stdout.write(
            json.dumps({"seconds": seconds, "processor": processor, "memory": memory, "sums": sums})
        )
        return
    triples = int(arguments[0])
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.nt"
        write(file, triples)
        for engine in arguments[1:] or ENGINES:
            command = [sys.executable, __file__, "--one", engine, str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{engine}: left out: {done.stderr.strip().splitlines()[-1]}")
                continue
            results[engine] = json.loads(done.stdout)
    own = results["apgraph"]
    for engine, result in results.items():
        wrong = differences(own["sums"], result["sums"])
        wall, cpu = (result[name] / own[name] for name in ("seconds", "processor"))
        print(
            f"{engine:11} {result['seconds']:9.2f} s {wall:8.1f} times, processor {result['processor']:9.2f} s "
            f"{cpu:8.1f} times {result['memory']:6} MB  "
            + (f"differs in {', '.join(wrong)}" if wrong else "same triples")
        )


if __name__ == "__main__":
    main(sys.argv[1:])
