"""From what a reader gives for a question's parameters to the terms that the query is run with."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.errors import InputError, UnknownNameError
from apgraph.lexicon import expand, nearest
from apgraph.questions.organisations import named_by_case, organisation_names
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apgraph.lexicon import Lexicon
    from apgraph.questions.catalogue import Question
    from apgraph.questions.header import Parameter
    from apgraph.store import Store, Term

__all__ = ["allowed_values", "parameter_terms"]

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_LISTED: Final = 12


def parameter_terms(
    question: Question, given: Mapping[str, object], store: Store, lexicon: Lexicon
) -> dict[str, Term]:
    """Return the term for each parameter that has a value, given or by default.

    Args:
        question: The question that declares the parameters.
        given: Name to value: a label, CURIE or IRI for a term, or the identifier of an organisation's case; None counts as not given. A hyphen in a
            name is as good as an underscore.
        store: Where IRIs without a name are looked up.
        lexicon: Names of the terms in the store.

    Raises:
        UnknownNameError: A name is no parameter, or a value is no member of the parameter's class.
        InputError: A required value is missing, or one is not of its type.
    """
    values: dict[str, object] = {}
    for name, value in given.items():
        known = name.replace("-", "_")
        if known not in question.parameters:
            names = sorted(question.parameters)
            hint = (
                f"(parameters of {question.id}: {', '.join(names)})"
                if names
                else f"({question.id} takes none)"
            )
            raise UnknownNameError("parameter", name, nearest=nearest(name, names, 1), hint=hint)
        if value is not None:
            values[known] = value
    terms: dict[str, Term] = {}
    for name, parameter in question.parameters.items():
        value = values.get(name, parameter.default)
        if value is not None:
            terms[name] = _term(question, parameter, value, store, lexicon)
        elif parameter.required:
            message = f"question {question.id} needs a value for {name!r}: {parameter.about}"
            allowed = (
                organisation_names(store, lexicon)
                if _is_of_case(question, parameter)
                else allowed_values(parameter, lexicon)
            )
            if allowed:
                more = f" and {len(allowed) - _LISTED} more" if len(allowed) > _LISTED else ""
                message += f"; one of: {'; '.join(allowed[:_LISTED])}{more}"
            elif parameter.classes:
                message += "; the graph holds none, so load data first"
            raise InputError(message)
    return terms


def allowed_values(
    parameter: Parameter, lexicon: Lexicon, *, listed_in: Store | None = None
) -> tuple[str, ...]:
    """Return the labels of the values that a parameter with a class allows, in order; else nothing.

    Args:
        parameter: The parameter.
        lexicon: The names of terms.
        listed_in: A store, if only what stands in one of its lists (concept schemes) is meant.
    """
    if not parameter.classes:
        return ()
    members = lexicon.members(_iris(parameter))
    if listed_in is not None:
        rows = listed_in.select(f"SELECT DISTINCT ?term {{ ?term <{PREFIXES['skos']}inScheme> ?scheme }}")
        listed = {term.value for (term,) in rows if isinstance(term, NamedNode)}
        members = {iri: label for iri, label in members.items() if iri in listed}
    return tuple(sorted(set(members.values())))


def _iris(parameter: Parameter) -> tuple[str, ...]:
    return tuple(expand(name) or name for name in parameter.classes)


def _term(question: Question, parameter: Parameter, value: object, store: Store, lexicon: Lexicon) -> Term:
    place = f"parameter {parameter.name!r} of {question.id}"
    if parameter.type == "iri":
        return _named(parameter, value, store, lexicon, of_case=_is_of_case(question, parameter))
    if parameter.type == "claim":
        from apgraph.evidence import claim_iri

        return NamedNode(claim_iri(store, _text(value)))
    if parameter.type == "string":
        return Literal(str(value))
    if parameter.type == "integer":
        if isinstance(value, bool) or not _INTEGER.fullmatch(str(value).strip()):
            raise InputError(f"{place} is {str(value)[:60]!r}; give a whole number")
        return Literal(int(str(value)))
    try:
        # A datetime is a date, too, but its text is not.
        day = value.date() if isinstance(value, datetime.datetime) else value
        text = datetime.date.fromisoformat(str(day).strip()).isoformat()
    except ValueError as error:
        raise InputError(f"{place} is {str(value)[:60]!r}; give a date such as 2021-05-14") from error
    return Literal(text, datatype=NamedNode(f"{PREFIXES['xsd']}date"))


def _is_of_case(question: Question, parameter: Parameter) -> bool:
    """Tell whether what is asked for is an organisation that cases are about, and none that the source names."""
    return question.needs == "case" and parameter.classes == ("apg:Organisation",)


def _named(
    parameter: Parameter, value: object, store: Store, lexicon: Lexicon, *, of_case: bool
) -> NamedNode:
    text = _text(value)
    try:
        return NamedNode(lexicon.resolve(text, _iris(parameter) or None))
    except UnknownNameError:
        if of_case:
            return named_by_case(text, store, lexicon)
        node = None if parameter.classes else _unnamed(text, store)
        if node is None:
            raise
        return node


def _text(value: object) -> str:
    """Return what the value is called; a term in a row of another answer is as good as its IRI."""
    iri = value.value if isinstance(value, NamedNode) else getattr(value, "iri", None)
    return f"<{iri}>" if isinstance(iri, str) else str(value)


def _unnamed(text: str, store: Store) -> NamedNode | None:
    """Return the IRI if the store uses it, though without a label."""
    iri = expand(text.strip())
    try:
        node = NamedNode(iri) if iri else None
    except ValueError:
        return None
    if node is None or not store.ask(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} }}"):
        return None
    return node
