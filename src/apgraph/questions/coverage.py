"""What the catalogue covers: which terms no question touches, which claims no answer rests on.

A question touches the terms that its query names, those that its parameters allow, and those in its rows
and in the proofs of its rows; its answers rest on the claims in its rows and on those behind the proofs.
Questions with ``coverage: false`` list everything, and so do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad

from apgraph.errors import InputError, ParseError
from apgraph.lexicon import Lexicon, curie, expand
from apgraph.questions.answers import example_files, stocked_store
from apgraph.questions.catalogue import Catalogue
from apgraph.questions.citation import FRAMEWORK
from apgraph.questions.inquiry import ask
from apgraph.resources import resource_folder
from apgraph.sparql import names_used
from apgraph.vocabulary import APG, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pyoxigraph import Triple

    from apgraph.questions.answer import Answer
    from apgraph.questions.catalogue import Question
    from apgraph.store import Store

__all__ = ["Coverage", "coverage", "exceptions"]

_CLAIM: Final = re.compile(re.escape(APGS) + r"[CR][0-9]{2,3}")
_PROOFS: Final = 20


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which questions touch each term, and whose answers rest on each claim.

    Args:
        terms: Short name of every term to the questions that touch it.
        claims: Short name of every claim to the questions whose answers rest on it.
        explained: Short name of a term or claim to the reason why no question has to reach it.
    """

    terms: Mapping[str, tuple[str, ...]]
    claims: Mapping[str, tuple[str, ...]]
    explained: Mapping[str, str]

    @property
    def unexplained_terms(self) -> tuple[str, ...]:
        """Terms that no question touches, without a reason."""
        return tuple(name for name, by in self.terms.items() if not by and name not in self.explained)

    @property
    def unexplained_claims(self) -> tuple[str, ...]:
        """Claims that no answer rests on, without a reason."""
        return tuple(name for name, by in self.claims.items() if not by and name not in self.explained)

    @property
    def needless(self) -> tuple[str, ...]:
        """Explained exceptions that a question reaches after all, or that are no term or claim."""
        return tuple(
            name
            for name in self.explained
            if self.terms.get(name) or self.claims.get(name) or not self._known(name)
        )

    @property
    def complete(self) -> bool:
        """Whether every term and claim is reached or explained."""
        return not (self.unexplained_terms or self.unexplained_claims or self.needless)

    def _known(self, name: str) -> bool:
        return name in self.terms or name in self.claims

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield kind, name and what reaches it, or why nothing has to: the matrix as a table."""
        for kind, reached in (("term", self.terms), ("claim", self.claims)):
            for name, by in reached.items():
                yield kind, name, ", ".join(by) or self.explained.get(name, "NOT REACHED")

    def __str__(self) -> str:
        reached = sum(map(bool, self.terms.values()))
        rested = sum(map(bool, self.claims.values()))
        lines = [
            f"Terms that a question touches: {reached} of {len(self.terms)}",
            f"Claims that an answer rests on: {rested} of {len(self.claims)}",
        ]
        excused = [name for name in self.explained if name not in self.needless]
        if excused:
            lines.append("Not reached, for a reason:")
            lines += [f"  {name}: {self.explained[name]}" for name in excused]
        for title, names in (
            ("Terms that no question touches", self.unexplained_terms),
            ("Claims that no answer rests on", self.unexplained_claims),
            ("Explained in coverage.yaml, yet reached or unknown", self.needless),
        ):
            lines.append(f"{title}: {len(names) or 'none'}")
            lines += [f"  {name}" for name in names]
        return "\n".join(lines)


def coverage(catalogue: Catalogue | None = None, *, examples: Iterable[Path] | None = None) -> Coverage:
    """Ask every question that counts with its examples, and return what they reach.

    Args:
        catalogue: The questions; the package's where it is not given.
        examples: Worked cases that questions about case data are asked of; those in ``examples/`` where
            they are not given. Without any, such questions reach the terms that their queries name.

    Raises:
        InputError: A question or the list of exceptions is not as it has to be.
    """
    catalogue = Catalogue() if catalogue is None else catalogue
    stores = {
        "framework": stocked_store(),
        "case": stocked_store(example_files() if examples is None else examples),
    }
    lexicons = {needs: Lexicon(store) for needs, store in stores.items()}
    terms, claims = _everything(stores["framework"])
    for question in catalogue:
        if not question.header.coverage:
            continue
        store, lexicon = stores[question.needs], lexicons[question.needs]
        reached = _named(question, lexicon)
        for example in question.header.examples:
            reached |= _behind(ask(store, lexicon, question, example, timeout=None), store)
        for iri in reached & terms.keys():
            terms[iri].append(question.id)
        for iri in reached & claims.keys():
            claims[iri].append(question.id)
    return Coverage(
        MappingProxyType({curie(iri): tuple(by) for iri, by in sorted(terms.items())}),
        MappingProxyType({iri.removeprefix(APGS): tuple(by) for iri, by in sorted(claims.items())}),
        exceptions(),
    )


def exceptions(file: Path | None = None) -> Mapping[str, str]:
    """Return the terms and claims that no question has to reach, with the reasons.

    Args:
        file: The list; ``queries/coverage.yaml`` where it is not given.

    Raises:
        ParseError: The file is not as it has to be.
    """
    import yaml

    path = resource_folder("queries") / "coverage.yaml" if file is None else file
    if not path.is_file():
        return MappingProxyType({})
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ParseError(path, f"this is no YAML: {error.problem}", line=line) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParseError(path, f"this is no YAML: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    good = isinstance(content, dict) and all(
        isinstance(k, str) and isinstance(v, str) for k, v in content.items()
    )
    if not good:
        raise ParseError(
            path,
            "this is not a list of 'name: reason' lines",
            hint="write 'apg:Term: reason' or 'C001: reason'",
        )
    return MappingProxyType(dict(content))


def _everything(store: Store) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return all terms of ours and all claims, each with an empty list."""
    found = store.select(
        f"SELECT DISTINCT ?s WHERE {{ ?s <{PREFIXES['rdfs']}isDefinedBy> ?o }}", default_graphs=[FRAMEWORK]
    )
    iris = sorted(term.value for (term,) in found.rows if isinstance(term, NamedNode))
    return (
        {iri: [] for iri in iris if iri.startswith((APG, APGX))},
        {iri: [] for iri in iris if _CLAIM.fullmatch(iri)},
    )


def _named(question: Question, lexicon: Lexicon) -> set[str]:
    found = set(names_used(question.sparql, PREFIXES))
    for parameter in question.parameters.values():
        if parameter.classes:
            classes = tuple(expand(name) or name for name in parameter.classes)
            found |= {*classes, *lexicon.members(classes)}
    return found


def _behind(answer: Answer, store: Store) -> set[str]:
    """Return the terms and claims in the rows of an answer, and behind them."""
    from apgraph.evidence import claims_for_triples
    from apgraph.questions.derivation import row_proofs

    origin = answer.origin
    found = {term.value for row in origin.solutions.rows for term in row if isinstance(term, NamedNode)}
    triples: dict[Triple, None] = {}
    for row in origin.solutions.rows:
        proofs, _ = row_proofs(
            store, answer.question.query, origin.parameters, origin.solutions.variables, row
        )
        for facts in sorted(proofs, key=lambda f: (len(f), sorted(map(str, f))))[:_PROOFS]:
            for fact in facts:
                triples[fact.triple if isinstance(fact, Quad) else fact] = None
    for triple in triples:
        found |= {
            t.value for t in (triple.subject, triple.predicate, triple.object) if isinstance(t, NamedNode)
        }
    for several in claims_for_triples(store, triples).values():
        found |= {claim.iri for claim in several}
    return found
