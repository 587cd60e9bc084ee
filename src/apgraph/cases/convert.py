"""Writing a case: as a workbook, as tables, as RDF in any syntax, as JSON-LD."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

from apgraph.cases.choices import is_extensible
from apgraph.cases.columns import Kind
from apgraph.cases.jsonld import to_jsonld
from apgraph.cases.rows import content_of
from apgraph.cases.sheets import FURTHER, SHEETS
from apgraph.cases.tables import write_tables
from apgraph.cases.template import write_workbook
from apgraph.errors import InputError
from apgraph.files import replaced
from apgraph.lexicon import CASE_BASE
from apgraph.resources import FRAMEWORK
from apgraph.store import format_of
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from apgraph.cases.choices import Choices
    from apgraph.store import Store

__all__ = ["convert_case"]

_NAMED: Final = 3
"""How many unknown terms are named."""

_WITH_GRAPHS: Final = frozenset({RdfFormat.N_QUADS, RdfFormat.TRIG})


def convert_case(
    store: Store, choices: Choices, known: Collection[str], source: str, target: str, *, replace: bool = False
) -> str:
    """Write the data that lies in a store beside what it held before.

    Args:
        store: Where the data lies.
        choices: What the lists of a workbook offer.
        known: The graphs that are not to be written.
        source: What errors call the data.
        target: Where to; its extension tells the form, and a name without one is a folder of CSV files.
        replace: Whether what is there under that name may be replaced.

    Returns:
        What is to be said about it; ``""`` for nothing.

    Raises:
        InputError: The form is not known, the target is there already, or a workbook can't hold the data.
    """
    file = Path(target)
    suffix = file.suffix.lower()
    graphs = [graph for graph in store.graphs() if graph not in known and graph != FRAMEWORK]
    quads = (quad for graph in graphs for quad in store.quads(graph))
    if suffix in {".xlsx", ""} or file.is_dir():
        content = content_of(quads, choices, name=source)
        if suffix == ".xlsx":
            write_workbook(file, store, choices, content, replace=replace)
        else:
            write_tables(file, content, choices, replace=replace)
        more = len(content.rows[FURTHER.name])
        number = (
            "1 statement that no column holds is"
            if more == 1
            else f"{more} statements that no column holds are"
        )
        said = f"{number} on sheet {FURTHER.name}" if more else ""
        return "; ".join(filter(None, (said, _left_empty(store, graphs))))
    form = format_of(file)
    if file.exists() and not replace:
        raise InputError(f"{file} is there already; give another name, or --force to replace it")
    content_bytes = _rdf(store, quads, form)
    with replaced(file) as beside:
        beside.write_bytes(content_bytes)
    return ""


def _left_empty(store: Store, graphs: list[str]) -> str:
    """Say which terms left their cells empty, since nothing that was loaded describes them."""
    listed = sorted(
        {
            f"<{column.property}>"
            for sheet in SHEETS
            for column in sheet.columns
            if column.kind is Kind.LIST and is_extensible(column.classes)
        }
    )
    query = f"""SELECT ?term (COUNT(*) AS ?number) WHERE {{ VALUES ?property {{ {" ".join(listed)} }}
        ?thing ?property ?term FILTER (ISIRI(?term)) }} GROUP BY ?term ORDER BY ?term"""
    unknown = {
        term: int(number.value)
        for term, number in store.select(query, default_graphs=graphs).rows
        if isinstance(term, NamedNode)
        and isinstance(number, Literal)
        and not term.value.startswith(CASE_BASE)
        and not store.ask(f"ASK {{ {term} ?property ?value }}")
    }
    if not unknown:
        return ""
    number = sum(unknown.values())
    named = ", ".join(str(term) for term in list(unknown)[:_NAMED]) + (", …" if len(unknown) > _NAMED else "")
    cells = "1 cell is" if number == 1 else f"{number} cells are"
    return f"{cells} empty, since nothing describes {named}: give the extension that does with -d, and convert again"


def _rdf(store: Store, quads: Iterable[Quad], form: RdfFormat) -> bytes:
    from apgraph.turtle import write

    prefixes = {k: v for k, v in PREFIXES.items() if k != "apgq"} if form != RdfFormat.N_QUADS else None
    if form in _WITH_GRAPHS:
        return pyoxigraph.serialize(sorted(quads, key=str), format=form, prefixes=prefixes) or b""
    triples = list(dict.fromkeys(Triple(quad.subject, quad.predicate, quad.object) for quad in quads))
    if form == RdfFormat.TURTLE:
        return write(triples, {**PREFIXES, **_own_prefix(triples)}).encode()
    if form == RdfFormat.JSON_LD:
        return to_jsonld(triples, store).encode()
    triples.sort(key=str)
    return pyoxigraph.serialize(triples, format=form, prefixes=prefixes) or b""


def _own_prefix(triples: list[Triple]) -> dict[str, str]:
    """Return the empty prefix for the case, where there is one case."""
    bases = {
        ":".join(triple.subject.value.split(":")[:4]) + ":"
        for triple in triples
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith("urn:apgraph:case:")
    }
    return {"": bases.pop()} if len(bases) == 1 else {}
