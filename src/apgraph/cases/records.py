"""Case records: which cases some quads hold, and whether two of them say the same."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from apgraph.errors import ConflictError, InputError
from apgraph.lexicon import CASE_BASE
from apgraph.turtle import canonical_lines
from apgraph.vocabulary import APG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apgraph.store import Store

__all__ = [
    "CaseRecord",
    "case_graph",
    "check_same",
    "find_cases",
    "loaded_already",
    "same_content",
    "stored_cases",
]

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_RECORD: Final = NamedNode(APG + "CaseRecord")
_IDENTIFIER: Final = NamedNode(APG + "caseIdentifier")

# What an IRI of the form urn:apgraph:case:<id>:<item> takes without escapes, a colon left out.
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case that some quads describe.

    Attributes:
        id: Its identifier.
        record: The IRI of its record.
        graph: The named graph that it belongs to.
    """

    id: str
    record: str
    graph: str


def case_graph(case_id: str) -> str:
    """Return the named graph of a case.

    Raises:
        InputError: The identifier cannot be part of an IRI as it is.

    >>> case_graph("riverside")
    'urn:apgraph:case:riverside'
    """
    if not _ID.fullmatch(case_id):
        raise InputError(
            f"{case_id!r} cannot identify a case; use letters, digits, hyphens, dots and underscores, "
            "beginning with a letter or a digit"
        )
    return CASE_BASE + case_id


def find_cases(quads: Iterable[Quad], *, name: str = "the data") -> tuple[CaseRecord, ...]:
    """Return the cases that some quads describe, by identifier.

    Args:
        quads: What to look through.
        name: What an error calls them, such as the file's name.

    Raises:
        InputError: A case record has no identifier or several, has no IRI, or two records share an identifier.
    """
    records: set[object] = set()
    identifiers: defaultdict[object, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == _TYPE and quad.object == _RECORD:
            records.add(quad.subject)
        elif quad.predicate == _IDENTIFIER and isinstance(quad.object, Literal):
            identifiers[quad.subject].add(quad.object.value)
    found: dict[str, CaseRecord] = {}
    for record in sorted(records, key=str):
        if not isinstance(record, NamedNode):
            raise InputError(
                f"{name}: a case record is a blank node; give it an IRI, such as <{CASE_BASE}my-college:record>"
            )
        ids = sorted(identifiers[record])
        if len(ids) != 1:
            what = f"identifiers {', '.join(ids)}" if ids else "no identifier"
            raise InputError(
                f"{name}: the case record <{record.value}> has {what}; give apg:caseIdentifier once"
            )
        if ids[0] in found:
            raise InputError(
                f"{name}: <{found[ids[0]].record}> and <{record.value}> are both records of case {ids[0]!r}; keep one"
            )
        found[ids[0]] = CaseRecord(ids[0], record.value, case_graph(ids[0]))
    return tuple(found[case_id] for case_id in sorted(found))


def stored_cases(store: Store, graphs: Sequence[str] | None = None) -> tuple[CaseRecord, ...]:
    """Return the cases in a store, by identifier; a case lies in the graph that its record lies in.

    Args:
        store: The store.
        graphs: The graphs to look into; None: all.

    >>> from apgraph.store import OxigraphStore
    >>> stored_cases(OxigraphStore())
    ()
    """
    query = f"""SELECT DISTINCT ?id ?record ?graph WHERE {{ GRAPH ?graph {{
        ?record a {_RECORD} ; {_IDENTIFIER} ?id }} }} ORDER BY ?id ?record ?graph"""
    return tuple(
        CaseRecord(case_id.value, record.value, graph.value)
        for case_id, record, graph in store.select(
            query, default_graphs=[""], named_graphs=graphs
        ).rows  # it looks into named graphs only
        if isinstance(case_id, Literal) and isinstance(record, NamedNode) and isinstance(graph, NamedNode)
    )


def same_content(ours: Iterable[Quad], theirs: Iterable[Quad]) -> bool:
    """Tell whether quads make the same triples, whatever their blank nodes and graphs are called.

    >>> def say(label): return [Quad(NamedNode("urn:a"), NamedNode("urn:p"), BlankNode(label), DefaultGraph())]
    >>> from pyoxigraph import BlankNode, DefaultGraph
    >>> same_content(say("x"), say("y")), same_content(say("x"), [])
    (True, False)
    """
    return canonical_lines(q.triple for q in ours) == canonical_lines(q.triple for q in theirs)


def check_same(
    case: CaseRecord,
    known: Iterable[Quad],
    new: Iterable[Quad],
    *,
    name: str = "the data",
    identifier: str = "apg:caseIdentifier",
    file: str = "",
) -> None:
    """Check that a case that is loaded again says what it said before.

    Args:
        case: The case.
        known: What it says here.
        new: What it says where it is read again.
        name: What is loaded.
        identifier: What holds the identifier in the file.
        file: The file that the case here was read from; an empty text where that is not known.

    Raises:
        ConflictError: It does not; nothing tells which of the two is right.
    """
    if not same_content(known, new):
        raise loaded_already(case, name=name, other="with other content", identifier=identifier, file=file)


def loaded_already(
    case: CaseRecord,
    *,
    name: str,
    other: str = "from another file",
    identifier: str = "apg:caseIdentifier",
    file: str = "",
) -> ConflictError:
    """Return the error for a case whose identifier another one has.

    Args:
        case: The case that is there.
        name: What was to be loaded.
        other: How the two differ.
        identifier: What holds the identifier in the file.
        file: The file that the case that is there was read from; an empty text where that is not known.
    """
    two = bool(file) and name != file and not name.startswith(f"{file}, ")
    where = f" ({file})" if two else ""
    # Of two files that a command was given, nothing can be removed.
    way = "leave one of the two files out" if two else f"remove it first, with graph.remove({case.id!r})"
    return ConflictError(
        f"{name}: case {case.id!r} is loaded already, {other}{where}; {way}, or give this one another {identifier}"
    )
