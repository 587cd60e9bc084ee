"""Profiles of many arrangements in one pass against one rdflib query for each, side by side.

``python benchmarks/profiles.py 10000 100``: number of arrangements, and how many of them rdflib is timed on. rdflib is
given a graph with the framework and the cases of those alone, which favours it; its counts are compared with ours.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import rdflib
import rdflib.plugins.sparql
from pyoxigraph import RdfFormat

from apgraph import Graph
from apgraph.profiles import Verdict, profiles
from apgraph.resources import ontology_module
from apgraph.vocabulary import APG, APGX, PREFIXES

RDF = PREFIXES["rdf"] + "type"
LABEL = PREFIXES["rdfs"] + "label"
XSD = PREFIXES["xsd"]
PER_CASE = 4

NAIVE = """
PREFIX apg: <https://w3id.org/apgraph/ns#> PREFIX apgx: <https://w3id.org/apgraph/ref/>
SELECT ?model (SUM(?for) AS ?supporting) (SUM(?not) AS ?against) (GROUP_CONCAT(STR(?observation)) AS ?reasons) WHERE {
  ?observation apg:isObservationOf ?arrangement ; apg:observesFeature ?feature ; apg:hasStatus ?status ;
    apg:observedOn ?date .
  FILTER NOT EXISTS {
    ?later apg:isObservationOf ?arrangement ; apg:observesFeature ?feature ; apg:observedOn ?other .
    FILTER(STR(?other) > STR(?date))
  }
  ?model a apg:DeploymentModel ; ?role ?feature .
  VALUES ?role { apg:hasSummaryFeature apg:hasCharacteristicFeature apg:isMarkedByAbsenceOf }
  FILTER(?role != apg:hasCharacteristicFeature || NOT EXISTS { ?model apg:hasSummaryFeature ?feature })
  BIND(IF(?role != apg:isMarkedByAbsenceOf && ?status IN (apgx:statusPresent, apgx:statusPartly), 1, 0) AS ?for)
  BIND(IF((?role = apg:hasSummaryFeature && ?status = apgx:statusAbsent)
    || (?role = apg:isMarkedByAbsenceOf && ?status = apgx:statusPresent), 1, 0) AS ?not)
} GROUP BY ?model
"""


# The same with what our reasons have, too: features that nobody assessed, and the evidence.
WHOLE = """
PREFIX apg: <https://w3id.org/apgraph/ns#> PREFIX apgx: <https://w3id.org/apgraph/ref/>
SELECT ?model ?role ?feature ?status ?observation ?date ?confidence ?item ?title WHERE {
  VALUES ?role { apg:hasSummaryFeature apg:hasCharacteristicFeature apg:isMarkedByAbsenceOf }
  ?model a apg:DeploymentModel ; ?role ?feature .
  FILTER(?role != apg:hasCharacteristicFeature || NOT EXISTS { ?model apg:hasSummaryFeature ?feature })
  OPTIONAL {
    ?observation apg:isObservationOf ?arrangement ; apg:observesFeature ?feature ; apg:hasStatus ?status ;
      apg:observedOn ?date ; apg:hasConfidence ?confidence ; apg:isSupportedByEvidence ?item .
    ?item apg:evidenceTitle ?title .
    FILTER NOT EXISTS {
      ?later apg:isObservationOf ?arrangement ; apg:observesFeature ?feature ; apg:observedOn ?other .
      FILTER(STR(?other) > STR(?date))
    }
  }
}
"""


def write(folder: Path, arrangements: int, features: list[str], models: list[str]) -> tuple[Path, int]:
    """Write invented cases as N-Triples, about a hundred triples an arrangement, and a copy of the first cases."""
    rng = random.Random(7)
    lines: list[str] = []

    def say(subject: str, predicate: str, value: str, kind: str | None = "") -> None:
        text = f"<{value}>" if kind is None else f'"{value}"' + (f"^^<{XSD}{kind}>" if kind else "")
        lines.append(f"<{subject}> <{predicate}> {text} .\n")

    for case in range(arrangements // PER_CASE):
        base = f"urn:apgraph:case:c{case}:"
        record = f"{base}record"
        say(record, RDF, f"{APG}CaseRecord", None)
        say(record, f"{APG}caseIdentifier", f"c{case}")
        say(record, f"{APG}concernsOrganisation", f"{base}org", None)
        say(f"{base}org", RDF, f"{APG}Organisation", None)
        say(f"{base}org", LABEL, f"College {case}")
        for item in range(6):
            name = f"{base}ev-{item}"
            say(name, RDF, f"{APG}EvidenceItem", None)
            say(name, f"{APG}isPartOfCase", record, None)
            say(name, f"{APG}evidenceTitle", f"Minutes {item}")
            say(name, f"{APG}evidenceDate", "2023-05", "gYearMonth")
            say(name, f"{APG}rowIdentifier", f"ev-{item}")
        serial = 0
        for at in range(PER_CASE):
            name = f"{base}arr-{at}"
            say(name, RDF, f"{APG}DeploymentArrangement", None)
            say(name, LABEL, f"arrangement {at} of college {case}")
            say(name, f"{APG}isPartOfCase", record, None)
            say(name, f"{APG}isRunBy", f"{base}org", None)
            say(name, f"{APG}declaresModel", rng.choice(models), None)
            for feature in rng.sample(features, rng.randint(5, 9)):
                # The dates of one feature differ, since the query for rdflib keeps all of the same date.
                for day in rng.sample(range(10, 30), rng.choice((1, 1, 1, 1, 2))):
                    serial += 1
                    seen = f"{base}obs-{serial}"
                    status = rng.choices(("Present", "Absent", "Partly", "NotAssessed"), (6, 3, 2, 1))[0]
                    say(seen, RDF, f"{APG}FeatureObservation", None)
                    say(seen, f"{APG}isPartOfCase", record, None)
                    say(seen, f"{APG}isObservationOf", name, None)
                    say(seen, f"{APG}observesFeature", feature, None)
                    say(seen, f"{APG}hasStatus", f"{APGX}status{status}", None)
                    say(seen, f"{APG}observedOn", f"202{rng.randint(1, 4)}-05-{day}", "date")
                    say(seen, f"{APG}hasConfidence", f"{APGX}confidenceHigh", None)
                    say(seen, f"{APG}rowIdentifier", f"obs-{serial}")
                    say(seen, f"{APG}observerRole", "AP lead")
                    for item in rng.sample(range(6), rng.choice((1, 1, 2))):
                        say(seen, f"{APG}isSupportedByEvidence", f"{base}ev-{item}", None)
    file = folder / "cases.nt"
    file.write_text("".join(lines), encoding="utf-8")
    return file, len(lines)


def main() -> None:
    arrangements = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    timed = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    graph = Graph()
    features, models = (
        [row.value for (row,) in graph.store.select(f"SELECT ?x {{ ?x a <{APG}{kind}> }} ORDER BY ?x")]  # type: ignore[union-attr]
        for kind in ("DeploymentFeature", "DeploymentModel")
    )
    with tempfile.TemporaryDirectory() as folder:
        file, triples = write(Path(folder), arrangements, features, models)
        graph.store.load(file, format=RdfFormat.N_TRIPLES, graph="urn:cases", name=file.name)
        few = rdflib.Graph()
        for module in ("core", "framework", "case"):
            few.parse(ontology_module(module))
        cases = {f"<urn:apgraph:case:c{case}:" for case in range(timed // PER_CASE)}
        with file.open(encoding="utf-8") as stream:
            few.parse(
                data="".join(
                    line for line in stream if line[: line.rindex(":", 0, line.index(">")) + 1] in cases
                ),
                format="nt",
            )
    started = time.perf_counter()
    found = profiles(graph.store, graph.lexicon)
    ours = time.perf_counter() - started
    judged = {each.term.iri: each for case in found for each in case}
    reasons = sum(len(v.supporting) + len(v.against) for each in judged.values() for v in each.verdicts)
    kinds = {kind.value: 0 for kind in Verdict}
    for each in judged.values():
        for verdict in each.verdicts:
            kinds[verdict.verdict.value] += 1
    query = rdflib.plugins.sparql.prepareQuery(NAIVE)
    chosen = [f"urn:apgraph:case:c{at // PER_CASE}:arr-{at % PER_CASE}" for at in range(timed)]
    started = time.perf_counter()
    rows = {
        name: list(few.query(query, initBindings={"arrangement": rdflib.URIRef(name)})) for name in chosen
    }
    theirs = (time.perf_counter() - started) / timed * arrangements
    whole = rdflib.plugins.sparql.prepareQuery(WHOLE)
    few_chosen = chosen[: max(timed // 5, 1)]
    started = time.perf_counter()
    for name in few_chosen:
        list(few.query(whole, initBindings={"arrangement": rdflib.URIRef(name)}))
    all_reasons = (time.perf_counter() - started) / len(few_chosen) * arrangements
    for name, counted in rows.items():
        said = {str(row[0]): (int(row[1]), int(row[2])) for row in counted}  # type: ignore[index]
        for verdict in judged[name].verdicts:
            mine = (len(verdict.supporting), len(verdict.against))
            assert said.get(verdict.term.iri, (0, 0)) == mine, (name, verdict.term, said, mine)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(judged)} arrangements, {triples} triples, {reasons} reasons; {kinds}")
    print(f"one pass, with all reasons: {ours:.2f} s; peak {peak:.0f} MB; the counts of the {timed} agree")
    print(f"rdflib, counts alone, timed on {timed}: {theirs:.1f} s for all, ratio {theirs / ours:.0f}")
    print(
        f"rdflib, with all reasons, timed on {len(few_chosen)}: {all_reasons:.0f} s for all, ratio {all_reasons / ours:.0f}"
    )


if __name__ == "__main__":
    main()
