"""Which features arrangements exhibit and lack, as their latest observations say.

On this the deductive tier rests: the defined classes of the models (:mod:`apgraph.release.inference` makes them) ask for
features that an arrangement exhibits. Like the verdicts, it is a rule of this project. It can't be one of OWL: an
observation that is added can take back what an older one said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.profiles.moments import MOMENT, is_later, moment_of
from apgraph.vocabulary import PREFIXES, apg, apgx

if TYPE_CHECKING:
    from apgraph.store import Store

__all__ = ["behind", "derived_features"]

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_STATUS: Final = {apg.exhibitsFeature: apgx.statusPresent, apg.lacksFeature: apgx.statusAbsent}


def derived_features(store: Store) -> tuple[Triple, ...]:
    """Return which features arrangements exhibit and lack, by their latest observations.

    A feature is exhibited where its latest observations say present and none of them says otherwise, and lacking where
    they say absent and none says otherwise. One of them that does not assess it says nothing. Blank nodes of a service
    are left out: outside of an answer, a service knows none of them.

    Args:
        store: Where the observations are.
    """
    nameable = "FILTER(!ISBLANK(?a) && !ISBLANK(?f))" if store.engine == "service" else ""
    known = " ".join(
        f"<{status}>"
        for status in (apgx.statusPresent, apgx.statusPartly, apgx.statusAbsent, apgx.statusNotAssessed)
    )
    observed = (
        f"VALUES ?s {{ {known} }} ?o <{apg.hasStatus}> ?s ; <{apg.isObservationOf}> ?a ; "
        f'<{apg.observesFeature}> ?f ; <{apg.observedOn}> ?d . FILTER(REGEX(STR(?d), "{MOMENT}")) '
        f'BIND(REPLACE(STR(?d), "{MOMENT}", "$1") AS ?m) {nameable}'
    )
    return store.construct(
        f"CONSTRUCT {{ ?a ?exhibits ?f }} WHERE {{ {{ SELECT ?a ?f "
        f"(SUM(IF(?s = <{apgx.statusPresent}>, 1, 0)) AS ?present) "
        f"(SUM(IF(?s = <{apgx.statusAbsent}>, 1, 0)) AS ?absent) "
        f"(SUM(IF(?s = <{apgx.statusPartly}>, 1, 0)) AS ?partly) WHERE {{ "
        f"{{ SELECT ?a ?f (MAX(?m) AS ?last) WHERE {{ {observed} }} GROUP BY ?a ?f }} "
        f"{observed} FILTER(!({_later('?last', '?m')})) }} GROUP BY ?a ?f }} "
        f"?a a <{apg.DeploymentArrangement}> "
        f"BIND(IF(?present > 0 && ?absent = 0 && ?partly = 0, <{apg.exhibitsFeature}>, "
        f"IF(?absent > 0 && ?present = 0 && ?partly = 0, <{apg.lacksFeature}>, ?none)) AS ?exhibits) "
        f"FILTER(BOUND(?exhibits)) }}"
    )


def behind(store: Store, triple: Triple) -> tuple[Triple, ...]:
    """Return what is asserted of the latest observation from which it follows that an arrangement exhibits or lacks a feature.

    Args:
        store: Where the observations are.
        triple: One of :func:`derived_features`; of any other nothing is returned.

    >>> from apgraph.store import OxigraphStore
    >>> behind(OxigraphStore(), Triple(NamedNode("urn:a"), NamedNode(apg.exhibitsFeature), NamedNode("urn:f")))
    ()
    """
    wanted = _STATUS.get(triple.predicate.value)
    if (
        wanted is None
        or not isinstance(triple.subject, NamedNode | BlankNode)
        or not isinstance(triple.object, NamedNode | BlankNode)
    ):
        return ()
    seen = store.select(
        f"SELECT ?o ?d {{ ?o <{apg.isObservationOf}> ?a ; <{apg.observesFeature}> ?f ; <{apg.hasStatus}> <{wanted}> ; "
        f"<{apg.observedOn}> ?d }}",
        bindings={"a": triple.subject, "f": triple.object},
    )
    known = [
        (at, observation, day)
        for observation, day in seen
        if isinstance(observation, NamedNode | BlankNode)
        and isinstance(day, Literal)
        and (at := moment_of(day.value)) is not None
    ]
    if not known:
        return ()
    last = max(at for at, _, _ in known)
    # Any of the latest will do, since none of them says otherwise.
    _, observation, day = min(
        (each for each in known if not is_later(last, each[0])), key=lambda each: str(each[1])
    )
    kind = Triple(triple.subject, _TYPE, NamedNode(apg.DeploymentArrangement))
    return (
        kind,
        Triple(observation, NamedNode(apg.isObservationOf), triple.subject),
        Triple(observation, NamedNode(apg.observesFeature), triple.object),
        Triple(observation, NamedNode(apg.hasStatus), NamedNode(wanted)),
        Triple(observation, NamedNode(apg.observedOn), day),
    )


def _later(one: str, other: str) -> str:
    """Return the condition that one date is later than the other, compared as far as both go."""
    size = f"IF(STRLEN({one}) < STRLEN({other}), STRLEN({one}), STRLEN({other}))"
    return f"SUBSTR({one}, 1, {size}) > SUBSTR({other}, 1, {size})"
