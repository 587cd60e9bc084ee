"""What a new version changes for who reasons with it: what follows, what contradicts itself, what can't be used any more."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from apgraph.reasoning.rl import close, find_clashes
from apgraph.reasoning.rl.meanings import MEANINGS
from apgraph.reasoning.rl.rule import TYPE, facts
from apgraph.reasoning.rl.schema import EXPRESSION, Schema
from apgraph.reasoning.rl.wording import Wording
from apgraph.release.difference.statement import AXIOM
from apgraph.release.vocabulary import NAMESPACES
from apgraph.store import OxigraphStore
from apgraph.store.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from apgraph.graph import Graph
    from apgraph.lexicon import Lexicon
    from apgraph.reasoning.rl.rule import Fact, Term
    from apgraph.release.difference import Statement

__all__ = [
    "ContradictionChange",
    "Followed",
    "InferenceChange",
    "compare_contradictions",
    "compare_inferences",
    "follow",
    "is_prohibition",
    "unusable",
]

_OWL: Final = NAMESPACES["owl"]
_RDFS: Final = NAMESPACES["rdfs"]
_CLASS, _PROPERTY = (NamedNode(f"{_OWL}{name}") for name in ("Class", "ObjectProperty"))
_BUILT_IN: Final = (_OWL, _RDFS, NAMESPACES["rdf"])
_TWO: Final = 2
_TRIED: Final = "urn:apgraph:tried:"
_UNNAMED: Final = NamedNode("urn:apgraph:unnamed")

_APART: Final = frozenset(
    f"{_OWL}{name}" for name in ("disjointWith", "propertyDisjointWith", "complementOf", "differentFrom")
)
_SYMMETRIC: Final = _APART - {f"{_OWL}complementOf"} | {
    f"{_OWL}{name}" for name in ("equivalentClass", "equivalentProperty", "inverseOf", "sameAs")
}
"""What these say they say the other way round, too."""
_NARROWING: Final = frozenset({f"{_RDFS}domain", f"{_RDFS}range", f"{_OWL}disjointUnionOf", f"{_OWL}hasKey"})
"""By these, data of one thing can contradict that of another, or two of its things become one."""
_FORBIDDING_KINDS: Final = tuple(
    f"<{_OWL}{name}>"
    for name in (
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "IrreflexiveProperty",
        "AsymmetricProperty",
    )
)
_FORBIDDING_PARTS: Final = tuple(
    f"<{_OWL}{name}>"
    for name in (
        "AllDisjointClasses",
        "AllDisjointProperties",
        "AllDifferent",
        "NegativePropertyAssertion",
        "complementOf",
        "allValuesFrom",
        "maxCardinality",
        "maxQualifiedCardinality",
        "cardinality",
        "qualifiedCardinality",
        "Nothing",
    )
)


@dataclass(frozen=True, slots=True)
class InferenceChange:
    """Something that follows from ontology and data under one version and not under the other.

    Args:
        text: What, in words.
        gained: Whether it follows under the new one.
        number: How many alike there are: more than one of things without a name.
    """

    text: str
    gained: bool
    number: int = 1


@dataclass(frozen=True, slots=True)
class ContradictionChange:
    """A contradiction that one version has, with the data, and the other has not.

    Args:
        text: What contradicts itself, in words.
        steps: Why, step by step.
        gained: Whether the new version has it.
    """

    text: str
    steps: tuple[str, ...]
    gained: bool


@dataclass(frozen=True)
class Followed:
    """What is known of ontology and data, and what follows from both.

    Args:
        said: How often each triple is asserted; things without a name count as alike.
        inferred: How often each is inferred that is not asserted.
        contradictions: Each contradiction in words, by what tells it from others.
        left_out: What the rules could not take into account, in words.
        words: How a triple reads.
    """

    said: Counter[Fact]
    inferred: Counter[Fact]
    contradictions: Mapping[object, tuple[str, tuple[str, ...]]]
    left_out: tuple[str, ...]
    words: Wording

    def __contains__(self, statement: Statement) -> bool:
        subject, predicate = f"<{statement.subject}>", f"<{statement.predicate}>"
        if statement.predicate in _SYMMETRIC and (statement.value, predicate, subject) in self._texts:
            return True
        return (subject, predicate, statement.value) in self._texts

    @cached_property
    def _texts(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((str(s), str(p), str(o)) for s, p, o in (*self.said, *self.inferred))


def follow(graph: Graph, own: Iterable[Quad], *, timeout: float) -> Followed:
    """Infer what follows in a graph by the rules of OWL 2 RL.

    Args:
        graph: Ontology and data; the inferences are in it afterwards.
        own: What is the ontology's in it.
        timeout: Seconds that it may take.

    Raises:
        TimeLimitError: It took longer.
        NotFinishedError: A contradiction could not be traced back.
    """
    found = graph.reason(timeout=timeout)
    ontology = {str(quad.triple) for quad in own}
    label = _labels(graph.lexicon)
    contradictions: dict[object, tuple[str, tuple[str, ...]]] = {}
    for clash in found.clashes:
        # Of contradictions with data, the same one may come about by other axioms.
        theirs = [fact for fact in clash.asserted if f"{fact[0]} {fact[1]} {fact[2]}" not in ontology]
        about = [fact for fact in theirs if not any(_is_expression(term) for term in fact)] or clash.asserted
        key = (clash.clash, frozenset(map(str, about)))
        steps = clash.to_text(label=label).split("\n")
        words = Wording(clash.schema, label)
        rule = MEANINGS[clash.clash][1] if clash.clash is not None else "it contradicts itself"
        contradictions[key] = (f"{'; '.join(map(words.fact, about))}: {rule}", tuple(steps))
    return Followed(
        Counter(facts(_nameless(quad.triple) for quad in graph.store.quads())),
        Counter(facts(map(_nameless, graph.inferred()))),
        contradictions,
        found.left_out,
        Wording(Schema(()), label),
    )


def compare_inferences(
    old: Followed, new: Followed, *, apart: frozenset[str], wordless: Collection[Term]
) -> tuple[InferenceChange, ...]:
    """Tell what follows under one version alone, by inference.

    From a contradiction more or less everything follows: what a new one brings is not told.

    Args:
        old: What follows under the old one.
        new: What follows under the new one.
        apart: IRIs of terms of which nothing is told, as they are new or gone as a whole.
        wordless: Properties that mean nothing to a reasoner.
    """
    changes = []
    sides = [(False, old, new), (True, new, old)]
    if not new.contradictions.keys() <= old.contradictions.keys():
        sides.pop()
    for gained, here, there in sides:
        for fact, number in here.inferred.items():
            more = number + here.said[fact] - there.inferred[fact] - there.said[fact]
            iris = [term.value for term in fact if isinstance(term, NamedNode)]
            if more > 0 and not (fact[1] in wordless or apart.intersection(iris)):
                changes.append(InferenceChange(here.words.fact(fact), gained, min(more, number)))
    return tuple(sorted(changes, key=lambda change: (change.gained, change.text)))


def compare_contradictions(old: Followed, new: Followed) -> tuple[ContradictionChange, ...]:
    """Tell which contradictions are new, and which are gone."""
    pairs = ((True, new, old), (False, old, new))
    return tuple(
        ContradictionChange(text, steps, gained)
        for gained, here, there in pairs
        for key, (text, steps) in here.contradictions.items()
        if key not in there.contradictions
    )


def unusable(quads: Collection[Quad], terms: Iterable[str], *, timeout: float) -> frozenset[str]:
    """Return the classes that can have no member, and the properties that can link nothing, as far as the rules see it.

    Args:
        quads: The ontology.
        terms: IRIs of the classes and properties to try.
        timeout: Seconds that it may take.

    Raises:
        TimeLimitError: It took longer.
    """
    deadline = Deadline(timeout)
    left = set(terms)
    store = OxigraphStore()
    store.add(quads)
    tried: dict[Term, str] = {}
    for quad in quads:
        if (
            quad.predicate != TYPE
            or not isinstance(quad.subject, NamedNode)
            or quad.subject.value not in left
        ):
            continue
        one, other = (NamedNode(f"{_TRIED}{len(tried)}{end}") for end in ("", "-end"))
        if quad.object == _CLASS:
            store.add([Quad(one, TYPE, quad.subject)])
        elif quad.object == _PROPERTY:
            store.add([Quad(one, quad.subject, other)])
        else:
            continue
        tried |= dict.fromkeys((one, other), quad.subject.value)
        left.discard(quad.subject.value)
    closure = close(store, deadline=deadline)
    clashes = find_clashes(store, closure, deadline=deadline).steps
    return frozenset(
        tried[term] for clash in clashes for fact in clash.premises for term in fact if term in tried
    )


def is_prohibition(statement: Statement, added: Collection[str] = ()) -> bool:
    """Tell whether data of the terms that there were may contradict a new statement, or things of it become one by it.

    Args:
        statement: The statement.
        added: IRIs of terms that are new, of which nobody has data yet.

    >>> from apgraph.release.difference import Statement
    >>> apart = Statement("urn:x:A", f"{_OWL}disjointWith", "<urn:x:B>")
    >>> is_prohibition(apart), is_prohibition(apart, {"urn:x:B"})
    (True, False)
    >>> is_prohibition(Statement("urn:x:A", f"{_RDFS}subClassOf", "<urn:x:B>"))
    False
    """
    if statement.predicate == AXIOM:
        named = {iri for iri in re.findall(r"<([^<>]*)>", statement.value) if not iri.startswith(_BUILT_IN)}
        enough = len(named - set(added)) >= _TWO
        if f"<{_OWL}NegativePropertyAssertion>" in statement.value:
            enough = not named & set(added)
        return enough and any(part in statement.value for part in _FORBIDDING_PARTS)
    if statement.subject in added:
        return False
    if statement.predicate in _APART:
        return statement.target not in added
    if statement.predicate in _NARROWING:
        return True
    if statement.predicate == TYPE.value and statement.value in _FORBIDDING_KINDS:
        return True
    return any(part in statement.value for part in _FORBIDDING_PARTS)


def _nameless(triple: Triple) -> Triple:
    """Return a triple in which all things without a name are one: what they are called is chance."""
    s = _UNNAMED if isinstance(triple.subject, BlankNode) else triple.subject
    o = _UNNAMED if isinstance(triple.object, BlankNode) else triple.object
    return Triple(s, triple.predicate, o)


def _labels(lexicon: Lexicon) -> Callable[[str], str]:
    def label(iri: str) -> str:
        if iri == _UNNAMED.value:
            return "something without a name"
        name = lexicon.label(iri)
        return lexicon.curie(iri) if name is None else f"'{name}'" if " " in name else name

    return label


def _is_expression(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(EXPRESSION)
