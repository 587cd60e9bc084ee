"""The data of the validation benchmark: organisations with practitioners, communities and sourced claims.

``python benchmarks/validation/corpus.py FILE.nt TRIPLES [SEED]`` writes it and prints what it made bad, and how. The
same arguments give the same file, byte for byte. In each of the ways of its kind, one record in a hundred is bad.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TextIO

__all__ = ["WAYS", "write"]

NS = "urn:bench:"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"

WAYS = {
    "Organisation": ("no name", "two English names", "a code of another form", "a kind that is not listed"),
    "Practitioner": (
        "works nowhere",
        "holds what is no role",
        "more hours than a week has",
        "hours that are no number",
        "starts after the end",
        "no way to be reached",
        "has a mentor who is no practitioner",
    ),
    "Community": ("one member", "no lead among the members", "closed and still open"),
    "Constellation": ("too few members", "a weight above one", "led by what is no practitioner"),
    "Source": ("no title", "an address that is a text"),
    "Claim": (
        "a text too short",
        "about nothing",
        "ends before it starts",
        "a property that claims do not have",
        "no source",
    ),
}
"""Kind of record to the ways in which one can be bad."""

ROLES = ("lead", "coach", "mentor")


class _Writer:
    """Writes records as N-Triples until there are enough triples."""

    def __init__(self, out: TextIO, seed: int) -> None:
        self.out = out
        self.chance = random.Random(seed)
        self.number = 0
        self.made: Counter[str] = Counter()

    def record(self, name: str, kind: str, *pairs: tuple[str, str]) -> None:
        subject = f"<{NS}{name}>"
        lines = [f"{subject} <{RDF}type> <{NS}{kind}> .\n"]
        lines += [f"{subject} <{NS}{prop}> {value} .\n" for prop, value in pairs]
        self.out.writelines(lines)
        self.number += len(lines)

    def bad(self, kind: str) -> set[str]:
        """Return in which ways the next record is bad: in each, one record in a hundred is."""
        ways = {way for way in WAYS[kind] if self.chance.random() < 0.01}
        self.made.update(f"{kind}: {way}" for way in ways)
        return ways

    def date(self, year: int) -> str:
        return _typed(f"{year}-{self.chance.randrange(1, 13):02}-{self.chance.randrange(1, 29):02}", "date")


def _iri(name: str) -> str:
    return f"<{NS}{name}>"


def _typed(text: str, datatype: str) -> str:
    return f'"{text}"^^<{XSD}{datatype}>'


def write(out: TextIO, triples: int, seed: int = 1) -> Counter[str]:
    """Write at least so many triples, and return how many records are bad in which way."""
    w = _Writer(out, seed)
    for lower, upper in (
        ("College", "Organisation"),
        ("SixthFormCollege", "College"),
        ("Provider", "Organisation"),
    ):
        out.write(f"{_iri(lower)} <{RDFS}subClassOf> {_iri(upper)} .\n")
        w.number += 1
    for role in ROLES:
        w.record(role, "Role", ("label", f'"{role}"@en'))
    at = 0
    while w.number < triples:
        at += 1
        _organisation(w, at)
    return w.made


def _organisation(w: _Writer, at: int) -> None:
    org = f"org{at}"
    ways = w.bad("Organisation")
    pairs = [
        ("code", f'"{"XRG" if "a code of another form" in ways else "ORG"}{at:07}"'),
        (
            "kind",
            _iri(
                "bakery"
                if "a kind that is not listed" in ways
                else w.chance.choice(["public", "private", "charity"])
            ),
        ),
    ]
    if "no name" not in ways:
        pairs += [("name", f'"Organisation {at}"@en'), ("name", f'"Sefydliad {at}"@cy')]
    if "two English names" in ways:
        pairs.append(("name", f'"Organisation {at} again"@en'))
    w.record(org, w.chance.choice(["College", "SixthFormCollege", "Provider"]), *pairs)
    people = w.chance.randrange(3, 10)
    for n in range(people):
        _practitioner(w, org, n)
    for n in range(2):
        _community(w, org, n)
    _constellation(w, org, people)
    for n in range(2):
        _source(w, org, n)
    for n in range(8):
        _claim(w, org, n)


def _practitioner(w: _Writer, org: str, n: int) -> None:
    name = f"{org}p{n}"
    ways = w.bad("Practitioner")
    hours = str(w.chance.randrange(1, 41))
    pairs = [
        ("worksAt", _iri("nowhere" if "works nowhere" in ways else org)),
        ("holds", _iri("king" if "holds what is no role" in ways else ROLES[n % 3])),
        (
            "hours",
            _typed("77", "integer")
            if "more hours than a week has" in ways
            else '"many"'
            if "hours that are no number" in ways
            else _typed(hours, "integer"),
        ),
        ("from", w.date(2031 if "starts after the end" in ways else 2015)),
        ("until", w.date(2024)),
    ]
    if "no way to be reached" not in ways:
        pairs.append(
            ("email", f'"p{n}@{org}.example"')
            if n % 4
            else ("phone", f'"01632 {w.chance.randrange(960000, 961000)}"')
        )
    pairs.append(
        ("mentor", _iri(org if "has a mentor who is no practitioner" in ways else f"{org}p{(n + 1) % 3}"))
    )
    w.record(name, "Practitioner", *pairs)


def _community(w: _Writer, org: str, n: int) -> None:
    ways = w.bad("Community")
    members = (0,) if "one member" in ways else (1, 2) if "no lead among the members" in ways else (0, 1, 2)
    pairs = [("title", f'"Community {n} of {org}"'), ("heldAt", _iri(org))]
    pairs += [("member", _iri(f"{org}p{member}")) for member in members]
    if "closed and still open" in ways:
        pairs += [("closedOn", w.date(2020)), ("meetsNext", w.date(2026))]
    w.record(f"{org}c{n}", "Community", *pairs)


def _constellation(w: _Writer, org: str, people: int) -> None:
    ways = w.bad("Constellation")
    members = range(1 if "too few members" in ways else min(people, 4))
    pairs = [("member", _iri(f"{org}p{member}")) for member in members]
    pairs.append(
        (
            "weight",
            _typed("1.5" if "a weight above one" in ways else f"0.{w.chance.randrange(1, 10)}", "decimal"),
        )
    )
    pairs.append(("ledBy", _iri(org if "led by what is no practitioner" in ways else f"{org}p0")))
    w.record(f"{org}k", "Constellation", *pairs)


def _source(w: _Writer, org: str, n: int) -> None:
    ways = w.bad("Source")
    address = f"https://sources.example/{org}/{n}"
    pairs = [
        ("published", w.date(2018)),
        ("address", f'"{address}"' if "an address that is a text" in ways else f"<{address}>"),
    ]
    if "no title" not in ways:
        pairs.append(("title", f'"Report {n} on {org}"'))
    w.record(f"{org}s{n}", "Source", *pairs)


def _claim(w: _Writer, org: str, n: int) -> None:
    ways = w.bad("Claim")
    pairs = [
        ("text", '"short"' if "a text too short" in ways else f'"What was said about {org}, number {n}"'),
        ("start", w.date(2019)),
        ("end", w.date(2018 if "ends before it starts" in ways else 2020)),
    ]
    if "about nothing" not in ways:
        pairs.append(("about", _iri(org)))
    if "no source" not in ways:
        pairs.append(("source", _iri(f"{org}s{n % 2}")))
    if "a property that claims do not have" in ways:
        pairs.append(("mood", '"good"'))
    w.record(f"{org}claim{n}", "Claim", *pairs)


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", encoding="utf-8", newline="\n") as stream:
        made = write(stream, int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    print(json.dumps(made, sort_keys=True))
