"""Whether files agree with themselves and with what they build on, by the rules of OWL 2 RL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from apgraph.reasoning.rl import HIDDEN, Explainer, close, find_clashes
from apgraph.reasoning.rl.meanings import MEANINGS
from apgraph.reasoning.rl.wording import Wording
from apgraph.release.quality.breach import Breach
from apgraph.release.quality.rules import CONTRADICTION_RULE, EMPTY_CLASS_RULE
from apgraph.store import INFERRED, OxigraphStore
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from apgraph.reasoning.rl import Closure, Explanation
    from apgraph.reasoning.rl.rule import Step
    from apgraph.release.quality.names import Names

__all__ = ["Coherence"]

_SPACE: Final = "urn:apgraph:quality:"
_KNOWN: Final = NamedNode(_SPACE + "known")
_CHECKED: Final = NamedNode(_SPACE + "checked")
_MEMBERS: Final = NamedNode(_SPACE + "members")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_CLASS: Final = NamedNode(PREFIXES["owl"] + "Class")
_LISTS: Final = {
    NamedNode(PREFIXES["owl"] + f"All{kind}")
    for kind in ("DisjointClasses", "DisjointProperties", "Different")
}
"""Axioms of long lists, of which the broken rule says enough."""
_FEW: Final = 3
"""Contradictions among things that are traced back to what was stated: where there is one, there are often hundreds."""
_TRIED: Final = 8
"""Contradictions of the same things that are traced back, to see whether they rest on different statements."""
_MOST: Final = 12
"""Classes without members that are traced back."""


class Coherence:
    """Looks for contradictions in files, beside the same ground any number of times.

    The rules of OWL 2 RL find contradictions among things, not classes without members. So each class gets a made-up
    member: a contradiction that rests on one of them, and on no other, says that its class can have none.

    Args:
        known: What the files build on, without a contradiction of its own.
    """

    def __init__(self, known: Iterable[Quad]) -> None:
        self._known = tuple(known)
        self._members = _members(self._known)
        self._closed: tuple[OxigraphStore, Closure, tuple[Quad, ...]] | None = None

    def breaches(self, checked: Sequence[Quad], names: Names) -> Iterator[Breach]:
        """Yield what contradicts itself, and which class can have no member.

        Args:
            checked: The triples of the files.
            names: What things are called in messages.
        """
        store, before, inferred = self._ground()
        more = _members(checked, but=self._members)
        members = {**self._members, **more}
        try:
            store.add(Quad(q.subject, q.predicate, q.object, _CHECKED) for q in checked)
            store.add(Quad(member, _TYPE, kind, _MEMBERS) for member, kind in more.items())
            closure = close(store, previous=before, added=[_CHECKED.value, _MEMBERS.value])
            groups = _by_subjects(find_clashes(store, closure).steps)
            made_up = [group for group in groups if _subjects(group[0]) & set(members)]
            stated = [group for group in groups if group not in made_up]
            told = len(stated[:_FEW]) + len(made_up[:_MOST])
            explainer = Explainer(store, closure) if told else None
            found = []
            if explainer is not None:
                for group in stated[:_FEW]:
                    found += _told_apart(group, explainer)
                found += [explainer.contradiction(group[0]) for group in made_up[:_MOST]]
        finally:
            for graph in (_CHECKED.value, _MEMBERS.value, INFERRED, HIDDEN):
                store.remove_graph(graph)
            store.add(inferred)
        own = {(quad.subject, quad.predicate, quad.object) for quad in checked}
        breaches = [breach for explained in found for breach in _breach(explained, members, own, names)]
        if breaches and len(groups) > told:
            others = len(groups) - told
            things = "1 more thing contradicts" if others == 1 else f"{others} more things contradict"
            more_of_it = f"{breaches[-1].message}; {things} what is stated"
            breaches[-1] = replace(breaches[-1], message=more_of_it)
        yield from breaches

    def _ground(self) -> tuple[OxigraphStore, Closure, tuple[Quad, ...]]:
        """Return a store with what the files build on, closed; the closure; and what it inferred."""
        if self._closed is None:
            store = OxigraphStore()
            store.add(Quad(q.subject, q.predicate, q.object, _KNOWN) for q in self._known)
            store.add(Quad(member, _TYPE, kind, _KNOWN) for member, kind in self._members.items())
            closure = close(store)
            self._closed = (store, closure, (*store.quads(INFERRED), *store.quads(HIDDEN)))
        return self._closed


def _by_subjects(clashes: Iterable[Step]) -> list[list[Step]]:
    """Return the contradictions of each group of things together."""
    groups: dict[frozenset[object], list[Step]] = {}
    for clash in clashes:
        groups.setdefault(_subjects(clash), []).append(clash)
    return list(groups.values())


def _told_apart(clashes: Sequence[Step], explainer: Explainer) -> list[Explanation]:
    """Return contradictions of the same things that rest on different statements.

    What is in owl:Nothing is in all classes and clashes by each: those rest on the same, and only one of them is told.
    """
    found: dict[frozenset[object], Explanation] = {}
    for clash in clashes[:_TRIED]:
        explained = explainer.contradiction(clash)
        found.setdefault(frozenset(explained.asserted), explained)
    return list(found.values())


def _subjects(clash: Step) -> frozenset[object]:
    return frozenset(subject for subject, _, _ in clash.premises)


def _members(
    quads: Iterable[Quad], *, but: Mapping[NamedNode, NamedNode] | None = None
) -> dict[NamedNode, NamedNode]:
    """Return a made-up member for each class that has a name, but for those that have one already."""
    there = but or {}
    classes = {q.subject for q in quads if q.predicate == _TYPE and q.object == _CLASS}
    named = sorted((each for each in classes - set(there.values()) if isinstance(each, NamedNode)), key=str)
    return {NamedNode(f"{_SPACE}member{number}"): each for number, each in enumerate(named, start=len(there))}


def _breach(
    explained: Explanation,
    members: Mapping[NamedNode, NamedNode],
    own: AbstractSet[tuple[object, object, object]],
    names: Names,
) -> Iterator[Breach]:
    made_up = {members[s] for s, _, _ in explained.asserted if isinstance(s, NamedNode) and s in members}
    if len(made_up) > 1:
        return  # Two classes of which only one can have members; each by itself may.
    wording = Wording(explained.schema, lambda iri: names.short(NamedNode(iri)))
    facts = [fact for fact in explained.asserted if fact[0] not in members]
    reasons = [wording.fact(f) for f in facts if not wording.is_said(f) and f[2] not in _LISTS]
    why = "; ".join([*reasons, MEANINGS[explained.clash or ""][1]])
    if made_up:
        (kind,) = made_up
        message = EMPTY_CLASS_RULE.says.replace("{this}", names.short(kind)).replace("{value}", why)
        yield Breach(EMPTY_CLASS_RULE, kind.value, names.short(kind), message)
        return
    # What the files themselves say comes first: there it can be mended.
    said = [fact for fact in facts if fact in own and isinstance(fact[0], NamedNode)] or facts
    subject, path, value = said[0]
    this = subject.value if isinstance(subject, NamedNode) else ""
    yield Breach(
        CONTRADICTION_RULE,
        this,
        names.short(subject) if this else "",
        CONTRADICTION_RULE.says.replace("{value}", why),
        path=path.value if isinstance(path, NamedNode) else "",
        value=value.value if isinstance(value, NamedNode | Literal) else "",
    )
