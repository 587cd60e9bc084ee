"""What a new version asks of data that the old one did not, as far as its shapes say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from apgraph.lexicon import curie
from apgraph.release.difference.statement import read_statements
from apgraph.store import format_of
from apgraph.store.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

    from apgraph.release.difference import Statement

__all__ = ["RuleChange", "compare_rules", "read_rules"]

_SH: Final = "http://www.w3.org/ns/shacl#"
_WORDS: Final = frozenset(
    {
        *(f"{_SH}{name}" for name in ("message", "name", "description", "order", "group", "labelTemplate")),
        *(f"http://www.w3.org/2000/01/rdf-schema#{name}" for name in ("label", "comment", "seeAlso")),
        *(f"http://www.w3.org/2004/02/skos/core#{name}" for name in ("prefLabel", "definition", "example")),
    }
)
_SEVERITY: Final = re.compile(rf"<{_SH}severity> <[^<>]*>(?:; )?")
_HELD_BACK: Final = frozenset(f"{_SH}{name}" for name in ("severity", "deactivated", "ignoredProperties"))
"""Without one of these a rule may ask more; without anything else it asks less."""
_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ONTOLOGY, _ANNOTATION = (
    NamedNode(f"http://www.w3.org/2002/07/owl#{name}") for name in ("Ontology", "AnnotationProperty")
)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule of the validation that another version words or asks otherwise.

    Args:
        name: The shape.
        change: How it changed, in a word or two.
        refuses: Whether data that kept the old rule may violate the new one.
        wording: Whether only its messages and texts changed.
    """

    name: str
    change: str
    refuses: bool = False
    wording: bool = False


def read_rules(folder: Path) -> tuple[Triple, ...]:
    """Return what the Turtle files of a folder say.

    Raises:
        ParseError: One does not parse.
    """
    return tuple(
        quad.triple
        for file in sorted(folder.glob("*.ttl"))
        for quad in parse(file, syntax=format_of(file), base=file.resolve().as_uri(), name=str(file))
    )


def compare_rules(old: Iterable[Triple], new: Iterable[Triple]) -> tuple[RuleChange, ...]:
    """Tell which shapes changed, and whether data that kept them may be refused now.

    Args:
        old: What the old shapes say.
        new: What the new ones say.

    >>> from pyoxigraph import Literal, Triple
    >>> shape, least = NamedNode("urn:x:S"), NamedNode("http://www.w3.org/ns/shacl#minCount")
    >>> [str(each) for each in compare_rules((), (Triple(shape, least, Literal(1)),))]
    ["RuleChange(name='urn:x:S', change='new', refuses=True, wording=False)"]
    """
    old, new = tuple(old), tuple(new)
    asked = [read_statements(_meant(each)) for each in (old, new)]
    said = [read_statements(each) for each in (old, new)]
    touched = {s.subject for s in asked[0] ^ asked[1]}
    changes = [
        _changed(iri, *(frozenset(s for s in each if s.subject == iri) for each in asked))
        for iri in sorted(touched)
    ]
    reworded = {s.subject for s in said[0] ^ said[1]} - touched
    return (*changes, *(RuleChange(_name(iri), "worded anew", wording=True) for iri in sorted(reworded)))


def _meant(triples: Sequence[Triple]) -> Iterator[Triple]:
    """Yield what a rule asks; headers, annotations and what declares these are words about it."""
    kinds = {(t.subject, t.object) for t in triples if t.predicate == _TYPE}
    noted = {subject for subject, kind in kinds if kind == _ANNOTATION}
    apart = noted | {subject for subject, kind in kinds if kind == _ONTOLOGY}
    words = _WORDS | {str(subject)[1:-1] for subject in noted}
    return (t for t in triples if t.subject not in apart and t.predicate.value not in words)


def _changed(iri: str, before: frozenset[Statement], after: frozenset[Statement]) -> RuleChange:
    name = _name(iri)
    if not after:
        return RuleChange(name, "gone")
    refuses = _can_refuse(after)
    if not before:
        return RuleChange(name, "new", refuses=refuses)
    if _without_severity(before) == _without_severity(after):
        graver = _spared(after) < _spared(before)
        return RuleChange(name, "graver" if graver else "less grave", refuses=graver)
    if refuses and not _can_refuse(before):
        return RuleChange(name, "graver", refuses=True)
    if after - before or any(s.predicate in _HELD_BACK for s in before - after):
        return RuleChange(name, "changed", refuses=refuses)
    return RuleChange(name, "eased")


def _name(iri: str) -> str:
    return curie(iri) if iri else "a rule without a name"


def _without_severity(said: frozenset[Statement]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (s.predicate, _SEVERITY.sub("", s.value)) for s in said if s.predicate != f"{_SH}severity"
    )


def _spared(said: frozenset[Statement]) -> int:
    """Return in how many parts of a shape what is found is no violation, as it would be if they said nothing."""
    found = _SEVERITY.findall(" ".join(f"<{s.predicate}> {s.value}" for s in said))
    return sum(f"<{_SH}Violation>" not in each for each in found)


def _can_refuse(said: frozenset[Statement]) -> bool:
    """Tell whether what a shape finds can be a violation: it is, unless the shape, or a part with a path, says otherwise."""
    text = " ".join(f"<{s.predicate}> {s.value}" for s in said)
    given = text.count(f"<{_SH}severity>")
    return f"<{_SH}Violation>" in text or given < max(1, text.count(f"<{_SH}path>"))
