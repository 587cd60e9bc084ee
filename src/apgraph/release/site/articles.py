"""One term as an article: definition, relations in words, evidence, what uses it, what asks about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.release.site.elements import element
from apgraph.vocabulary import APG, APGS, APGX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree import ElementTree as ET

    from apgraph.description import Description, Related, Relation

__all__ = ["anchor", "article", "link", "place"]

_PAGE: Final = {APG: "terms.html", APGX: "individuals.html", APGS: "evidence.html"}
_MANY: Final = 40
"""How many values of a relation are shown before the rest is only counted."""


def place(iri: str) -> str | None:
    """Return where the site speaks of a term of ours; None of others.

    >>> place("https://w3id.org/apgraph/ref/coaching")
    'individuals.html#coaching'
    """
    for namespace, file in _PAGE.items():
        if iri.startswith(namespace):
            return f"{file}#{anchor(iri)}"
    return None


def anchor(iri: str) -> str:
    """Return the name under which a term stands on its page: the last part of its IRI."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def link(iri: str, text: str, known: frozenset[str]) -> ET.Element | str:
    """Return a link to a term if a page speaks of it, and its name alone if none does."""
    where = place(iri)
    return element("a", text, href=where) if where is not None and iri in known else text


def article(
    term: Description,
    known: frozenset[str],
    *,
    logic: Sequence[str] = (),
    aligned: Sequence[tuple[str, str, str]] = (),
    asked: Mapping[str, str] | None = None,
) -> ET.Element:
    """Return the article on a term.

    Args:
        term: What the ontology says of it.
        known: The terms that have an article.
        logic: What follows from or for it, in sentences.
        aligned: Relation, foreign term and reason of each alignment.
        asked: Questions that name it: id to text.
    """
    outward = [relation for relation in term.relations if not relation.inverse]
    inward = [relation for relation in term.relations if relation.inverse]
    facts = [", ".join(term.kinds), f"also called {', '.join(term.other_names)}" if term.other_names else ""]
    return element(
        "article",
        element("h3", term.label, id=anchor(term.iri)),
        element("p", term.definition) if term.definition else None,
        element(
            "p",
            element("code", term.curie),
            " · ",
            element("code", term.iri),
            "".join(f" · {fact}" for fact in facts if fact),
            class_="facts",
        ),
        _listed("In logic", [[sentence] for sentence in logic]),
        _listed("Relations", [_relation(relation, known) for relation in outward]),
        _listed("What points here", [_relation(relation, known) for relation in inward]),
        _listed("Notes", [[f"{note.kind}: {note.text}"] for note in term.notes]),
        _listed(
            "Evidence",
            [
                [
                    link(each.iri, each.claim, known),
                    f" ({'; '.join(each.sections)})" if each.sections else "",
                    f": {each.paraphrase}",
                ]
                for each in term.evidence
            ],
        ),
        _listed(
            "What the source leaves open",
            [
                [
                    link(APGS + gap.id, gap.id, known),
                    f": {gap.text}",
                    f" Here: {gap.handling}" if gap.handling else "",
                ]
                for gap in term.gaps
            ],
        ),
        _listed(
            "In other vocabularies",
            [[f"{how} ", element("code", them), f": {why}"] for how, them, why in aligned],
        ),
        _listed(
            "Questions that name it",
            [[element("a", text, href=f"questions.html#{name}")] for name, text in (asked or {}).items()],
        ),
    )


def _listed(heading: str, lines: Sequence[Sequence[object]]) -> list[ET.Element] | None:
    if not lines:
        return None
    return [element("h4", heading), element("ul", [element("li", list(line)) for line in lines])]


def _relation(relation: Relation, known: frozenset[str]) -> list[object]:
    shown = relation.values[:_MANY]
    parts: list[object] = [
        link(relation.iri, relation.label, known),
        ", said of: " if relation.inverse else ": ",
    ]
    for number, value in enumerate(shown):
        parts += ["; " if number else "", *_value(value, known)]
    if len(relation.values) > len(shown):
        parts.append(f"; and {len(relation.values) - len(shown)} more")
    return parts


def _value(value: Related, known: frozenset[str]) -> list[object]:
    parts: list[object] = [value.label if value.iri is None else link(value.iri, value.label, known)]
    if value.claims:
        parts.append(" [")
        for number, claim in enumerate(value.claims):
            parts += [", " if number else "", link(APGS + claim.removeprefix("apgs:"), claim, known)]
        parts.append("]")
    return parts
