"""Why a row is in an answer: its minimal proofs, the claims behind them, and what was not found."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from apgraph.errors import NotFinishedError
from apgraph.lexicon import curie
from apgraph.questions.proofs import Absence, Counted
from apgraph.questions.rows import plain, python_value
from apgraph.store import WithInferences
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from apgraph.evidence import Claim
    from apgraph.lexicon import Lexicon
    from apgraph.questions.proofs import Fact
    from apgraph.questions.rows import Value
    from apgraph.reasoning.rl import Explanation
    from apgraph.reasoning.rl.schema import Schema
    from apgraph.store import Store, Term

__all__ = ["CountedRows", "LookedFor", "Proof", "Step", "Why", "explain"]

_TYPE: Final = f"{PREFIXES['rdf']}type"
_ANNOTATED: Final = tuple(f"{PREFIXES['owl']}annotated{part}" for part in ("Source", "Property", "Target"))
"""What says which statement a node is about."""
_CHAIN: Final = f"{PREFIXES['owl']}propertyChainAxiom"
_SHOWN: Final = 20
_WORDS: Final = {
    "optional": "An optional part found nothing",
    "minus": "The row stands because nothing was found",
    "not exists": "The row stands because nothing was found",
    "none counted": "Nothing was found to count",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A triple of a proof, in words, with the claims that it rests on."""

    triple: Triple
    subject: str
    predicate: str
    object: str
    claims: tuple[Claim, ...]
    graph: str | None = None
    """The graph it was taken from, where the query names one."""
    inferred: bool = False
    """Whether it was inferred, and not asserted; the claims are those of what it follows from."""
    derivation: Explanation | None = None
    """How an inferred triple follows from asserted ones; None where that was not looked for or is not known."""
    words: tuple[str, ...] = ()
    """The derivation in lines of words."""
    is_told: bool = False
    """Whether other steps tell it in words already: which statement it is that they speak of."""

    def __str__(self) -> str:
        return f"{self.subject} – {self.predicate} – {self.object}"


@dataclass(frozen=True, slots=True)
class LookedFor:
    """A pattern that was looked for and not found, in words."""

    kind: str
    patterns: tuple[str, ...]
    filtered: bool

    def __str__(self) -> str:
        under = " that meets the question's conditions" if self.filtered else ""
        return f"{_WORDS[self.kind]}{under}: {'; '.join(self.patterns) or 'any match'}"


@dataclass(frozen=True, slots=True)
class CountedRows:
    """What was counted, or put together, for the row."""

    how: str
    rows: tuple[Mapping[str, Value], ...]
    triples: tuple[tuple[Triple, ...], ...]
    """For each row the triples of its first proof."""

    def __str__(self) -> str:
        lines = [f"{self.how} over {len(self.rows)} {'row' if len(self.rows) == 1 else 'rows'}:"]
        lines += [
            "  " + "; ".join(f"{name}: {value}" for name, value in row.items()) for row in self.rows[:_SHOWN]
        ]
        if len(self.rows) > _SHOWN:
            lines.append(f"  and {len(self.rows) - _SHOWN} more")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Proof:
    """A smallest set of triples that gives the row: asserted ones, and inferred ones where these were asked for."""

    steps: tuple[Step, ...]
    looked_for: tuple[LookedFor, ...] = ()
    counted: tuple[CountedRows, ...] = ()

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The triples."""
        return tuple(step.triple for step in self.steps)

    @property
    def told(self) -> tuple[Step, ...]:
        """The steps that readers need: those that other steps tell are left out."""
        return tuple(step for step in self.steps if not step.is_told)

    @property
    def inferred(self) -> bool:
        """Whether a triple of it was inferred."""
        return any(step.inferred for step in self.steps)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims behind them, each once, in the order of their numbers."""
        return tuple(
            sorted({c.id: c for step in self.steps for c in step.claims}.values(), key=lambda c: c.id)
        )


@dataclass(frozen=True, slots=True)
class Why:
    """What a row rests on; iterates over its proofs.

    Args:
        row: The row that is explained.
        proofs: Minimal proofs, the smallest first.
        found: How many minimal proofs were found; more than ``proofs`` holds if there are many.
        complete: Whether ``found`` is all there are.
    """

    row: Mapping[str, Value]
    proofs: tuple[Proof, ...]
    found: int
    complete: bool

    def __iter__(self) -> Iterator[Proof]:
        return iter(self.proofs)

    def __len__(self) -> int:
        return len(self.proofs)

    @property
    def inferred(self) -> bool:
        """Whether every proof has a triple that was inferred."""
        return bool(self.proofs) and all(proof.inferred for proof in self.proofs)

    @property
    def looked_for(self) -> tuple[LookedFor, ...]:
        """What was looked for and not found."""
        return tuple(dict.fromkeys(item for proof in self.proofs for item in proof.looked_for))

    @property
    def counted(self) -> tuple[CountedRows, ...]:
        """What was counted."""
        return tuple(item for proof in self.proofs for item in proof.counted)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims behind the proofs, each once."""
        return tuple(
            sorted({c.id: c for proof in self.proofs for c in proof.claims}.values(), key=lambda c: c.id)
        )

    def _count(self) -> str:
        if self.found == 1 and self.complete:
            return "One proof"
        number = str(self.found) if self.complete else f"More than {self.found}"
        shown = f"; the first {len(self.proofs)} are shown" if self.found > len(self.proofs) else ""
        return f"{number} proofs, each enough by itself{shown}"

    def _foundation(self) -> str:
        """Say how many proofs there are, and what they rest on besides what was asserted."""
        if self.inferred:
            rests = " Nothing that was asserted gives it without what was inferred." if self.complete else ""
        else:
            rests = " Some rest on what was inferred." if any(proof.inferred for proof in self.proofs) else ""
        return f"{self._count()}.{rests}"

    def __str__(self) -> str:
        lines = [
            "Why " + "; ".join(f"{n.replace('_', ' ')}: {v}" for n, v in self.row.items() if v is not None)
        ]
        lines.append(self._foundation())
        for number, proof in enumerate(self.proofs, 1):
            lines += ["", f"Proof {number}:" if self.found > 1 else "Because:"]
            if not proof.steps:
                lines.append("  no triple is needed")
            for step in proof.told:
                marks = f"  [{', '.join(_marked(c) for c in step.claims)}]" if step.claims else ""
                lines.append(f"  * {step}{' (inferred)' if step.inferred else ''}{marks}")
                lines += [f"      {words}" for words in step.words]
            lines += [f"  {item}" for item in proof.looked_for]
            lines += ["  " + str(item).replace("\n", "\n  ") for item in proof.counted]
        if self.claims:
            lines += ["", "Claims:"]
            lines += ["  " + _claim_line(claim) for claim in self.claims]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the explanation as Markdown."""
        head = "; ".join(
            f"{n.replace('_', ' ')}: **{_escape(str(v))}**" for n, v in self.row.items() if v is not None
        )
        lines = [f"Why {head}", "", self._foundation()]
        for number, proof in enumerate(self.proofs, 1):
            lines += ["", f"Proof {number}" if self.found > 1 else "Because", ""]
            for step in proof.told:
                marks = f" ({', '.join(_marked(c) for c in step.claims)})" if step.claims else ""
                lines.append(f"- {_escape(str(step))}{' (inferred)' if step.inferred else ''}{marks}")
                lines += [f"    - {_escape(words)}" for words in step.words]
            lines += [f"- {_escape(str(item))}" for item in proof.looked_for]
            lines += ["- " + _escape(" ".join(str(item).split("\n"))) for item in proof.counted]
        if self.claims:
            lines += ["", "| claim | says | report | slide | hedge |", "|---|---|---|---|---|"]
            for c in self.claims:
                cells = (_marked(c), c.paraphrase, c.report, c.section, "" if c.hedge == "none" else c.hedge)
                lines.append("| " + " | ".join(_escape(cell) for cell in cells) + " |")
        return "\n".join(lines) + "\n"

    def to_record(self) -> dict[str, object]:
        """Return the explanation as JSON can hold it."""
        return {
            "row": {name: plain(value) for name, value in self.row.items()},
            "found": self.found,
            "complete": self.complete,
            "proofs": [
                {
                    "triples": [
                        {
                            "subject": _short(step.triple.subject),
                            "predicate": _short(step.triple.predicate),
                            "object": _short(step.triple.object),
                            "words": str(step),
                            "claims": [claim.id for claim in step.claims],
                            "inferred": step.inferred,
                            "derivation": list(step.words),
                        }
                        for step in proof.steps
                    ],
                    "looked_for": [str(item) for item in proof.looked_for],
                    "counted": [
                        {
                            "how": item.how,
                            "rows": [{n: plain(v) for n, v in row.items()} for row in item.rows],
                        }
                        for item in proof.counted
                    ],
                }
                for proof in self.proofs
            ],
            "claims": [
                {
                    "id": c.id,
                    "paraphrase": c.paraphrase,
                    "report": c.report,
                    "section": c.section,
                    "hedge": c.hedge,
                    "attribution": c.attribution,
                    "curators_reading": c.is_reading,
                }
                for c in self.claims
            ],
        }

    def to_json(self) -> str:
        """Return the explanation as JSON."""
        return json.dumps(self.to_record(), ensure_ascii=False, indent=2)


def _marked(claim: Claim) -> str:
    if claim.is_reading:
        return f"{claim.id}, curator's reading"
    return f"{claim.id}, inferred" if claim.attribution == "inferred" else claim.id


def _claim_line(claim: Claim) -> str:
    place = ", ".join(part for part in (claim.report, claim.section) if part)
    hedge = f" [hedge: {claim.hedge}]" if claim.hedge not in {"", "none"} else ""
    return f"{_marked(claim)}{f' ({place})' if place else ''}: {claim.paraphrase}{hedge}"


def _escape(text: str) -> str:
    for mark in "\\`*_<>|":
        text = text.replace(mark, f"\\{mark}")
    return text


def _short(term: object) -> str:
    return curie(term.value) if isinstance(term, NamedNode) else str(term)


def explain(
    store: Store,
    lexicon: Lexicon,
    query: str,
    parameters: Mapping[str, Term],
    variables: Sequence[str],
    row: Sequence[Term | None],
    *,
    most: int = 20,
    derive: Callable[[Triple], Explanation] | None = None,
) -> Why:
    """Explain a row of a query's answer.

    Args:
        store: The graph.
        lexicon: Names of its terms.
        query: The query that gave the row.
        parameters: Values it was run with.
        variables: The query's columns.
        row: The row.
        most: How many proofs to return at most.
        derive: What explains a triple that was inferred.

    Raises:
        NotFinishedError: The row cannot be derived again, or only with too much work.
    """
    from apgraph.questions.derivation import row_proofs

    proofs, complete = row_proofs(store, query, parameters, variables, row)
    ordered = sorted(proofs, key=lambda facts: (len(facts), sorted(map(str, facts))))[:most]
    words = _Words(store, lexicon, [(facts, proofs[facts]) for facts in ordered], derive)
    labels = words.labels_of(term for term in row if isinstance(term, NamedNode))
    shown = {name: python_value(term, labels) for name, term in zip(variables, row, strict=True)}
    return Why(shown, tuple(words.proof(facts, proofs[facts]) for facts in ordered), len(proofs), complete)


class _Words:
    """Puts facts and notes into words, with labels and claims fetched for all of them at once."""

    def __init__(
        self,
        store: Store,
        lexicon: Lexicon,
        proofs: Sequence[tuple[Collection[Fact], Iterable[object]]],
        derive: Callable[[Triple], Explanation] | None,
    ) -> None:
        from apgraph.evidence import claims_for_triples

        self._lexicon = lexicon
        facts = dict.fromkeys(fact for facts, _ in proofs for fact in facts)
        self._expressions = _Expressions(store, map(_triple, facts), self._called)
        self._derivations = _derivations(store, facts, derive)
        rests_on = {
            triple: [Triple(*fact) for fact in found.asserted]  # type: ignore[arg-type]  # asserted: no literal subject
            for triple, found in self._derivations.items()
            if found is not None
        }
        triples = dict.fromkeys(_triple(fact) for fact in facts)
        asked = [triple for triple in triples if triple not in self._derivations]
        asked += [triple for several in rests_on.values() for triple in several]
        self._claims = claims_for_triples(store, dict.fromkeys(asked))
        for triple, several in rests_on.items():
            behind = {claim.id: claim for each in several for claim in self._claims.get(each, ())}
            self._claims[triple] = tuple(behind[name] for name in sorted(behind))
        terms: set[str] = set()
        for triple in (*triples, *asked):
            terms |= {
                t.value for t in (triple.subject, triple.predicate, triple.object) if isinstance(t, NamedNode)
            }
        lexicon.labels(sorted(terms))

    def labels_of(self, terms: Iterable[NamedNode]) -> dict[str, str]:
        return self._lexicon.labels(term.value for term in terms)

    def proof(self, facts: Collection[Fact], notes: Iterable[object]) -> Proof:
        spoken_of = self._statements(facts)
        within = self._expressions.told(list(map(_triple, facts)))
        steps = sorted(
            (self._step(fact, spoken_of, within) for fact in facts),
            key=lambda s: (str(s.triple.predicate) == _TYPE, str(s), str(s.triple)),
        )
        ordered = sorted(notes, key=str)
        return Proof(
            tuple(steps),
            tuple(dict.fromkeys(self._looked_for(note) for note in ordered if isinstance(note, Absence))),
            tuple(self._counted(note) for note in ordered if isinstance(note, Counted)),
        )

    def _statements(self, facts: Collection[Fact]) -> dict[object, str]:
        """Return in words the statements that nodes of a proof speak of; a node is named after its statement."""
        parts: defaultdict[object, dict[str, object]] = defaultdict(dict)
        speaking = set()
        for fact in map(_triple, facts):
            if fact.predicate.value in _ANNOTATED:
                parts[fact.subject][fact.predicate.value] = fact.object
            elif fact.predicate.value != _TYPE:
                speaking.add(fact.subject)
        return {
            node: f"the statement ‘{' – '.join(self._word(said[part]) for part in _ANNOTATED)}’"
            for node, said in parts.items()
            if node in speaking and len(said) == len(_ANNOTATED)
        }

    def _step(self, fact: Fact, spoken_of: Mapping[object, str], within: Collection[object]) -> Step:
        triple = _triple(fact)
        graph = getattr(fact.graph_name, "value", None) if isinstance(fact, Quad) else None
        words = [self._word(term) for term in (triple.subject, triple.predicate, triple.object)]
        words[0] = spoken_of.get(triple.subject, words[0])
        if triple.predicate.value == _CHAIN:
            words[2] = self._expressions.chain(triple.object) or words[2]
        claims = tuple(self._claims.get(triple, ()))
        if graph is not None or triple not in self._derivations:
            told = triple.subject in spoken_of and triple.predicate.value in {*_ANNOTATED, _TYPE}
            told = told or triple.subject in within
            return Step(triple, words[0], words[1], words[2], claims, graph, is_told=told)
        derivation = self._derivations[triple]
        lines = derivation.to_text(label=self._called).split("\n") if derivation is not None else []
        return Step(triple, words[0], words[1], words[2], claims, None, True, derivation, tuple(lines))

    def _called(self, iri: str) -> str:
        """Return how an IRI reads within a sentence."""
        name = self._lexicon.label(iri)
        if name is None:
            return curie(iri)
        return f"'{name}'" if " " in name else name

    def _word(self, term: object) -> str:
        if isinstance(term, str):
            return f"any {term[1:].replace('_', ' ')}" if term.startswith("?") else term
        if isinstance(term, NamedNode):
            if term.value == _TYPE:
                return "is a"
            return self._lexicon.label(term.value) or curie(term.value)
        if isinstance(term, Literal):
            text = term.value if len(term.value) <= 160 else term.value[:157] + "..."
            return f"“{text}”"
        return self._expressions.word(term) or str(term)

    def _looked_for(self, note: Absence) -> LookedFor:
        patterns = tuple(" – ".join(self._word(place) for place in pattern) for pattern in note.patterns)
        return LookedFor(note.kind, patterns, note.filtered)

    def _counted(self, note: Counted) -> CountedRows:
        terms = [term for values, _ in note.members for _, term in values if isinstance(term, NamedNode)]
        labels = self.labels_of(terms)
        members = sorted(note.members, key=str)
        rows = tuple({name: python_value(term, labels) for name, term in values} for values, _ in members)
        triples = tuple(tuple(sorted((_triple(f) for f in facts), key=str)) for _, facts in members)
        return CountedRows(note.how, rows, triples)


class _Expressions:
    """The expressions and lists of OWL that nodes of proofs stand for, in words, in the manner of the Manchester syntax.

    Args:
        store: The graph.
        triples: The triples of the proofs.
        label: How an IRI reads within a sentence.
    """

    def __init__(self, store: Store, triples: Iterable[Triple], label: Callable[[str], str]) -> None:
        self._schema: Schema | None = None
        if not any(map(_may_be_part, triples)):
            return
        from apgraph.reasoning.rl.schema import PARTS, Schema
        from apgraph.reasoning.rl.wording import Wording

        parts = " ".join(map(str, PARTS))
        self._schema = Schema(
            (s, p, o)
            for s, p, o in store.select(
                f"SELECT ?s ?p ?o WHERE {{ VALUES ?p {{ {parts} }} ?s ?p ?o FILTER(isBlank(?s)) }}"
            )
            if s is not None and p is not None and o is not None
        )
        self._words = Wording(self._schema, label)

    def _is_one(self, term: object) -> bool:
        return self._schema is not None and term in self._schema.names

    def word(self, term: object) -> str:
        """Return the expression that a node stands for; empty where it stands for none."""
        if self._schema is None or not isinstance(term, BlankNode) or term not in self._schema.names:
            return ""
        return self._words.term(self._schema.named(term))

    def chain(self, term: object) -> str:
        """Return the properties of a list, one after the other; empty where a node is no list."""
        if self._schema is None or not isinstance(term, BlankNode):
            return ""
        return " o ".join(map(self._words.term, self._schema.lists.get(self._schema.named(term), ())))

    def told(self, triples: Sequence[Triple]) -> set[object]:
        """Return the nodes of a proof whose expressions are part of what one of its other triples shows in words."""
        found: set[object] = set()
        waiting = [t.object for t in triples if self._is_one(t.object) and not self._is_one(t.subject)]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += [t.object for t in triples if t.subject == node and self._is_one(t.object)]
        return found


def _may_be_part(triple: Triple) -> bool:
    """Whether a triple leads to a node that may stand for an expression, or says of one what it is."""
    says = triple.predicate.value.startswith(PREFIXES["owl"]) and triple.predicate.value not in _ANNOTATED
    return isinstance(triple.object, BlankNode) or (says and isinstance(triple.subject, BlankNode))


def _derivations(
    store: Store, facts: Iterable[Fact], derive: Callable[[Triple], Explanation] | None
) -> dict[Triple, Explanation | None]:
    """Return the facts that were inferred, each with how it follows, as far as that can be told."""
    found: dict[Triple, Explanation | None] = {}
    if not isinstance(store, WithInferences):
        return found
    for fact in facts:
        if isinstance(fact, Quad) or store.holds_asserted(fact):
            continue
        try:
            found[fact] = derive(fact) if derive is not None else None
        except NotFinishedError:
            found[fact] = None  # too many ways to derive it: that it was inferred is still said
    return found


def _triple(fact: Fact) -> Triple:
    return fact.triple if isinstance(fact, Quad) else fact
