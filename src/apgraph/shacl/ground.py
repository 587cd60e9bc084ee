"""What a validation stands on: the store and its graphs, and what has to be known of them before compiling.

Which classes are below which, which properties have literals that the store keeps in another form, and which regular
expressions its engine takes.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from threading import Lock
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from apgraph.errors import ApgraphError, InputError, NotFinishedError
from apgraph.shacl.expressions import read_expression
from apgraph.shacl.focus import AS
from apgraph.shacl.rewriting import doubtful_properties, is_rewritable
from apgraph.sparql import term_text
from apgraph.store import SPELLING, OxigraphStore, Solutions
from apgraph.store.lexical import is_xml
from apgraph.store.spelling import mark, stored_form, unmark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pyoxigraph import Triple

    from apgraph.shacl.expressions import Expression
    from apgraph.shacl.focus import Node
    from apgraph.shacl.report import Term
    from apgraph.shacl.rewriting import Rewritten
    from apgraph.store import Store

__all__ = ["SHAPES", "Ground", "NotCheckedError", "compiled"]

_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SUBCLASS: Final = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
SHAPES: Final = "urn:apgraph:shapes"
"""What a SPARQL constraint knows the shapes graph by."""

_MOST_ROWS: Final = 10_000
"""Rows of an answer that go into another query."""

_MATCHES: Final = "urn:apgraph:matches"
_NODE: Final = "urn:apgraph:node"
_XML: Final = "urn:apgraph:xml"
_DOUBT: Final = "it can't tell: the service keeps literals in another form than they were written, and some of the values are such"
_FLAGS: Final = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}


class NotCheckedError(NotFinishedError):
    """A constraint that could not be checked, here or at all; the message says why."""


class Ground:
    """A store, and the graphs of it that are judged.

    Args:
        store: Where the data lies.
        graphs: The graphs that are the data graph of the specification, by IRI; ``""`` is the unnamed one.
        shapes: The shapes graph, for queries that look into it.
        timeout: Seconds that any single query may take.
    """

    def __init__(
        self,
        store: Store,
        graphs: Sequence[str],
        *,
        shapes: Sequence[Triple] = (),
        timeout: float | None = None,
    ) -> None:
        self.store = store
        self.graphs = tuple(dict.fromkeys(graphs))
        self._shapes = shapes
        self._timeout = timeout
        self.wants_shapes = False
        self.doubt = ""
        self._copy: OxigraphStore | None = None
        self._copying = Lock()
        self._beside: tuple[str, ...] = ()
        self.respelt: frozenset[str] = frozenset()
        self.kinds: frozenset[str] = frozenset()
        self._counts: Counter[str] = Counter()
        self._below: dict[Term, set[Term]] | None = None
        self._regexes: dict[tuple[str, str], bool] = {}
        self._functions: dict[NamedNode, Callable[..., Term | None]] = {}
        self.doubtful: Mapping[str, Rewritten] = {}
        self._lenient: bool | None = None
        if isinstance(store, OxigraphStore):
            self._look_beside()
        elif store.engine == "service":
            self.doubtful = doubtful_properties(self.select)

    def _look_beside(self) -> None:
        names = tuple(map(_kept_name, self.graphs))
        rows = self.store.select(
            f'SELECT DISTINCT ?p (STR(DATATYPE(?o)) AS ?kind) {{ ?s ?p ?o FILTER(!STRSTARTS(STR(DATATYPE(?o)), "{AS}@")) }}',
            default_graphs=names,
        )
        self.respelt = frozenset(row[0].value for row in rows if isinstance(row[0], NamedNode))
        self.kinds = frozenset(row[1].value.removeprefix(AS) for row in rows if row[1] is not None)
        if self.respelt:
            self._beside = names

    def merged(self, graphs: Sequence[str]) -> int:
        """Return how many more triples were written than the store has: it takes 1 and 01 for one."""
        if not self.respelt or not isinstance(self.store, OxigraphStore):
            return 0
        query = f"""SELECT (SUM(?n - 1) AS ?more) {{ {{ SELECT (COUNT(*) AS ?n) {{
          ?s ?p ?o FILTER(STRSTARTS(STR(DATATYPE(?o)), "{AS}") && !STRSTARTS(STR(DATATYPE(?o)), "{AS}@"))
          BIND(STRDT(STR(?o), IRI(SUBSTR(STR(DATATYPE(?o)), {len(AS) + 1}))) AS ?value)
        }} GROUP BY ?s ?p ?value }} }}"""
        found = (self.store.select(query, default_graphs=[_kept_name(graph)]).rows for graph in graphs)
        return sum(int(row[0].value) for rows in found for row in rows if row[0] is not None)

    # -- asking -----------------------------------------------------------------

    def select(self, query: str, *, with_shapes: bool = False) -> Solutions:
        """Ask a SELECT query of the data graph.

        Args:
            query: The query.
            with_shapes: Whether it looks into the shapes graph, too.

        Raises:
            NotCheckedError: The engine does not take it, or not in time.
        """
        try:
            if isinstance(self.store, OxigraphStore):
                store = self._with_shapes(self.store) if with_shapes else self.store
                result = store.query(
                    query,
                    default_graphs=[""] if with_shapes else self.graphs,
                    named_graphs=[SHAPES] if with_shapes else self._beside,
                    timeout=self._timeout,
                    functions=self._functions,
                )
                if isinstance(result, Solutions):
                    return result
                raise NotCheckedError("a SELECT query is needed here")
            return self.store.select(
                query, default_graphs=self.graphs, named_graphs=(), timeout=self._timeout
            )
        except ApgraphError as error:
            raise NotCheckedError(str(error)) from error

    def shapes_graph(self) -> str:
        """Return the IRI by which a query can look into the shapes graph, and note that one does.

        Raises:
            NotCheckedError: The data is at a service, where the shapes graph is not.
        """
        if not isinstance(self.store, OxigraphStore):
            raise NotCheckedError("its SPARQL looks into the shapes graph, which the service does not have")
        self.wants_shapes = True
        return SHAPES

    def _with_shapes(self, store: OxigraphStore) -> OxigraphStore:
        with self._copying:
            if self._copy is None:
                copy = OxigraphStore()
                for graph in self.graphs:
                    copy.add(Quad(q.subject, q.predicate, q.object) for q in store.quads(graph))
                copy.add(Quad(t.subject, t.predicate, t.object, NamedNode(SHAPES)) for t in self._shapes)
                self._copy = copy
            return self._copy

    def is_special(self, iri: str) -> bool:
        """Tell whether a property has literals that are not in the data as they were written."""
        return iri in self.respelt or iri in self.doubtful

    def judges_text(self, node: Node, *terms: Term) -> None:
        """Note that a constraint depends on how a literal was written, which the store may not know any more.

        Args:
            node: The literal.
            terms: What it is compared with, if it is compared.
        """
        if node.rewritten.respelt and (not terms or any(map(is_rewritable, terms))):
            self.doubt = _DOUBT

    def judges_datatype(self, node: Node, datatype: str) -> None:
        """Note that a constraint depends on a literal's datatype, which the store may not know any more."""
        if node.rewritten.retyped and is_rewritable(Literal("", datatype=NamedNode(datatype))):
            self.doubt = _DOUBT

    # -- what an engine does not do as SPARQL has it ----------------------------------

    @property
    def _is_lenient(self) -> bool:
        """Whether the service orders terms that have no order, as Virtuoso 7 does."""
        if self._lenient is None:
            self._lenient = False
            if self.store.engine == "service":
                (row,) = self.select('SELECT (IF(COALESCE("x"@en >= 1, false), 1, 0) AS ?ordered) { }').rows
                self._lenient = row[0] is not None and row[0].value != "0"
        return self._lenient

    def orders(self) -> None:
        """Note that a constraint asks for the order of values.

        Raises:
            NotCheckedError: The service gives an order to values that have none.
        """
        if self._is_lenient:
            raise NotCheckedError("the service orders values that have no order, so it can't tell")

    def nests(self, what: str) -> None:
        """Note that a constraint asks a question inside of another that lenient services answer wrongly.

        Raises:
            NotCheckedError: The service is one of these.
        """
        if self._is_lenient:
            raise NotCheckedError(
                f"the service goes wrong about {what} inside of another question, so it can't tell"
            )

    def same(self, node: Node, term: Term) -> str:
        """Return an expression that is true where a node's value is a term."""
        text = self.text(term)
        if not self._is_lenient:
            return f"SAMETERM({node}, {text})"
        # Virtuoso 7, which is lenient, too, loses sameTerm() inside of other expressions.
        if not isinstance(term, Literal):
            return f"({node} = {text})"
        kind = (
            f"LCASE(LANG({node})) = {Literal(term.language.lower())}"
            if term.language
            else f'LANG({node}) = "" && DATATYPE({node}) = {term.datatype}'
        )
        return f"(ISLITERAL({node}) && STR({node}) = {Literal(term.value)} && {kind})"

    @staticmethod
    def gives_up(why: str) -> None:
        """Leave a constraint.

        Raises:
            NotCheckedError: Always.
        """
        raise NotCheckedError(why)

    # -- names and terms ----------------------------------------------------------

    def fresh(self, name: str) -> str:
        """Return a variable that no other pattern of this shape has."""
        self._counts[name] += 1
        number = self._counts[name]
        return f"?{name}" if number == 1 else f"?{name}{number}"

    def names(self) -> Counter[str]:
        """Return which variables there are by now, for :meth:`go_on_from`."""
        return Counter(self._counts)

    def go_on_from(self, names: Counter[str]) -> None:
        """Go on counting variables from where they stood once."""
        self._counts = Counter(names)

    def start_afresh(self) -> None:
        """Begin counting variables anew, for a shape that shares no pattern with those before."""
        self._counts.clear()

    def text(self, term: Term) -> str:
        """Return a term of the shapes graph as a query has it; a literal that the store would change, as written."""
        if isinstance(term, Literal) and isinstance(self.store, OxigraphStore) and stored_form(term) != term:
            return str(mark(term))
        return term_text(term)

    def constant(self, name: str, term: Term) -> str:
        """Return a clause that gives a variable its value, a blank node included where the engine can."""
        if not isinstance(term, BlankNode):
            return f"VALUES ?{name} {{ {self.text(term)} }}"
        if not isinstance(self.store, OxigraphStore):
            raise NotCheckedError(
                f"a value of ${name} is a blank node, which can't be named to a remote service"
            )
        self._functions[NamedNode(_NODE)] = _node
        return f"BIND(<{_NODE}>({Literal(term.value)}) AS ?{name})"

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> str:
        """Return a pattern of rows that are known already, one at least."""
        plain: list[str] = []
        options: list[str] = []
        for row in rows:
            if any(isinstance(term, BlankNode) for term in row):
                given = [(c[1:], term) for c, term in zip(columns, row, strict=True) if term is not None]
                options.append("\n".join(self.constant(name, term) for name, term in given))
            else:
                plain.append(" ".join("UNDEF" if term is None else self.text(term) for term in row))
        lines = "".join(f"\n  ({line})" for line in plain)
        if plain:
            options.insert(0, f"VALUES ({' '.join(columns)}) {{{lines}\n}}")
        # Each row counts, even where two are alike.
        return options[0] if len(options) == 1 else " UNION ".join(f"{{ {option} }}" for option in options)

    def rows_as_values(self, columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> str | None:
        """Return a clause that binds variables to what an answer had; None if the answer can't be written so.

        It can't be where a blank node is in it, or where it is long; a service need not know its own literals again.
        """
        named = (Literal, NamedNode) if isinstance(self.store, OxigraphStore) else (NamedNode,)
        lines: dict[str, None] = {}
        for number, row in enumerate(rows):
            texts = [term_text(term) for term in row if isinstance(term, named)]
            if number == _MOST_ROWS or len(texts) < len(row):
                return None
            lines[f"  ({' '.join(texts)})\n"] = None
        return f"VALUES ({' '.join(columns)}) {{\n{''.join(lines)}}}"

    @staticmethod
    def as_written(term: Term) -> Term:
        """Return a term that a query gave, as the file has it."""
        if isinstance(term, Literal) and term.datatype.value.startswith(AS):
            return unmark(term)[0]
        return term

    # -- classes -------------------------------------------------------------------

    def classes(self, iri: str) -> tuple[tuple[str, ...], bool]:
        """Return the named classes from this one down, and whether there are others without a name.

        See https://www.w3.org/TR/shacl/#def-shacl-subclass.
        """
        if self._below is None:
            self._below = defaultdict(set)
            for lower, upper in self.select(f"SELECT ?lower ?upper {{ ?lower {_SUBCLASS} ?upper }}"):
                if lower is not None and upper is not None:
                    self._below[upper].add(lower)
        found: set[Term] = {NamedNode(iri)}
        queue: list[Term] = [NamedNode(iri)]
        while queue:
            for lower in self._below.get(queue.pop(), ()):
                if lower not in found:
                    found.add(lower)
                    queue.append(lower)
        names = sorted(term.value for term in found if isinstance(term, NamedNode))
        return tuple(names), any(isinstance(term, BlankNode) for term in found)

    def instances(self, iri: str, variable: str) -> list[str]:
        """Return patterns that bind a variable to the instances of a class."""
        names, unnamed = self.classes(iri)
        if len(names) == 1:
            found = [f"{variable} {_TYPE} <{names[0]}> ."]
        else:
            kind = self.fresh("class")
            values = " ".join(f"<{name}>" for name in names)
            found = [f"VALUES {kind} {{ {values} }}\n{variable} {_TYPE} {kind} ."]
        if unnamed:
            kind = self.fresh("class")
            found.append(
                f"{kind} {_SUBCLASS}+ <{iri}> .\n{variable} {_TYPE} {kind} .\nFILTER(ISBLANK({kind}))"
            )
        return found

    def is_no_instance(self, iri: str, variable: str) -> str:
        """Return an expression that is true where a variable's value is no instance of a class."""
        names, unnamed = self.classes(iri)
        if len(names) == 1 and not unnamed:
            return f"NOT EXISTS {{ {variable} {_TYPE} <{names[0]}> }}"
        kind = self.fresh("class")
        test = f"{kind} IN ({', '.join(f'<{name}>' for name in names)})"
        if unnamed:
            test += f" || (ISBLANK({kind}) && EXISTS {{ {kind} {_SUBCLASS}+ <{iri}> }})"
        return f"NOT EXISTS {{ {variable} {_TYPE} {kind} FILTER({test}) }}"

    # -- regular expressions ----------------------------------------------------------

    def matches(self, text: str, pattern: str, flags: str) -> str:
        """Return an expression that is true where a text matches a regular expression.

        Raises:
            NotCheckedError: It is no regular expression of SHACL's, or the service does not take it.
        """
        expression = _read(pattern, flags)
        if not isinstance(self.store, OxigraphStore):
            # A service reads it by rules of its own; what it does not take at all can be found out.
            if not self._takes(pattern, flags):
                raise NotCheckedError(f"the service does not take the regular expression {pattern!r}")
            return _regex(text, pattern, flags)
        if expression.rust is not None and self._takes(expression.rust, expression.flags):
            return _regex(text, expression.rust, expression.flags)
        name = NamedNode(f"{_MATCHES}:{len(self._functions)}")
        matcher = expression.compiled()
        self._functions[name] = lambda value: Literal(matcher.search(value.value) is not None)
        return f"{name}({text})"

    def is_no_xml(self, text: str) -> str | None:
        """Return an expression that is true where a literal is no XML; None where the engine can't be asked."""
        if not isinstance(self.store, OxigraphStore):
            self.doubt = "an engine elsewhere can't tell whether a text is XML"
            return None
        self._functions[NamedNode(_XML)] = lambda value: Literal(is_xml(value.value))
        return f"!<{_XML}>({text})"

    def _takes(self, pattern: str, flags: str) -> bool:
        key = (pattern, flags)
        if key not in self._regexes:
            test = _regex('""', pattern, flags)
            try:
                rows = self.select(f"SELECT ({test} AS ?taken) {{ }}").rows
                self._regexes[key] = bool(rows) and rows[0][0] is not None
            except NotCheckedError:
                self._regexes[key] = False
        return self._regexes[key]


def compiled(pattern: str, flags: str) -> None:
    """See whether a regular expression of a shapes graph can be used by Python as it is written.

    Raises:
        NotCheckedError: It is none of SHACL's, or none of Python's.

    >>> compiled("^a", "i")
    """
    _read(pattern, flags)
    try:
        options = re.NOFLAG
        for flag in flags:
            options |= _FLAGS[flag]
        with warnings.catch_warnings():  # Python warns of what it may read otherwise one day
            warnings.simplefilter("ignore")
            re.compile(pattern, options)
    except (re.error, KeyError, OverflowError, RecursionError) as error:
        raise NotCheckedError(f"Python does not take {pattern!r} with flags {flags!r}: {error}") from None


def _read(pattern: str, flags: str) -> Expression:
    try:
        return read_expression(pattern, flags)
    except InputError as error:
        raise NotCheckedError(str(error)) from None


def _regex(text: str, pattern: str, flags: str) -> str:
    return f"REGEX({text}, {Literal(pattern)}" + (f", {Literal(flags)})" if flags else ")")


def _node(label: Term) -> BlankNode:
    return BlankNode(label.value)


def _kept_name(graph: str) -> str:
    escaped = graph.replace("[", "%5B").replace("]", "%5D")
    return f"{SPELLING}:{escaped}" if graph else SPELLING
