"""What follows from a graph by the rules of OWL 2 RL, kept up to date as data comes in."""

from __future__ import annotations

from contextlib import contextmanager
from threading import TIMEOUT_MAX, Condition, RLock
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.errors import InputError, TimeLimitError
from apgraph.store import INFERRED, OxigraphStore, WithInferences
from apgraph.store.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from apgraph.cases.origins import Origin
    from apgraph.cases.places import Places
    from apgraph.lexicon import Lexicon
    from apgraph.reasoning.result import Reasoning
    from apgraph.reasoning.rl import Closure, Explanation
    from apgraph.reasoning.rl.rule import Fact
    from apgraph.store import Store

__all__ = ["Entailments", "located", "placing"]


class Entailments:
    """The inferences of a store, and what is known of how current they are.

    Args:
        store: The dataset; what is inferred goes into a reserved graph of it.
        lexicon: The names of its terms, forgotten where inferences change them.
        observed: Gives what follows from a store in another way than by the rules, and is a premise for them.
        behind: Gives, for such a triple, the asserted ones that it follows from, and none for any other.

    >>> from apgraph.lexicon import Lexicon
    >>> store = OxigraphStore()
    >>> Entailments(store, Lexicon(store)).is_current
    False
    """

    def __init__(
        self,
        store: Store,
        lexicon: Lexicon,
        *,
        observed: Callable[[Store], Iterable[Triple]] = lambda _: (),
        behind: Callable[[Store, Triple], Iterable[Triple]] = lambda _, __: (),
    ) -> None:
        self._store = store
        self._lexicon = lexicon
        self._observed = observed
        self._behind = behind
        self._closure: Closure | None = None
        # The store that was reasoned over, and the graphs added since; another revision means other changes.
        self._revision: tuple[int, int] | None = None
        self._added: list[str] = []
        # In memory what was inferred is made anew where others read it, so they wait, and it waits for them.
        self._changing = Condition(RLock())
        # Who comes to read lets those who wait to make go first, or they would wait for as long as anybody asks.
        self._readers = 0
        self._makers = 0

    @property
    def is_current(self) -> bool:
        """Whether all that follows was inferred, and nothing has changed since."""
        return self._closure is not None and self._is_untouched() and not self._added

    def _is_untouched(self) -> bool:
        """Tell whether nothing has changed since reasoning but what :meth:`loading` was told of."""
        return self._revision is not None and self._revision == self._present()

    def _present(self) -> tuple[int, int] | None:
        store = self._store
        return (store.asserted_revision, store.revision) if isinstance(store, OxigraphStore) else None

    def loading(self, load: Callable[[], int], *, renewed: Callable[[], Iterable[str]] = lambda: ()) -> int:
        """Load, and remember which graphs came in: after them alone not everything has to be inferred anew.

        Args:
            load: What loads; its result is returned.
            renewed: Called afterwards for the graphs that were there and have more in them now.
        """
        with self._changing:
            before, untouched = set(self._store.graphs()), self._is_untouched()
            said = load()
            if untouched:
                self._added += sorted({*(set(self._store.graphs()) - before), *renewed()})
                self._revision = self._present()
            return said

    def removing(self, remove: Callable[[], None]) -> None:
        """Remove something, and all that was inferred: nobody knows yet what of it follows from the rest alone.

        On a service what was inferred stays, as it may be another's; there, ``remove`` has to look to it.
        """
        from apgraph.reasoning.rl import HIDDEN

        with self._changing:
            self._wait_for_readers(Deadline(None))
            remove()
            self._closure = None
            if self._store.engine != "service":
                for graph in (INFERRED, HIDDEN):
                    self._store.remove_graph(graph)

    @contextmanager
    def _alone(self, deadline: Deadline) -> Iterator[None]:
        """Wait until no other thread loads, removes or infers.

        Raises:
            TimeLimitError: Another one does, and nobody waits any longer.
        """
        left = deadline.left()
        if not self._changing.acquire(timeout=-1 if left is None else min(left, TIMEOUT_MAX)):
            deadline.check()
            raise TimeLimitError("another thread changes the graph; try again later")
        try:
            yield
        finally:
            self._changing.release()

    def reason(self, deadline: Deadline) -> Reasoning:
        """Infer what follows, see :meth:`apgraph.graph.Graph.reason`.

        Raises:
            InputError: The store is rdflib's.
            TimeLimitError: It took too long.
            ServiceError: The store lies behind a service that takes no updates.
        """
        if self._store.engine == "rdflib":
            raise InputError(
                "the rules run on Oxigraph or on a service, not on rdflib; load the data into a Graph() of its own"
            )
        with self._alone(deadline):
            return self._reason(deadline)

    def _wait_for_readers(self, deadline: Deadline) -> None:
        """Wait until nobody reads what was inferred.

        Raises:
            TimeLimitError: Nobody waits any longer.
        """
        left = deadline.left()
        self._makers += 1
        try:
            is_alone = self._changing.wait_for(
                lambda: not self._readers, timeout=None if left is None else min(left, TIMEOUT_MAX)
            )
        finally:
            self._makers -= 1
            self._changing.notify_all()
        if not is_alone:
            deadline.check()
            raise TimeLimitError("others still ask the graph; try again later")

    def _reason(self, deadline: Deadline) -> Reasoning:
        from apgraph.reasoning.profile import axiom_query, outside_rl
        from apgraph.reasoning.result import Reasoning
        from apgraph.reasoning.rl import Explainer, close, find_clashes
        from apgraph.reasoning.rl.rule import facts, quad

        self._wait_for_readers(deadline)
        # What comes into the store itself from now on, by another thread, counts as not reasoned over.
        begun = self._present()
        given = frozenset(facts(self._observed(self._store)))
        previous = self._closure if self._is_untouched() else None
        if previous is not None and not previous.given <= given:
            previous = None  # what came in takes back what was observed before
        added = self._added if previous is not None else ()
        self._closure = None
        self._lexicon.clear()
        closure = close(self._store, previous=previous, added=added, given=given, deadline=deadline)
        self._lexicon.clear()
        self._closure = closure
        self._added = []
        now = self._present()
        self._revision = None if begun is None or now is None else (begun[0], now[1])
        found = find_clashes(self._store, closure, deadline=deadline)
        explainer = Explainer(self._store, closure, deadline=deadline) if found.steps else None
        explained = () if explainer is None else explainer.contradictions(found.steps)
        explained = tuple(each.grounded(self._grounds) for each in explained)
        said = facts(self._store.construct(axiom_query(), default_graphs=["", *self._store.graphs()]))
        outside = outside_rl(quad(fact, "urn:apgraph:axioms") for fact in said)
        return Reasoning(
            "OWL 2 RL",
            closure.inferred,
            closure.counts,
            explained,
            not found.steps,
            more_clashes=bool(found.more),
            left_out=(*closure.left_out, *([outside] if outside else [])),
            seconds=closure.seconds,
        )

    @contextmanager
    def seen(self, limit: float | None) -> Iterator[Store]:
        """Give the store together with its inferences, brought up to date; those kept on a service stay as they are.

        They stay as long as the context: what makes them anew waits.

        Args:
            limit: Seconds that inferring may take; None for no limit.

        Raises:
            TimeLimitError: It took longer.
        """
        if self._store.engine == "service":
            yield WithInferences(self._store)
            return
        deadline = Deadline(limit)
        with self._alone(deadline):
            left = deadline.left()
            self._changing.wait_for(
                lambda: not self._makers, timeout=None if left is None else min(left, TIMEOUT_MAX)
            )
            deadline.check()
            if not self.is_current:
                self.reason(deadline)
            self._readers += 1
        try:
            yield WithInferences(self._store)
        finally:
            self._read()

    def inferred(self) -> tuple[Triple, ...]:
        """Return what is in the graph of inferences, all of what was inferred last."""
        with self._changing:
            self._changing.wait_for(lambda: not self._makers)
            self._readers += 1
        try:
            return tuple(quad.triple for quad in self._store.quads(INFERRED))
        finally:
            self._read()

    def _read(self) -> None:
        with self._changing:
            self._readers -= 1
            self._changing.notify_all()

    def derivations(self, deadline: Deadline | None = None) -> Callable[[Triple], Explanation] | None:
        """Return what explains a triple, where it was this object that has inferred.

        Args:
            deadline: Asked at each step whether anybody still waits.
        """
        from apgraph.reasoning.rl import Explainer

        if self._closure is None:
            return None
        explainer = Explainer(self._store, self._closure, deadline=deadline)

        def derive(triple: Triple) -> Explanation:
            subject, value = triple.subject, triple.object
            if not isinstance(subject, NamedNode | BlankNode) or not isinstance(
                value, NamedNode | BlankNode | Literal
            ):
                raise InputError(f"{triple}: a triple within a triple has no explanation")
            return explainer.explain((subject, triple.predicate, value)).grounded(self._grounds)

        return derive

    def _grounds(self, fact: Fact) -> tuple[Fact, ...]:
        """Return what is asserted behind a triple that follows in another way than by the rules."""
        from apgraph.reasoning.rl.rule import facts, quad

        if self._closure is None or fact not in self._closure.given:
            return ()
        return tuple(facts(self._behind(self._store, quad(fact, INFERRED).triple)))

    def observed(self) -> tuple[Triple, ...]:
        """Return what follows from the store in another way than by rules, and is a premise for every reasoner."""
        return tuple(self._observed(self._store))

    def explain(self, triple: Triple, deadline: Deadline) -> Explanation:
        """Explain a triple, of inferences that are up to date; see :meth:`apgraph.graph.Graph.explain_inference`.

        Raises:
            InputError: It was neither asserted nor inferred.
            NotFinishedError: There are too many ways to derive it.
            TimeLimitError: It took too long.
        """
        with self._alone(deadline):
            if not self.is_current:
                self.reason(deadline)
            derive = self.derivations(deadline)
            if derive is None:
                raise InputError("nothing was inferred yet; run Graph.reason() first")
            return derive(triple)


def located(facts: Collection[Fact], places: Collection[Places]) -> tuple[Origin | None, ...]:
    """Return where each of some triples was read: a cell or a line; None where nobody knows.

    Args:
        facts: The triples.
        places: What knows where data was read.

    >>> located((), ())
    ()
    """
    from apgraph.shacl import Finding, Severity

    findings = [
        Finding(
            focus_node=s,
            severity=Severity.VIOLATION,
            component="urn:apgraph:reasoning",
            source_shape=NamedNode("urn:apgraph:reasoning"),
            path=p if isinstance(p, NamedNode) else None,
            path_text=str(p),
            value=o,
            messages=(),
        )
        for s, p, o in facts
    ]
    found: list[Origin | None] = [None] * len(findings)
    for each in places:
        found = [one or other for one, other in zip(found, each.locate(findings), strict=True)]
    return tuple(found)


@contextmanager
def placing(places: Callable[[], Mapping[str, Places]]) -> Iterator[None]:
    """Add to an error about a literal where it was read.

    Args:
        places: Called for what knows that, if there is an error.
    """
    from apgraph.reasoning.handover import IllTypedError
    from apgraph.reasoning.rl.rule import facts

    try:
        yield
    except IllTypedError as error:
        found = located(tuple(facts([error.triple])), places().values())
        if not found or found[0] is None:
            raise
        raise IllTypedError(error.triple, more=error.more, place=str(found[0])) from error
