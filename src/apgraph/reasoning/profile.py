"""Which rules of an OWL 2 profile a set of triples breaks, found without a reasoner.

Covers the rules that an ontology of classes, properties and individuals can break; whether a facet fits the datatype
that it narrows, and cycles of datatype definitions, are not looked into. The limits are those of
`OWL 2 DL <https://www.w3.org/TR/owl2-syntax/>`_ and of the
`OWL 2 profiles <https://www.w3.org/TR/owl2-profiles/>`_.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from apgraph.reasoning.mapping import read_structure
from apgraph.reasoning.rl.schema import SCHEMA_PREDICATES, SCHEMA_TYPES
from apgraph.reasoning.rules_dl import BROKEN, MISTYPED, MIXED, dl_findings
from apgraph.reasoning.rules_el import el_findings
from apgraph.reasoning.rules_rl import rl_findings
from apgraph.reasoning.structure import OWL, RDF, RDFS, XSD, Axiom, Said, name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Quad

    from apgraph.reasoning.rules_dl import Rule

__all__ = ["ProfileFinding", "axiom_query", "check_profile", "outside_dl", "outside_rl"]


_BEYOND: Final = (
    *("minCardinality", "cardinality", "minQualifiedCardinality", "qualifiedCardinality", "hasSelf"),
    *("onDataRange", "onDatatype", "withRestrictions", "datatypeComplementOf", "disjointUnionOf"),
)
_SHOWN: Final = 3
"""Axioms that are named where there are more."""
_PASSED_OVER: Final = (BROKEN, MISTYPED, MIXED)
_FACETS: Final = (
    *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"),
    *("length", "minLength", "maxLength", "pattern"),
)


@dataclass(frozen=True, slots=True)
class ProfileFinding:
    """A rule that is broken, and the axiom that breaks it.

    >>> from apgraph.reasoning.rules_dl import Rule
    >>> print(ProfileFinding(Rule("a-rule", "No axiom may do so", "http://example.org/"), "SubClassOf(A, B)"))
    No axiom may do so: SubClassOf(A, B) (http://example.org/)
    """

    rule: Rule
    axiom: str
    source: Axiom | Said | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.words(name)

    def words(self, call: Callable[[str], str]) -> str:
        """Return the finding in words, with what calls an IRI."""
        axiom = self.axiom if self.source is None else self.source.words(call)
        return f"{self.rule.text}: {axiom} ({self.rule.link})"


def check_profile(quads: Iterable[Quad], profile: Literal["DL", "RL", "EL"]) -> tuple[ProfileFinding, ...]:
    """Return what keeps triples from being an ontology of a profile, in a stable order.

    RL and EL are parts of DL, so that a finding for DL is one for both.

    Args:
        quads: The ontology with everything that it imports; graph names do not matter.
        profile: The profile.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"<http://e.org/A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e.org/B> ."
    >>> [finding.rule.id for finding in check_profile(parse(text, format=RdfFormat.TURTLE), "DL")]
    ['dl-undeclared', 'dl-undeclared']
    """
    structure = read_structure(quads)
    found: list[tuple[Rule, Axiom | Said | str]] = list(dl_findings(structure))
    if profile == "RL":
        found += rl_findings(structure)
    elif profile == "EL":
        found += el_findings(structure)
    findings = {
        ProfileFinding(rule, str(said), None if isinstance(said, str) else said) for rule, said in found
    }
    return tuple(sorted(findings, key=lambda finding: (finding.rule.id, finding.axiom)))


def outside_dl(quads: Iterable[Quad]) -> str:
    """Return in words which axioms are none of OWL 2, so that a reasoner for it passes over them; empty: none.

    Args:
        quads: The ontology with everything that it imports; graph names do not matter.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = f"<urn:p> a <{OWL}ObjectProperty> ; <{RDFS}range> <{XSD}string> ."
    >>> outside_dl(parse(text, format=RdfFormat.TURTLE))
    '1 axiom that OWL 2 has no room for: ObjectPropertyRange(p, string); apgraph check says why'
    """
    return _no_room(
        [str(axiom) for rule, axiom in dl_findings(read_structure(quads)) if rule in _PASSED_OVER]
    )


def _no_room(axioms: Iterable[str]) -> str:
    """Say which axioms are none of OWL 2, the first of them by name; the same words twice are one axiom."""
    found = sorted(set(axioms))
    if not found:
        return ""
    number = "1 axiom" if len(found) == 1 else f"{len(found)} axioms"
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    listed = "; ".join(found[:_SHOWN])
    return f"{number} that OWL 2 has no room for: {listed}{more}; apgraph check says why"


def axiom_query() -> str:
    """Return the query for what :func:`outside_rl` looks at, however much data lies beside it.

    >>> axiom_query().startswith("CONSTRUCT")
    True
    """
    known = [
        str(each) for each in SCHEMA_PREDICATES if each.value not in (OWL + "sameAs", OWL + "differentFrom")
    ]
    own = [f"<{OWL}{each}>" for each in _BEYOND] + [f"<{XSD}{each}>" for each in _FACETS]
    kinds = [*map(str, SCHEMA_TYPES), f"<{OWL}ReflexiveProperty>", f"<{RDFS}Datatype>"]
    return (
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ VALUES ?p {{ {' '.join(known + own)} }} ?s ?p ?o }} UNION "
        f"{{ VALUES ?o {{ {' '.join(kinds)} }} ?s <{RDF}type> ?o BIND(<{RDF}type> AS ?p) }} UNION "
        f"{{ ?o <{OWL}onProperty> ?on FILTER(isBlank(?o)) ?s <{RDF}type> ?o BIND(<{RDF}type> AS ?p) }} }}"
    )


def outside_rl(quads: Iterable[Quad], *, faulty: bool = True) -> str:
    """Return in words how many axioms of which kinds the rules of OWL 2 RL see in part or not at all; empty: none.

    Args:
        quads: The axioms; graph names do not matter.
        faulty: Whether to name those that are none of OWL 2, too: with a part missing, or of the wrong kind.

    >>> from pyoxigraph import RdfFormat, parse
    >>> kind = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#ReflexiveProperty>"
    >>> outside_rl(parse(b"<http://e.org/p> " + kind + b" .", format=RdfFormat.TURTLE))
    '1 axiom that lies outside OWL 2 RL, or part of it (1 ReflexiveObjectProperty); OWL 2 DL (--dl) looks at all'
    """
    structure = read_structure(quads)
    found = {text for _, text in rl_findings(structure)}
    kinds = Counter(
        axiom.kind
        for axiom in structure.axioms
        if (str(axiom) in found and not _says_nothing(axiom)) or _is_overlooked(axiom)
    )
    broken = _no_room(map(str, structure.faulty)) if faulty else ""
    if not kinds:
        return broken
    listed = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    one = kinds.total() == 1
    axioms = "1 axiom that lies" if one else f"{kinds.total()} axioms that lie"
    outside = f"{axioms} outside OWL 2 RL, or part of {'it' if one else 'them'} ({listed}); OWL 2 DL (--dl) looks at all"
    return f"{broken}; {outside}" if broken else outside


def _says_nothing(axiom: Axiom) -> bool:
    """Tell whether an axiom only says that something is a thing, or that nothing is something."""
    ends = [part.iri for part in axiom.expressions]
    if axiom.kind == "SubClassOf":
        return ends[1] == OWL + "Thing" or ends[0] == OWL + "Nothing"
    return axiom.kind in {"ClassAssertion", "ObjectPropertyDomain", "ObjectPropertyRange"} and ends == [
        OWL + "Thing"
    ]


def _is_overlooked(axiom: Axiom) -> bool:
    """Tell whether an axiom asks for facets, or counts values of a datatype, which OWL 2 RL has no rules for."""
    return any(
        part.kind == "facets"
        or (part.kind == "max" and any(of.kind in {"datatype", "facets"} for of in part.parts))
        for part in axiom.walk()
    )
