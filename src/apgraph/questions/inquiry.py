"""Asking a question: parameters bound, query run, rows labelled, silence explained."""

from __future__ import annotations

import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from apgraph.deprecation import deprecated_terms
from apgraph.errors import InputError, ParseError
from apgraph.lexicon import Lexicon
from apgraph.questions.answer import Answer
from apgraph.questions.citation import Origin, data_graphs, revision_of
from apgraph.questions.languages import in_language
from apgraph.questions.mappings import mapping_store
from apgraph.questions.parameters import parameter_terms
from apgraph.questions.rows import python_value, rows_of
from apgraph.questions.terms import check_terms
from apgraph.sparql import bind, variables_used, with_prefixes
from apgraph.store import WithInferences
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pyoxigraph import Triple

    from apgraph.questions.catalogue import Question
    from apgraph.reasoning.rl import Explanation
    from apgraph.store import Store

__all__ = ["ask", "on_engine", "today"]

_LISTED: Final = 12
"""So many rows are listed by number in a note."""


def ask(
    store: Store,
    lexicon: Lexicon,
    question: Question,
    parameters: Mapping[str, object] | None = None,
    timeout: float | None = 30.0,
    engine: str | None = None,
    derive: Callable[[Triple], Explanation] | None = None,
) -> Answer:
    """Ask a question of a store.

    Args:
        store: The graph; :class:`apgraph.store.WithInferences` for one that is seen with what follows from it.
        lexicon: Names of its terms.
        question: The question.
        parameters: Values by name: labels, CURIEs or IRIs in any letter case, or Python values.
        timeout: Seconds after which the query is given up; None for no limit.
        engine: ``"oxigraph"``, ``"rdflib"`` or ``"service"``; the store's own where it is not given.
        derive: What explains a triple that was inferred, for :meth:`Answer.why`.

    Raises:
        UnknownNameError: A parameter, a value, a term in the query or the engine does not exist.
        InputError: A required value is missing or one is not of its type.
        TimeLimitError: The query ran into the time limit.
    """
    terms = parameter_terms(question, parameters or {}, store, lexicon)
    if question.needs == "mappings":
        # They lie beside the graph, whatever it holds; names are still the graph's.
        store = WithInferences(mapping_store()) if isinstance(store, WithInferences) else mapping_store()
    asked = on_engine(store, engine)
    # The whole file is run, its header being a comment, so that lines in messages are those of the file.
    query = with_prefixes(question.sparql, PREFIXES)
    check_terms(store, lexicon, query)
    if unused := sorted(terms.keys() - variables_used(query)):
        raise ParseError(
            question.file,
            f"the query does not use the parameter {unused[0]!r}",
            hint=f"use ?{unused[0]} in it",
        )
    try:
        solutions = asked.select(query, bindings=terms, timeout=timeout)
    except ParseError as error:
        raise ParseError(
            question.file,
            error.problem,
            line=error.line,
            column=error.column,
            text=error.text,
            hint=error.hint,
        ) from error
    missing = [name for name in question.columns if name not in solutions.variables]
    if missing or len(solutions.variables) != len(question.columns):
        raise ParseError(
            question.file,
            f"the header's columns are {', '.join(question.columns)}, the query selects {', '.join(solutions.variables)}",
            hint="make the two agree",
        )
    solutions = in_language(solutions, lexicon.language)
    only_inferred = None
    if isinstance(store, WithInferences):
        without = on_engine(store.asserted, engine).select(query, bindings=terms, timeout=timeout)
        given = set(without.rows)
        only_inferred = tuple(number for number, row in enumerate(solutions.rows) if row not in given)
    rows = rows_of(solutions, lexicon, tuple(question.columns))
    labels = lexicon.labels(term.value for term in terms.values() if isinstance(term, NamedNode))
    return Answer(
        question=question,
        parameters=MappingProxyType({name: python_value(term, labels) for name, term in terms.items()}),
        columns=question.columns,
        rows=rows,
        engine=asked.engine,
        sparql=bind(with_prefixes(question.query, PREFIXES), terms),
        note=_note(rows, question, store, lexicon, terms.values(), only_inferred),
        date=today(),
        origin=Origin(
            store,
            Lexicon(store, lexicon.language) if question.needs == "mappings" else lexicon,
            solutions,
            terms,
            revision_of(store),
            derive=derive,
        ),
        inferred=only_inferred,
    )


def today() -> datetime.date:
    """Return the date, the same the world over."""
    return datetime.datetime.now(datetime.UTC).date()


def on_engine(store: Store, engine: str | None) -> Store:
    """Return the store, or a copy of what it holds in the engine asked for.

    Raises:
        UnknownNameError: There is no such engine.
        InputError: The engine is a service, and the store is none.
    """
    if engine is None or engine == store.engine:
        return store
    from apgraph.store import OxigraphStore, RdflibStore

    copy: Store
    if engine == "oxigraph":
        copy = OxigraphStore()
    elif engine == "rdflib":
        copy = RdflibStore()
    elif engine == "service":
        raise InputError("the data is not on a SPARQL service; open it with Graph.connect(url)")
    else:
        from apgraph.errors import UnknownNameError

        raise UnknownNameError("engine", engine, nearest=("oxigraph", "rdflib"))
    copy.add(store.copied() if isinstance(store, WithInferences) else store.quads())
    return copy


def _note(
    rows: Sequence[object],
    question: Question,
    store: Store,
    lexicon: Lexicon,
    given: Iterable[object],
    only_inferred: Sequence[int] | None,
) -> str | None:
    """Say why there are no rows, which rows are there by inference, and which terms asked with are deprecated."""
    asked = [term.value for term in given if isinstance(term, NamedNode)]
    told = [f"{term}." for term in deprecated_terms(store, lexicon, asked)] if asked else []
    if not rows:
        told.append(_silence(question, store))
    elif only_inferred is not None:
        told.append(_owed(only_inferred, len(rows)))
    return " ".join(told) or None


def _owed(numbers: Sequence[int], count: int) -> str:
    """Say which rows are owed to inference."""
    if not numbers:
        return "Every row would be there without what was inferred by OWL 2 RL, too."
    listed = ", ".join(str(number + 1) for number in numbers[:_LISTED])
    more = ", …" if len(numbers) > _LISTED else ""
    which = f"row {listed}" if len(numbers) == 1 else f"rows {listed}{more}"
    return f"Without what was inferred by OWL 2 RL, {len(numbers)} of {count} would not be there: {which}."


def _silence(question: Question, store: Store) -> str:
    """Say why there are no rows."""
    if question.needs == "case":
        if not data_graphs(store):
            return f"No case data is loaded. This question reads {question.header.case_data}."
        if question.header.silent:
            return question.header.silent
        return f"Nothing in the loaded records answers this. The question reads {question.header.case_data}."
    return question.header.silent or "Nothing in the graph matches."
