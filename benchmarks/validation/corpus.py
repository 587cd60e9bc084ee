"""The data of the validation benchmark: organisations with practitioners, communities and sourced claims.

``python benchmarks/validation/corpus.py FILE.nt TRIPLES [SEED]`` writes it and prints what it made bad, and how. The
same arguments give the same file, byte for byte. One record in a hundred is bad, in one of the ways of its kind.
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

    def bad(self, kind: str) -> str | None:
        """Return in which way the next record is bad, if it is."""
        if self.chance.random() >= 0.01:
            return None
        way = self.chance.choice(WAYS[kind])
        self.made[f"{kind}: {way}"] += 1
        return way

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
    way = w.bad("Organisation")
    pairs = [
        ("code", f'"{"XRG" if way == "a code of another form" else "ORG"}{at:07}"'),
        (
            "kind",
            _iri(
                "bakery"
                if way == "a kind that is not listed"
                else w.chance.choice(["public", "private", "charity"])
            ),
        ),
    ]
    if way != "no name":
        pairs += [("name", f'"Organisation {at}"@en'), ("name", f'"Sefydliad {at}"@cy')]
    if way == "two English names":
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
    way = w.bad("Practitioner")
    hours = str(w.chance.randrange(1, 41))
    pairs = [
        ("worksAt", _iri("nowhere" if way == "works nowhere" else org)),
        ("holds", _iri("king" if way == "holds what is no role" else ROLES[n % 3])),
        (
            "hours",
            _typed("77", "integer")
            if way == "more hours than a week has"
            else '"many"'
            if way == "hours that are no number"
            else _typed(hours, "integer"),
        ),
        ("from", w.date(2031 if way == "starts after the end" else 2015)),
        ("until", w.date(2024)),
    ]
    if way != "no way to be reached":
        pairs.append(
            ("email", f'"p{n}@{org}.example"')
            if n % 4
            else ("phone", f'"01632 {w.chance.randrange(960000, 961000)}"')
        )
    pairs.append(
        ("mentor", _iri(org if way == "has a mentor who is no practitioner" else f"{org}p{(n + 1) % 3}"))
    )
    w.record(name, "Practitioner", *pairs)


def _community(w: _Writer, org: str, n: int) -> None:
    way = w.bad("Community")
    members = (0,) if way == "one member" else (1, 2) if way == "no lead among the members" else (0, 1, 2)
    pairs = [("title", f'"Community {n} of {org}"'), ("heldAt", _iri(org))]
    pairs += [("member", _iri(f"{org}p{member}")) for member in members]
    if way == "closed and still open":
        pairs += [("closedOn", w.date(2020)), ("meetsNext", w.date(2026))]
    w.record(f"{org}c{n}", "Community", *pairs)


def _constellation(w: _Writer, org: str, people: int) -> None:
    way = w.bad("Constellation")
    members = range(1 if way == "too few members" else min(people, 4))
    pairs = [("member", _iri(f"{org}p{member}")) for member in members]
    pairs.append(
        (
            "weight",
            _typed("1.5" if way == "a weight above one" else f"0.{w.chance.randrange(1, 10)}", "decimal"),
        )
    )
    pairs.append(("ledBy", _iri(org if way == "led by what is no practitioner" else f"{org}p0")))
    w.record(f"{org}k", "Constellation", *pairs)


def _source(w: _Writer, org: str, n: int) -> None:
    way = w.bad("Source")
    address = f"https://sources.example/{org}/{n}"
    pairs = [
        ("published", w.date(2018)),
        ("address", f'"{address}"' if way == "an address that is a text" else f"<{address}>"),
    ]
    if way != "no title":
        pairs.append(("title", f'"Report {n} on {org}"'))
    w.record(f"{org}s{n}", "Source", *pairs)


def _claim(w: _Writer, org: str, n: int) -> None:
    way = w.bad("Claim")
    pairs = [
        ("text", '"short"' if way == "a text too short" else f'"What was said about {org}, number {n}"'),
        ("start", w.date(2019)),
        ("end", w.date(2018 if way == "ends before it starts" else 2020)),
    ]
    if way != "about nothing":
        pairs.append(("about", _iri(org)))
    if way != "no source":
        pairs.append(("source", _iri(f"{org}s{n % 2}")))
    if way == "a property that claims do not have":
        pairs.append(("mood", '"good"'))
    w.record(f"{org}claim{n}", "Claim", *pairs)


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", encoding="utf-8", newline="\n") as stream:
        made = write(stream, int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    print(json.dumps(made, sort_keys=True))
