"""A triple as a person types it: three terms by name, prefixed name or IRI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from apgraph.errors import InputError, UnknownNameError
from apgraph.reasoning.structure import RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["read_triple"]

_PART: Final = re.compile(r'<[^<>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^(?:<[^<>]*>|\S+))?|' + r"'[^']*'|\S+")

_WHOLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S|urn:[A-Za-z0-9-]+:\S|mailto:\S|tag:\S")
"""How an IRI begins that no prefixed name is taken for."""


def read_triple(text: str, *, prefixes: Mapping[str, str], resolve: Callable[[str], str]) -> Triple:
    """Return the triple that a text says.

    Args:
        text: Subject, predicate (``a`` for the type) and object: IRIs, in angle brackets or without, prefixed
            names, labels in single quotes, literals in double quotes.
        prefixes: The prefixes known.
        resolve: Returns the IRI of anything else.

    Raises:
        InputError: There are not three parts, or one of them is not well-formed.
        UnknownNameError: A name is not known.

    >>> read_triple("urn:x:a a ex:C", prefixes={"ex": "urn:ex:"}, resolve=str)
    <Triple subject=<NamedNode value=urn:x:a> predicate=<NamedNode value=http://www.w3.org/1999/02/22-rdf-syntax-ns#type> object=<NamedNode value=urn:ex:C>>
    """
    parts = _PART.findall(text.strip().rstrip(".").strip())
    if len(parts) != 3:
        raise InputError(
            f"{text!r} is no triple; give subject, predicate and object, labels in single quotes: "
            "\"'team working' a apg:PracticeType\""
        )
    subject, predicate, value = parts
    object_ = _literal(value, prefixes) if value.startswith('"') else _iri(value, prefixes, resolve)
    kind = NamedNode(RDF + "type") if predicate == "a" else _iri(predicate, prefixes, resolve)
    return Triple(_iri(subject, prefixes, resolve), kind, object_)


def _iri(text: str, prefixes: Mapping[str, str], resolve: Callable[[str], str]) -> NamedNode:
    name = text
    if text.startswith("<") and text.endswith(">"):
        name = text[1:-1]
    elif text.startswith("'"):
        name = resolve(text.strip("'"))
    else:
        prefix, colon, rest = text.partition(":")
        if colon and prefix in prefixes:
            name = prefixes[prefix] + rest
        else:
            name = text if _WHOLE.match(text) else _resolved(text, prefixes, resolve)
    try:
        return NamedNode(name)
    except ValueError:
        raise InputError(
            f"{text!r} is no IRI; give one in angle brackets, a prefixed name or a label"
        ) from None


def _resolved(text: str, prefixes: Mapping[str, str], resolve: Callable[[str], str]) -> str:
    try:
        return resolve(text)
    except UnknownNameError:
        prefix, colon, _ = text.partition(":")
        if not colon:
            raise
        known = ", ".join(f"{name}:" for name in sorted(prefixes))
        raise InputError(
            f"there is no prefix {prefix}: as in {text!r}; give the whole IRI, or one of {known}"
        ) from None


def _literal(text: str, prefixes: Mapping[str, str]) -> Literal:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    try:
        quads = list(parse(f"{head}<urn:s> <urn:p> {text} .".encode(), format=RdfFormat.TURTLE))
    except SyntaxError:
        raise InputError(f"{text} is no literal of RDF; write it as in Turtle") from None
    if len(quads) != 1 or not isinstance(quads[0].object, Literal):
        raise InputError(f"{text} is no literal of RDF; write it as in Turtle")
    return quads[0].object
