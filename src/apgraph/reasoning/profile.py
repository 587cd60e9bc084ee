"""Which rules of an OWL 2 profile a set of triples breaks, found without a reasoner.

Covers the rules that an ontology of classes, properties and individuals can break; facets of datatypes and
cycles of datatype definitions are not looked into. The limits are those of
`OWL 2 DL <https://www.w3.org/TR/owl2-syntax/>`_ and of the
`OWL 2 profiles <https://www.w3.org/TR/owl2-profiles/>`_.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from apgraph.reasoning.mapping import read_structure
from apgraph.reasoning.rules_dl import dl_findings
from apgraph.reasoning.rules_el import el_findings
from apgraph.reasoning.rules_rl import rl_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from apgraph.reasoning.rules_dl import Rule

__all__ = ["ProfileFinding", "check_profile"]


@dataclass(frozen=True, slots=True)
class ProfileFinding:
    """A rule that is broken, and the axiom that breaks it.

    >>> from apgraph.reasoning.rules_dl import Rule
    >>> print(ProfileFinding(Rule("a-rule", "No axiom may do so", "http://example.org/"), "SubClassOf(A, B)"))
    No axiom may do so: SubClassOf(A, B) (http://example.org/)
    """

    rule: Rule
    axiom: str

    def __str__(self) -> str:
        return f"{self.rule.text}: {self.axiom} ({self.rule.link})"


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
    found = list(dl_findings(structure))
    if profile == "RL":
        found += rl_findings(structure)
    elif profile == "EL":
        found += el_findings(structure)
    findings = {ProfileFinding(rule, axiom) for rule, axiom in found}
    return tuple(sorted(findings, key=lambda finding: (finding.rule.id, finding.axiom)))
