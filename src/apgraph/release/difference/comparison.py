"""What differs between two editions, term by term."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from apgraph.lexicon import curie
from apgraph.release.difference.edition import HOME
from apgraph.release.difference.entailment import Entailment
from apgraph.release.difference.statement import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apgraph.release.difference.edition import Edition
    from apgraph.release.difference.statement import Statement

__all__ = ["Change", "Difference", "compare_editions"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became different about one term.

    Args:
        iri: The term.
        label: Its name, in the new version if it is there.
        lost: Sentences that the old version says of it, and the new one does not.
        gained: Sentences that the new version says of it, and the old one did not.
        wording: Whether labels, definitions and other annotations alone changed.
        moved: The modules that it left and came to; empty where it stayed.
        replacements: What to use instead, if it was deprecated.
        named_by: If it is gone: names of the terms of which the new version still says something with it.
        deprecated: Whether the new version deprecates it, and the old one did not.
    """

    iri: str
    label: str
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    wording: bool = True
    moved: tuple[str, ...] = ()
    replacements: tuple[str, ...] = ()
    deprecated: bool = False
    named_by: tuple[str, ...] = ()

    @property
    def curie(self) -> str:
        """Its short name."""
        return curie(self.iri)

    def __str__(self) -> str:
        return self.curie if self.label == self.curie else f"{self.curie} ({self.label})"


@dataclass(frozen=True)
class Difference:
    """What differs between two editions.

    Args:
        old: The old edition.
        new: The new one.
        added: Terms that are new.
        removed: Terms that are gone, with what the old or the new edition says replaces them.
        deprecated: Terms that became deprecated.
        moved: Terms that another module defines now.
        changed: Terms of both of which something else is said; those deprecated or moved are among them.
        axioms: Statements about no term of the ontology, such as a header or a class of another vocabulary.
        lost: Statements with a meaning for reasoning that are gone, of terms that are still there, and that do not
            follow from what is left by sub-classes or sub-properties.
        gained: Statements with a meaning for reasoning that are new.
    """

    old: Edition
    new: Edition
    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    deprecated: tuple[Change, ...]
    moved: tuple[Change, ...]
    changed: tuple[Change, ...]
    axioms: tuple[Change, ...]
    lost: tuple[Statement, ...]
    gained: tuple[Statement, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.axioms)

    @cached_property
    def replacements(self) -> Mapping[str, tuple[str, ...]]:
        """Each term that is deprecated or gone, with what is used instead in the end."""
        said = {**self.old.deprecated, **self.new.deprecated}
        found: dict[str, tuple[str, ...]] = {}
        for iri in sorted({*said, *(change.iri for change in self.removed)}):
            found[iri] = tuple(sorted(set(_final(iri, said, frozenset()))))
        return found

    @property
    def certain(self) -> Mapping[str, str]:
        """Each of these terms that one other replaces, with that one: data can be brought along without a person."""
        return {iri: found[0] for iri, found in self.replacements.items() if len(found) == 1}


def _final(iri: str, said: Mapping[str, tuple[str, ...]], seen: frozenset[str]) -> Iterator[str]:
    """Follow replacements that were replaced themselves; a circle leads nowhere."""
    for following in said.get(iri, ()):
        if not said.get(following):
            yield following
        elif following not in seen:
            yield from _final(following, said, seen | {iri})


def compare_editions(old: Edition, new: Edition) -> Difference:
    """Find what differs between two editions of an ontology.

    Terms are told apart by IRI, statements by what they say: the names of blank nodes, the order of a file and
    the file that a statement stands in make no difference.
    """
    gone, come = old.statements - new.statements, new.statements - old.statements
    wordless = old.wording | new.wording | {NOTE}
    touched: defaultdict[str, tuple[list[Statement], list[Statement]]] = defaultdict(lambda: ([], []))
    for side, statements in enumerate((gone, come)):
        for statement in sorted(statements):
            touched[statement.subject][side].append(statement)
    changed: list[Change] = []
    axioms: list[Change] = []
    for iri in sorted(touched):
        less, more = touched[iri]
        in_old, in_new = iri in old.terms, iri in new.terms
        if in_old != in_new:
            continue
        change = Change(
            iri,
            (new.name_of(iri) if iri else "the ontology as a whole"),
            tuple(map(old.words, less)),
            tuple(map(new.words, more)),
            wording=all(s.predicate in wordless for s in (*less, *more)),
            moved=_moved(old, new, iri),
            replacements=new.deprecated.get(iri, ()),
            deprecated=iri in new.deprecated and iri not in old.deprecated,
        )
        (changed if in_old else axioms).append(change)
    said = {**old.deprecated, **new.deprecated}
    removed = tuple(
        Change(iri, old.name_of(iri), replacements=said.get(iri, ()), named_by=_named_by(new, iri))
        for iri in sorted(old.terms - new.terms)
    )
    left = {change.iri for change in removed}
    follows = Entailment(new)
    return Difference(
        old,
        new,
        added=tuple(Change(iri, new.name_of(iri)) for iri in sorted(new.terms - old.terms)),
        removed=removed,
        deprecated=tuple(change for change in changed if change.deprecated),
        moved=tuple(change for change in changed if change.moved),
        changed=tuple(changed),
        axioms=tuple(axioms),
        lost=tuple(
            s
            for s in sorted(gone)
            if s.predicate not in wordless and s.subject not in left | old.headers and s not in follows
        ),
        gained=tuple(s for s in sorted(come) if s.predicate not in wordless and s.subject not in new.headers),
    )


def _named_by(new: Edition, iri: str) -> tuple[str, ...]:
    found = {s.subject for s in new.statements if f"<{iri}>" in s.value or s.predicate == iri}
    return tuple(sorted(new.name_of(each) if each else "an axiom of no one term" for each in found - {iri}))


def _moved(old: Edition, new: Edition, iri: str) -> tuple[str, ...]:
    before, after = old.values(iri, HOME), new.values(iri, HOME)
    return (before[0], after[0]) if before and after and before != after else ()
