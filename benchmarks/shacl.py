"""Validation: apgraph's engine against others, side by side, each run in a process of its own.

``python benchmarks/shacl.py TRIPLES RUNS [ENGINE…]``; engines that are not installed are left out, and said to be.
Corpus and shapes are made here, the same for the same number of triples. Printed are medians of load and validation,
peak memory, the number of results, and ratios to apgraph's ``sets`` in the same run. Results are compared by focus
node and component.
"""

from __future__ import annotations

import hashlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

XSD = "http://www.w3.org/2001/XMLSchema#"
NS = "urn:bench:"

SHAPES = """
PREFIX b: <urn:bench:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
b: sh:declare [ sh:prefix "b" ; sh:namespace "urn:bench:"^^xsd:anyURI ] .
b:OrganisationShape a sh:NodeShape ; sh:targetClass b:Organisation ;
  sh:property [ sh:path b:name ; sh:minCount 1 ; sh:uniqueLang true ; sh:datatype <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> ] ;
  sh:property [ sh:path b:code ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:pattern "^ORG[0-9]{7}$" ] ;
  sh:property [ sh:path [ sh:inversePath b:worksAt ] ; sh:minCount 1 ] ;
  sh:property [ sh:path ( [ sh:inversePath b:worksAt ] b:holds ) ; sh:class b:Role ] ;
  sh:property [ sh:path b:kind ; sh:in ( b:college b:provider b:charity ) ] .
b:PersonShape a sh:NodeShape ; sh:targetClass b:Person ;
  sh:property [ sh:path b:worksAt ; sh:minCount 1 ; sh:class b:Organisation ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path b:holds ; sh:maxCount 2 ] ;
  sh:property [ sh:path b:hours ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxInclusive 40 ; sh:severity sh:Warning ] ;
  sh:property [ sh:path b:from ; sh:datatype xsd:date ; sh:lessThan b:until ] ;
  sh:or ( [ sh:property [ sh:path b:email ; sh:minCount 1 ] ] [ sh:property [ sh:path b:phone ; sh:minCount 1 ] ] ) .
b:CommunityShape a sh:NodeShape ; sh:targetClass b:Community ;
  sh:property [ sh:path b:member ; sh:minCount 2 ] ;
  sh:property [ sh:path b:member ; sh:qualifiedValueShape [ sh:property [ sh:path b:holds ; sh:hasValue b:lead ] ] ; sh:qualifiedMinCount 1 ; sh:severity sh:Info ] ;
  sh:not [ sh:property [ sh:path b:closedOn ; sh:minCount 1 ] ] .
b:ClaimShape a sh:NodeShape ; sh:targetClass b:Claim ; sh:closed true ;
  sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> b:text b:about b:date b:end ) ;
  sh:property [ sh:path b:text ; sh:minLength 10 ] ;
  sh:property [ sh:path b:about ; sh:minCount 1 ; sh:node [ sh:property [ sh:path b:code ; sh:minCount 1 ] ] ] ;
  sh:sparql [ sh:prefixes b: ; sh:message "It ends before it starts." ;
    sh:select "SELECT $this ?value WHERE { $this b:date ?start . $this b:end ?value . FILTER(?value < ?start) }" ] ;
  sh:sparql [ sh:prefixes b: ; sh:message "Nobody there." ; sh:severity sh:Warning ;
    sh:select "SELECT $this WHERE { $this b:about ?place . FILTER NOT EXISTS { ?person b:worksAt ?place } }" ] .
"""


def write(file: Path, triples: int, seed: int = 1) -> None:
    """Write organisations with people, communities and claims, about one record in a hundred bad in a known way."""
    chance = random.Random(seed)
    number = 0
    with file.open("w", encoding="utf-8") as out:

        def say(s: str, p: str, o: str) -> None:
            nonlocal number
            number += 1
            predicate = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" if p == "a" else NS + p
            out.write(f"<{NS}{s}> <{predicate}> {o} .\n")

        def iri(name: str) -> str:
            return f"<{NS}{name}>"

        def bad() -> bool:
            return chance.random() < 0.01

        def date(year: int) -> str:
            return f'"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"^^<{XSD}date>'

        for kind in ("College", "Provider"):
            number += 1
            out.write(
                f"<{NS}{kind}> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{NS}Organisation> .\n"
            )
        for role in ("lead", "coach", "mentor"):
            say(role, "a", iri("Role"))
        at = 0
        while number < triples:
            at += 1
            org = f"org{at}"
            say(org, "a", iri(chance.choice(["College", "Provider"])))
            if not bad():
                say(org, "name", f'"Organisation {at}"@en')
            if bad():
                say(org, "name", f'"Organisation again {at}"@en')
            say(org, "code", f'"{"XRG" if bad() else "ORG"}{at:07}"')
            say(org, "kind", iri("bakery" if bad() else chance.choice(["college", "provider", "charity"])))
            people = chance.randrange(3, 10)
            for n in range(people):
                person = f"{org}p{n}"
                say(person, "a", iri("Person"))
                say(person, "worksAt", iri("nowhere" if bad() else org))
                say(person, "holds", iri("king" if bad() else ["lead", "coach", "mentor"][n % 3]))
                say(person, "hours", f'"{77 if bad() else chance.randrange(1, 40)}"^^<{XSD}integer>')
                say(person, "from", date(2031 if bad() else 2015))
                say(person, "until", date(2024))
                if not bad():
                    say(person, "email", f'"p{n}@org{at}.example"')
            for n in range(2):
                community = f"{org}c{n}"
                say(community, "a", iri("Community"))
                for member in range(1 if bad() else 3):
                    say(community, "member", iri(f"{org}p{member}"))
                if bad():
                    say(community, "closedOn", date(2020))
            for n in range(8):
                claim = f"{org}claim{n}"
                say(claim, "a", iri("Claim"))
                say(claim, "text", '"short"' if bad() else f'"what was said about organisation {at}"')
                if not bad():
                    say(claim, "about", iri(org))
                say(claim, "date", date(2019))
                say(claim, "end", date(2018 if bad() else 2020))
                if bad():
                    say(claim, "mood", '"good"')


RUN = """
import hashlib, json, resource, sys, time
from pathlib import Path
engine, data, shapes = sys.argv[1:]
started = time.perf_counter()
if engine in ("sets", "coverage", "pyshacl"):
    from pyoxigraph import RdfFormat
    from apgraph.shacl import load_shapes, validate
    from apgraph.store import OxigraphStore
    store = OxigraphStore()
    store.load(Path(data), format=RdfFormat.N_TRIPLES, graph="urn:g", name=data)
    loaded = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report = validate(store, data_graphs=["urn:g"], shapes=load_shapes([shapes]), coverage=engine == "coverage",
                      engine="pyshacl" if engine == "pyshacl" else "sets")
    done = time.perf_counter()
    found = sorted(f"{f.focus_node} <{f.component}>" for f in report)
elif engine == "pyshacl-alone":
    import rdflib, pyshacl
    graph = rdflib.Graph().parse(data, format="nt")
    loaded = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _, result, _ = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(shapes))
    done = time.perf_counter()
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    found = sorted(f"<{result.value(r, sh.focusNode)}> <{result.value(r, sh.sourceConstraintComponent)}>"
                   for r in result.objects(None, sh.result))
elif engine == "pyrudof":
    from pyrudof import Rudof, RudofConfig, RDFFormat, ReaderMode, ShaclFormat, ShaclValidationMode, ShapesGraphSource
    rudof = Rudof(RudofConfig())
    rudof.read_data(data, RDFFormat.NTriples) if hasattr(RDFFormat, "NTriples") else rudof.read_data(data)
    loaded = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rudof.read_shacl(shapes, ShaclFormat.Turtle)
    result = rudof.validate_shacl()
    done = time.perf_counter()
    found = [str(n) for n in range(len(getattr(result, "results", lambda: [])()))]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
digest = hashlib.sha256("\\n".join(found).encode()).hexdigest()[:8]
print(json.dumps([loaded - started, done - loaded, done - started, memory, peak, len(found), digest]))
"""


def main(triples: int, runs: int, engines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, shapes = Path(folder, "data.nt"), Path(folder, "shapes.ttl")
        write(data, triples)
        shapes.write_text(SHAPES, encoding="utf-8")
        found: dict[str, list[list[float | str]]] = {engine: [] for engine in engines}
        for _ in range(runs):
            for engine in engines:
                done = subprocess.run(
                    [sys.executable, "-c", RUN, engine, str(data), str(shapes)],
                    check=False,
                    capture_output=True,
                    text=True,
                )
                if done.returncode:
                    print(f"{engine}: left out: {done.stderr.strip().splitlines()[-1:]}")
                    continue
                found[engine].append(json.loads(done.stdout))
        print(f"{triples:,} triples, data {hashlib.sha256(data.read_bytes()).hexdigest()[:8]}, {runs} runs")
        print("engine            load s  check s  whole s  loaded MB  peak MB  results            check/sets")
        base = None
        for engine, rows in found.items():
            if not rows:
                continue
            load, check, whole, memory, peak = (
                statistics.median(float(row[n]) for row in rows) for n in range(5)
            )
            base = base or check
            print(
                f"{engine:16} {load:7.2f} {check:8.2f} {whole:8.2f} {memory:10.0f} {peak:8.0f}"
                f"  {rows[0][5]:>7} {rows[0][6]} {check / base:10.1f}"
            )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(int(arguments[0]), int(arguments[1]), arguments[2:] or ["sets", "coverage", "pyshacl-alone"])
