"""``Graph``: the face that puts the floors below together.

What it holds is in :mod:`apgraph.graph.held`; what it answers, checks, infers and compares in a module each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.graph.asking import Asking
from apgraph.graph.checking import Checking
from apgraph.graph.comparing import Comparing
from apgraph.graph.inferring import Inferring
from apgraph.resources import FRAMEWORK
from apgraph.vocabulary import APG

if TYPE_CHECKING:
    import rdflib
    from owlready2 import Ontology

__all__ = ["Graph"]


class Graph(Asking, Checking, Inferring, Comparing):
    """The framework and any number of cases, in memory, on disk or behind a SPARQL service.

    The framework lies in the named graph ``https://w3id.org/apgraph``, a case in ``urn:apgraph:case:<case id>``,
    other data in a graph named by its content, and what was inferred in ``urn:apgraph:inferred``. Questions and
    queries see framework and data together; inferences only when asked for. Nothing is fetched from the network
    but by :meth:`connect`.

    Several threads may ask one graph. Those that load, remove, infer or explain wait for one another; a question asked
    meanwhile may see half of what is loaded or removed. Whoever changes the store itself must not do so while another
    thread loads.

    Args:
        framework: Whether to load the framework.
        store: Where the graph lies; a new store in memory by default.
        language: Tag of the language in which terms are shown, where a file of labels that is loaded names them in
            it; what a user types may be in any language of the graph.

    >>> graph = Graph()
    >>> graph.query("ASK { apgx:coaching a apg:PracticeType }")
    True
    """

    def redacted(self) -> Graph:
        """Return a copy in memory in which people are pseudonyms and free text is removed.

        See :mod:`apgraph.cases.redaction` for what is removed and what is not. This graph stays as it is.
        """
        from apgraph.cases.redaction import Redaction

        redaction = Redaction(self._store)
        made = Graph(language=self._lexicon.language)
        made.store.add(redaction.quads(self._store))
        made._holdings.keep_places(self.places())
        made._lexicon.clear()
        return made

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset: a live view that reads, writes and queries the store itself.

        Raises:
            InputError: The graph lies behind a service.
        """
        from apgraph.store.view import to_rdflib

        self._store.graphs()  # refused by a store that is closed; the view would say so much later
        return to_rdflib(self._store)

    def to_owlready(self) -> Ontology:
        """Return the framework as Python classes and individuals of owlready2, in a world of its own.

        Raises:
            MissingExtraError: owlready2 is not installed.
        """
        from apgraph.reasoning.dl import to_owlready

        return to_owlready(self._store.quads(FRAMEWORK), iri=APG)
