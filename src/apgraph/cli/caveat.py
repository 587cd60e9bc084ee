"""What stands at the head of verdicts that rest on data with violations."""

import shlex
from typing import TYPE_CHECKING, Final

from apgraph.cli.progress import working

if TYPE_CHECKING:
    from collections.abc import Collection

    from apgraph.graph import Graph

__all__ = ["caveat"]

_MOST: Final = 60_000
"""Statements up to which data is checked beside its profile: that takes some tenths of a second."""


def caveat(graph: "Graph", data: list[str], cases: "Collection[str]") -> str:
    """Return that the data has violations, and what shows them; empty where it has none or is not checked.

    Args:
        graph: The data.
        data: The same, as the user named it.
        cases: The cases that the verdicts are about; what is wrong with others bears on none of them.
    """
    if not graph.places() or len(graph) > _MOST:
        return ""
    from apgraph.cases.waivers import find_waivers
    from apgraph.shacl import Severity

    with working("checking"):
        report = graph.validate()
        if not report.at_least(Severity.VIOLATION):
            return ""
        told = graph.report(report, waivers=find_waivers(data))
        about = [each.case for each in told.explained]
        number = sum(
            at >= len(about) or about[at] is None or about[at] in cases
            for at, notice in enumerate(told.notices)
            if notice.severity == "violation" and notice.waived is None
        )
    if not number:
        return ""
    what = "1 violation" if number == 1 else f"{number} violations"
    return (
        f"the data has {what}, on which these verdicts may rest: correct first what this shows: "
        f"{shlex.join(['apgraph', 'validate', *data])}"
    )
