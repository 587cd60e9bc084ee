"""Questions, queries and descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph import arguments
from apgraph.errors import UnknownNameError, UsageError
from apgraph.graph.held import Held
from apgraph.lexicon import SHORT, expand
from apgraph.sparql import form, with_prefixes
from apgraph.store import Solutions

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from apgraph.description import Description
    from apgraph.evidence import Claim, Passage
    from apgraph.lexicon import Hit
    from apgraph.questions import Answer, Catalogue
    from apgraph.questions.result import Result
    from apgraph.store import Store, Term

__all__ = ["Asking"]


class Asking(Held):
    """The part of :class:`apgraph.graph.Graph` that answers."""

    def questions(self) -> Catalogue:
        """Return the catalogue of questions."""
        if self._catalogue is None:
            from apgraph.questions import Catalogue

            self._catalogue = Catalogue()
        return self._catalogue

    def ask(
        self,
        question: str,
        *,
        engine: str | None = None,
        timeout: float | None = 30.0,
        inferred: bool = False,
        **parameters: object,
    ) -> Answer:
        """Ask a question of the catalogue.

        Args:
            question: Its id or number.
            engine: ``"oxigraph"`` or ``"rdflib"``; the store's own by default.
            timeout: Seconds after which it is given up, and as many for inferring; None for no limit.
            inferred: Whether it sees what follows by the rules of OWL 2 RL, too, as :meth:`query` does;
                ``answer.inferred`` are the rows that are there for it, and ``answer.why`` tells how.
            parameters: Values by name: labels, short names or IRIs in any letter case.

        Raises:
            UnknownNameError: There is no such question, parameter or value.
            InputError: A value is missing or not of its type.
            TimeLimitError: It took too long.

        >>> from apgraph import Graph
        >>> answer = Graph().ask("practices-supporting", model="pan-organisational")
        >>> "coaching" in {str(row["practice"]) for row in answer}
        True
        """
        from apgraph.questions import ask

        limit = None if timeout is None else arguments.seconds(timeout)
        engine = None if engine is None else arguments.text(engine, "the engine", "oxigraph")
        found = self.questions().get(arguments.text(question, "the question", "practices-supporting"))
        self._require_framework()
        with self._seen(limit, inferred=inferred) as seen:
            derive = self._entailments.derivations() if inferred else None
            return ask(seen, self._lexicon, found, parameters, timeout=limit, engine=engine, derive=derive)

    def _seen(self, limit: float | None, *, inferred: bool) -> AbstractContextManager[Store]:
        return self._entailments.seen(limit) if inferred else nullcontext(self._store)

    def query(
        self,
        text: str,
        *,
        parameters: Mapping[str, Term] | None = None,
        timeout: float | None = 30.0,
        inferred: bool = False,
        engine: str | None = None,
    ) -> Result | bool | tuple[Triple, ...]:
        """Run a SPARQL query of any form on framework and data together.

        Args:
            text: The query; the usual prefixes (``apg:``, ``apgx:``, ``rdfs:`` …) need no declaration.
            parameters: Values of its variables, as pyoxigraph terms; they are bound, not pasted.
            timeout: Seconds after which it is given up, and as many for inferring; None for no limit.
            inferred: Whether it sees what follows by the rules of OWL 2 RL, too; :meth:`reason` is called where what
                was inferred is out of date, but for a service, which shows what is kept there.
            engine: ``"oxigraph"`` or ``"rdflib"``; the store's own by default.

        Returns:
            Rows for a SELECT, a truth value for an ASK, triples for a CONSTRUCT or DESCRIBE.

        Raises:
            ParseError: It has a syntax error.
            InputError: It is empty, or an update: a query only reads.
            UnknownNameError: It names a term of ours that does not exist.
            TimeLimitError: It took too long.

        >>> from apgraph import Graph
        >>> [str(row["m"]) for row in Graph().query("SELECT ?m { ?m a apg:DeploymentModel } ORDER BY ?m")][:1]
        ['deficit model']
        """
        from apgraph.questions import check_terms
        from apgraph.questions.citation import Origin, revision_of
        from apgraph.questions.inquiry import on_engine, today
        from apgraph.questions.result import Result
        from apgraph.questions.rows import rows_of

        text = arguments.text(text, "the query", "ASK { ?s ?p ?o }")
        form(text)  # says what an update, or no query at all, is, where a parser would point at a letter
        query = with_prefixes(text, SHORT)
        engine = None if engine is None else arguments.text(engine, "the engine", "oxigraph")
        limit = None if timeout is None else arguments.seconds(timeout)
        for name, term in _bindings(parameters).items():
            if not isinstance(term, NamedNode | BlankNode | Literal):
                raise UsageError(f"the parameter {name!r} is {term!r}; give a term of pyoxigraph")
        with self._seen(limit, inferred=inferred) as seen:
            asked = on_engine(seen, engine)
            check_terms(self._store, self._lexicon, query)
            revision = revision_of(seen)
            answer = asked.query(query, bindings=parameters, timeout=limit)
            if isinstance(answer, Solutions):
                rows = rows_of(answer, self._lexicon)
                origin = Origin(seen, self._lexicon, answer, parameters or {}, revision)
                return Result(answer.variables, rows, asked.engine, query, today(), origin)
            return answer

    def describe(self, term: str) -> Description:
        """Describe a term, or a thing in the data: definition, relations in words, and the evidence behind it.

        Args:
            term: Label, short name or IRI, in any letter case; of what has no label the short name or IRI as it is.

        Raises:
            UnknownNameError: There is no such term.
        """
        from apgraph.description import describe

        name = arguments.text(term, "the term", "coaching")
        self._require_framework()
        try:
            iri = self._lexicon.resolve(name)
        except UnknownNameError:
            iri = expand(name.strip()) or ""
            if not self._is_spoken_of(iri):
                raise
        return describe(self._store, self._lexicon, iri)

    def _is_spoken_of(self, iri: str) -> bool:
        """Tell whether there are statements about something, or that lead to it."""
        try:
            term = NamedNode(iri)
        except ValueError:
            return False
        return self._store.ask("ASK { { ?term ?p ?o } UNION { ?s ?p ?term } }", bindings={"term": term})

    def search(self, words: str) -> tuple[Hit, ...]:
        """Find terms by words in their labels and definitions; typing errors are tolerated."""
        return self._lexicon.search(arguments.text(words, "what to search for", "coaching"))

    def evidence(self, claim: str) -> Claim:
        """Return a claim of the source, or a reading of the curator's.

        Args:
            claim: Its id, such as ``C034`` or ``R01``.

        Raises:
            UnknownNameError: There is no such claim.

        >>> from apgraph import Graph
        >>> Graph().evidence("C034").hedge
        'may'
        """
        from apgraph.evidence import claim as find

        name = arguments.text(claim, "the claim", "C034")
        self._require_framework()
        return find(self._store, name)

    def check_source(self, claim: str, file: str | Path) -> Passage:
        """Return the passage of a claim from a reader's own copy of the source, after checking the copy.

        Raises:
            UnknownNameError: There is no such claim.
            InputError: The copy can't be read, or is not the text that the claims point into.
        """
        from apgraph.evidence import check_source

        copy = arguments.place(file, "the copy of the source")
        return check_source(self._store, self.evidence(claim), copy)


def _bindings(parameters: object) -> Mapping[object, object]:
    if parameters is None:
        return {}
    if not isinstance(parameters, Mapping):
        raise UsageError(f"the parameters are {parameters!r}; give a dictionary of variables and terms")
    return parameters
