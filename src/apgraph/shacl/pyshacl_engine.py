"""Validation by pySHACL, on rdflib's own memory store.

The graphs are copied out of our store, with the spellings that the files had: through a view of the store pySHACL
is slow, and takes ``"x"`` and ``"x"^^xsd:string`` for two terms.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

import pyoxigraph
import rdflib
from pyoxigraph import BlankNode, NamedNode, Triple
from pyparsing.exceptions import ParseBaseException
from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator
from pyshacl.errors import ReportableRuntimeError
from pyshacl.graph_abstraction import DataGraph
from pyshacl.monkey import rdflib_bool_patch, rdflib_bool_unpatch
from pyshacl.validator import Validator
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.namespace import SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import SPARQLError

from apgraph.errors import InputError, NotFinishedError
from apgraph.shacl.addresses import Addresses
from apgraph.shacl.broken import sound
from apgraph.shacl.reading import read_shapes
from apgraph.shacl.report import Finding, Report, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result
    from rdflib.term import Node

    from apgraph.shacl.coverage import Coverage
    from apgraph.shacl.model import Shape
    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes
    from apgraph.store import Store

__all__ = ["run"]

_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

_RDFLIB: Final = logging.getLogger("rdflib.term")

# The switch in rdflib that keeps literals as they are written is one for all threads.
_LOCK: Final = threading.Lock()

_QUIET: Final = logging.getLogger("apgraph.shacl.pyshacl")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False

# What pySHACL lets through from shapes that it cannot make sense of.
_BROKEN: Final = (
    ReportableRuntimeError,
    ParseBaseException,
    SPARQLError,
    re.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Data(Graph):
    """A graph that parses each query once: pySHACL asks the same one for every focus node."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        query = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(query, *args, **kwargs)


@lru_cache(maxsize=512)
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def run(
    store: Store,
    *,
    data_graphs: Sequence[str],
    shapes: Shapes,
    ontology_graphs: Sequence[str],
    coverage: bool = False,
) -> Report:
    """Judge the data by pySHACL.

    Constraints that are broken in themselves are left out, and listed as not checked: pySHACL would stop at them, or
    reach out for the network by SERVICE.

    Raises:
        InputError: A shape is ill-formed.
        NotFinishedError: pySHACL cannot run a shape.
    """
    model = read_shapes(shapes)
    kept = sound(shapes, model)
    with _LOCK, _rdflib_at_rest():
        data = _copy(quad.triple for graph in data_graphs for quad in store.quads(graph))
        count = len(data)
        for graph in ontology_graphs:
            _copy((quad.triple for quad in store.quads(graph)), data)
        shapes_graph = _shapes_graph(shapes, kept.triples)
        # pySHACL keeps validators for good by where a graph lay in memory: the next graph there gets the wrong ones.
        SPARQLConstraintComponentValidator.validator_cache.clear()
        try:
            result = _validate(data, shapes_graph)
        except _BROKEN as error:
            raise _explain(error, data, shapes_graph, shapes) from error
        findings = tuple(_findings(result, Addresses(shapes)))
    return Report(
        findings,
        engine="pyshacl",
        shapes_count=len(shapes.nodes()),
        shapes_files=shapes.files,
        data_graphs=tuple(data_graphs),
        triples_count=count,
        unchecked=kept.unchecked,
        # pySHACL can't tell, and what shapes look at does not depend on who looks.
        coverage=_coverage(store, shapes, model, data_graphs, ontology_graphs) if coverage else None,
    )


def _coverage(
    store: Store,
    shapes: Shapes,
    model: Sequence[Shape],
    data_graphs: Sequence[str],
    ontology_graphs: Sequence[str],
) -> Coverage:
    from apgraph.shacl.coverage import cover
    from apgraph.shacl.ground import Ground

    ground = Ground(store, [*data_graphs, *ontology_graphs], shapes=shapes.triples)
    return cover(model, ground, data_graphs, shapes)


def _validate(data: Graph, shapes: Graph, only: Sequence[str] | None = None) -> Graph:
    # Not by pyshacl.validate(): it sets handlers on loggers that print, and resets a switch of rdflib's. The ontology
    # is in the data graph already, because pySHACL's own way of mixing it in leaves most of it out.
    validator = Validator(
        DataGraph.from_rdflib(data),
        shacl_graph=shapes,
        options={
            "inference": "none",
            "advanced": False,
            "use_js": False,
            "use_shapes": only,
            "logger": _QUIET,
        },
    )
    run_it = cast("Callable[[], tuple[bool, Graph, str]]", validator.run)
    return run_it()[1]


def _explain(error: BaseException, data: Graph, graph: Graph, shapes: Shapes) -> NotFinishedError:
    for shape in shapes.nodes():
        if not isinstance(shape, NamedNode):
            continue
        try:
            _validate(data, graph, [shape.value])
        except _BROKEN as own:
            return NotFinishedError(f"{shapes.where(shape)}: pySHACL cannot run it: {_reason(own)}")
    return NotFinishedError(
        f"{', '.join(shapes.files) or 'shapes'}: pySHACL cannot run these shapes: {_reason(error)}"
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, ArithmeticError):  # of a number that is none; its words are about Python's classes
        return f"a value can't be compared ({type(error).__name__})"
    return str(error).strip() or type(error).__name__


@contextmanager
def _rdflib_at_rest() -> Iterator[None]:
    """Keep rdflib from rewriting literals, and from printing a traceback for each that is ill-typed."""
    before, disabled = rdflib.NORMALIZE_LITERALS, _RDFLIB.disabled
    rdflib.NORMALIZE_LITERALS = False
    _RDFLIB.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        rdflib.NORMALIZE_LITERALS = before
        _RDFLIB.disabled = disabled


def _shapes_graph(shapes: Shapes, triples: Iterable[Triple]) -> Graph:
    # In shapes only "true" is true; "1" is not (pySHACL's own way of reading shapes from files).
    cast("Callable[[], None]", rdflib_bool_patch)()
    try:
        graph = _copy(triples)
    finally:
        cast("Callable[[], None]", rdflib_bool_unpatch)()
        rdflib.NORMALIZE_LITERALS = False
    # pySHACL does not follow owl:imports to prefix declarations.
    for triple in shapes.triples:
        if triple.predicate.value == str(SH.prefixes):
            for declaration in shapes.declarations(_from_rdflib(_to_rdflib(triple.object))):
                graph.add((_to_rdflib(triple.object), SH.declare, _to_rdflib(declaration)))
    return graph


def _copy(triples: Iterable[Triple], graph: Graph | None = None) -> Graph:
    target = _Data(bind_namespaces="none") if graph is None else graph
    known: dict[object, Node] = {}

    def term(node: object) -> Node:
        found = known.get(node)
        if found is None:
            found = known[node] = _to_rdflib(node)
        return found

    for triple in triples:
        target.add((term(triple.subject), term(triple.predicate), term(triple.object)))
    return target


def _to_rdflib(node: object) -> Node:
    if isinstance(node, NamedNode):
        return URIRef(node.value)
    if isinstance(node, BlankNode):
        return BNode(node.value)
    if isinstance(node, pyoxigraph.Literal):
        if node.language:
            return rdflib.Literal(node.value, lang=node.language)
        if node.datatype.value == _XSD_STRING:
            return rdflib.Literal(node.value)
        return rdflib.Literal(node.value, datatype=URIRef(node.datatype.value), normalize=False)
    raise InputError("a triple about a triple cannot be validated; write plain RDF 1.1")


def _from_rdflib(node: Node) -> Term:
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return pyoxigraph.Literal(str(node), language=node.language)
        if node.datatype is not None:
            return pyoxigraph.Literal(str(node), datatype=NamedNode(str(node.datatype)))
        return pyoxigraph.Literal(str(node))
    return BlankNode(str(node))


def _resource(node: Node) -> NamedNode | BlankNode:
    return NamedNode(str(node)) if isinstance(node, URIRef) else BlankNode(str(node))


def _findings(report: Graph, addresses: Addresses) -> Iterator[Finding]:
    for head in report.subjects(RDF.type, SH.ValidationReport):
        for result in report.objects(head, SH.result):
            yield _finding(report, result, addresses)


def _finding(report: Graph, result: Node, addresses: Addresses) -> Finding:
    def one(predicate: URIRef) -> Node | None:
        return report.value(result, predicate)

    focus, source = one(SH.focusNode), one(SH.sourceShape)
    if focus is None or source is None:
        raise InputError("pySHACL gave a result without a focus node or a shape")
    shape = _resource(source)
    severity = str(one(SH.resultSeverity) or SH.Violation)
    path, value, constraint = one(SH.resultPath), one(SH.value), one(SH.sourceConstraint)
    messages = sorted(
        (m for m in report.objects(result, SH.resultMessage) if isinstance(m, rdflib.Literal)),
        key=lambda m: (str(m), m.language or ""),
    )
    return Finding(
        focus_node=_from_rdflib(focus),
        severity=Severity.of(severity),
        severity_iri=severity,
        component=str(one(SH.sourceConstraintComponent)),
        source_shape=shape,
        shape_address="" if isinstance(shape, NamedNode) else addresses.of(shape),
        path=None if path is None else _resource(path),
        path_text=None if path is None else _path_text(report, path),
        path_triples=() if path is None else tuple(_path_triples(report, path)),
        value=None if value is None else _from_rdflib(value),
        messages=tuple(pyoxigraph.Literal(str(m), language=m.language) for m in messages),
        source_constraint=None if constraint is None else _resource(constraint),
        details=tuple(
            sorted(
                (_finding(report, d, addresses) for d in report.objects(result, SH.detail)),
                key=lambda f: f.sort_key,
            )
        ),
    )


def _path_triples(report: Graph, path: Node) -> Iterator[Triple]:
    if isinstance(path, URIRef):
        return
    for predicate, value in report.predicate_objects(path):
        yield Triple(_resource(path), NamedNode(str(predicate)), _from_rdflib(value))
        yield from _path_triples(report, value)


def _path_text(report: Graph, path: Node) -> str:
    if isinstance(path, URIRef):
        return f"<{path}>"
    if (path, RDF.first, None) in report:
        return "/".join(_inner_text(report, step) for step in report.items(path))
    for predicate, template in _OPERATORS.items():
        inner = report.value(path, predicate)
        if inner is not None:
            if predicate == SH.alternativePath:
                return "|".join(_inner_text(report, step) for step in report.items(inner))
            return template.format(_inner_text(report, inner))
    return "?"


def _inner_text(report: Graph, path: Node) -> str:
    text = _path_text(report, path)
    return text if isinstance(path, URIRef) else f"({text})"


_OPERATORS: Final = {
    SH.alternativePath: "",
    SH.inversePath: "^{}",
    SH.zeroOrMorePath: "{}*",
    SH.oneOrMorePath: "{}+",
    SH.zeroOrOnePath: "{}?",
}
