"""Running the rules over files, beside what the files build on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from apgraph.reasoning.profile import check_profile, outside_rl
from apgraph.reasoning.structure import Axiom
from apgraph.release.quality.breach import Breach
from apgraph.release.quality.coherence import Coherence
from apgraph.release.quality.names import Names
from apgraph.release.quality.rules import (
    CONTRADICTION_RULE,
    EMPTY_CLASS_RULE,
    LEVELS,
    PROFILE_RULE,
    read_rules,
)
from apgraph.resources import resource_folder
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import QuerySolution

    from apgraph.release.quality.rules import Rule, Scope

__all__ = ["Checker", "Checklist"]

_SPACE: Final = "urn:apgraph:quality:"
_CHECKED: Final = NamedNode(_SPACE + "checked")
_KNOWN: Final = NamedNode(_SPACE + "known")
_TERMS: Final = NamedNode(_SPACE + "terms")
_TYPE: Final = PREFIXES["rdf"] + "type"
_A: Final = NamedNode(_TYPE)
_WELL_KNOWN: Final = NamedNode(_SPACE + "well-known")
_ANNOTATION: Final = NamedNode(PREFIXES["owl"] + "AnnotationProperty")
_NEAREST: Final = "{nearest}"
_BY: Final = "{by}"
_REPLACEMENT: Final = "{replacement}"
_NAMELESS: Final = (
    ("NegativeObjectPropertyAssertion", "NegativePropertyAssertion"),
    ("NegativeDataPropertyAssertion", "NegativePropertyAssertion"),
    ("DifferentIndividuals", "AllDifferent"),
    ("DisjointClasses", "AllDisjointClasses"),
    ("Properties", "AllDisjointProperties"),
)
"""Ends of the kinds of axioms that stand by themselves, with the types that say of which kind each is."""
_PLAINER: Final = {
    "dl-undeclared": {"undeclared-term", "undeclared-own-term", "untyped-class", "untyped-property"},
    "dl-reserved": {"built-in-vocabulary"},
}


@dataclass(frozen=True, slots=True)
class Checklist:
    """What was checked, and what broke a rule.

    Attributes:
        breaches: By level, rule and term.
        terms: IRIs of the terms that the checked files add.
        rules: The rules that were asked.
        unseen: In words, the axioms that were not, or in part, looked at for contradictions; empty for none.
    """

    breaches: tuple[Breach, ...]
    terms: tuple[str, ...]
    rules: tuple[Rule, ...]
    unseen: str = ""


class Checker:
    """Checks files against the rules, any number of times beside the same ground.

    Args:
        known: What the files build on: the framework, or nothing.
        rules: The rules; all those of this package by default.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"@prefix : <https://example.org/e#> . :A a <http://www.w3.org/2002/07/owl#Class> ."
    >>> found = Checker().check(parse(text, format=RdfFormat.TURTLE), "extension")
    >>> "missing-label" in {breach.rule.id for breach in found.breaches}
    True
    """

    def __init__(self, known: Iterable[Quad] = (), rules: Sequence[Rule] | None = None) -> None:
        self._rules = tuple(read_rules() if rules is None else rules)
        ground = tuple(known)
        self._ground = ground
        self._axioms, self._individuals = _axioms(ground)
        self._coherence = Coherence(ground)
        self._store = Store()
        self._store.extend(Quad(q.subject, q.predicate, q.object, _KNOWN) for q in ground)
        self._sorting = (resource_folder("quality") / "terms.ru").read_text(encoding="utf-8")

    def check(
        self, quads: Iterable[Quad], scope: Scope, *, prefixes: Mapping[str, str] | None = None
    ) -> Checklist:
        """Check one or more files together.

        Args:
            quads: Their triples; graph names do not matter.
            scope: Which rules are asked.
            prefixes: Short names for namespaces of the files, for the messages.
        """
        checked = tuple(quads)
        rules = tuple(rule for rule in self._rules if scope in rule.scopes)
        well_known = _well_known() if scope == "extension" else ()
        names = Names((*self._ground, *checked, *well_known), {**PREFIXES, **(prefixes or {})})
        try:
            self._store.extend(well_known)
            self._store.extend(Quad(q.subject, q.predicate, q.object, _CHECKED) for q in checked)
            self._store.update(self._sorting)
            found = {breach for rule in rules if rule.query for breach in self._breaches(rule, names)}
            if PROFILE_RULE in rules:
                said = {breach.rule.id for breach in found}
                found |= self._outside_profile((*checked, *self._notes(checked, well_known)), said, names)
            if CONTRADICTION_RULE in rules or EMPTY_CLASS_RULE in rules:
                found |= {each for each in self._coherence.breaches(checked, names) if each.rule in rules}
            terms = {
                quad.subject.value
                for quad in self._store.quads_for_pattern(None, None, NamedNode(_SPACE + "Term"), _TERMS)
                if isinstance(quad.subject, NamedNode)
            }
        finally:
            self._store.remove_graph(_CHECKED)
            self._store.remove_graph(_TERMS)
            self._store.remove_graph(_WELL_KNOWN)
        # Within an expression a name stands without a subject: where it has one elsewhere, that says it all.
        told = {(breach.rule.id, breach.value) for breach in found if breach.this and breach.value}
        found = {each for each in found if each.this or (each.rule.id, each.value) not in told}
        unseen = outside_rl((*self._axioms, *checked), faulty=False) if CONTRADICTION_RULE in rules else ""
        return Checklist(tuple(sorted(found, key=_order)), tuple(sorted(terms)), rules, unseen)

    def _outside_profile(self, checked: Sequence[Quad], said: set[str], names: Names) -> set[Breach]:
        """Ask for the profile, leaving out what the rules on undeclared names have said in plainer words."""
        left_out = {name for name, rules in _PLAINER.items() if said & rules}
        named = {term for quad in checked for term in (quad.subject, quad.object)}
        individuals = [quad for each, types in self._individuals.items() if each in named for quad in types]
        subjects = {quad.subject.value for quad in checked if isinstance(quad.subject, NamedNode)}
        found = set()
        for finding in check_profile((*self._axioms, *individuals, *checked), "DL"):
            if finding.rule.id in left_out:
                continue
            # What the files themselves describe has a line, and can be mended there.
            about = () if finding.source is None else finding.source.names()
            this = next((iri for iri in about if iri in subjects), "")
            said_of_it = finding.words(lambda iri: names.short(NamedNode(iri)) if iri else "")
            message = PROFILE_RULE.says.replace("{value}", said_of_it)
            remedy = finding.rule.remedy
            rule = replace(PROFILE_RULE, solution=remedy) if remedy else PROFILE_RULE
            # An axiom without a name is in the file that says what it is.
            kind = finding.source.kind if isinstance(finding.source, Axiom) and not this else ""
            value = next((PREFIXES["owl"] + each for ends, each in _NAMELESS if kind.endswith(ends)), "")
            found.add(Breach(rule, this, names.short(NamedNode(this)) if this else "", message, value=value))
        return found

    def _notes(self, checked: Sequence[Quad], well_known: Iterable[Quad]) -> Iterator[Quad]:
        """Yield the declarations that are left out of a file which uses properties that everybody knows.

        Who does not declare them makes notes with them, as tools take it.
        """
        used = {quad.predicate for quad in checked}
        for term in (quad.subject for quad in well_known if quad.subject in used):
            declared = (self._store.quads_for_pattern(term, _A, None, graph) for graph in (_KNOWN, _CHECKED))
            if not any(next(each, None) for each in declared):
                yield Quad(term, _A, _ANNOTATION)

    def _breaches(self, rule: Rule, names: Names) -> Iterator[Breach]:
        solutions = self._store.query(rule.query, use_default_graph_as_union=True)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError(rule.id)
        variables = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield _breach(rule, variables, solution, names)


@cache
def _well_known() -> tuple[Quad, ...]:
    """Return the properties of vocabularies that everybody knows, which an extension need not declare."""
    text = (resource_folder("quality") / "well-known.ttl").read_bytes()
    return tuple(
        Quad(quad.subject, quad.predicate, quad.object, _WELL_KNOWN)
        for quad in parse(text, format=RdfFormat.TURTLE)
        if quad.predicate == _A
    )


def _axioms(quads: Sequence[Quad]) -> tuple[tuple[Quad, ...], Mapping[NamedNode, Sequence[Quad]]]:
    """Return what bears on whether other files keep the profile: axioms, and the types of each individual.

    Facts and notes do not, and an individual does only where another file names it.
    """
    kinds = {PREFIXES["owl"] + "NamedIndividual", PREFIXES["owl"] + "Axiom"}
    facts = {
        quad.subject
        for quad in quads
        if quad.predicate.value == _TYPE and isinstance(quad.object, NamedNode) and quad.object.value in kinds
    }
    types: defaultdict[NamedNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        if quad.predicate.value == _TYPE and quad.subject in facts and isinstance(quad.subject, NamedNode):
            types[quad.subject].append(quad)
    return tuple(quad for quad in quads if quad.subject not in facts), types


def _breach(rule: Rule, variables: Sequence[str], row: QuerySolution, names: Names) -> Breach:
    here = {name: row[name] for name in ("this", "path", "value") if name in variables}
    texts = {name: node.value if isinstance(node, NamedNode | Literal) else "" for name, node in here.items()}
    short = {name: names.short(node) for name, node in here.items() if node is not None}
    nearest = names.nearest(texts["value"], of=texts.get("path", "")) if _NEAREST in rule.says else ()
    message = rule.says.replace(_NEAREST, f" (nearest: {', '.join(nearest)})" if nearest else "")
    # What is described under a wrong name is named by itself.
    other = texts.get("this") and texts["this"] != texts.get("value")
    message = message.replace(_BY, f", named by {short['this']}," if other else "")
    if _REPLACEMENT in message:
        instead = row["replacement"]
        told = "nothing replaces it" if instead is None else f"use {names.short(instead)}"
        message = message.replace(_REPLACEMENT, f"; {told}")
    for name in variables:
        if row[name] is not None:
            message = message.replace(f"{{{name}}}", names.short(row[name]))
    return Breach(
        rule,
        texts.get("this", ""),
        short.get("this", "") if texts.get("this") else "",
        message,
        path=texts.get("path", ""),
        value=texts.get("value", ""),
        shown=short.get("value", "").strip("“”"),
        nearest=nearest,
    )


def _order(breach: Breach) -> tuple[int, str, str, str]:
    return LEVELS.index(breach.rule.level), breach.rule.id, breach.this, breach.message
