"""The Advanced Practitioner framework as a graph you can question.

>>> import apgraph
>>> graph = apgraph.Graph()
>>> answer = graph.ask("deployment-models")
>>> [str(row["model"]) for row in answer][:2]
['deficit model', 'developmental model']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apgraph.errors import (
        ApgraphError,
        ConflictError,
        InputError,
        MissingExtraError,
        NotFinishedError,
        ParseError,
        ServiceError,
        TimeLimitError,
        UnknownNameError,
        UsageError,
    )
    from apgraph.evidence import Claim
    from apgraph.graph import Graph
    from apgraph.questions import Answer, Question, Why
    from apgraph.shacl import Finding, Report, Severity

    __version__: str

__all__ = [
    "Answer",
    "ApgraphError",
    "Claim",
    "ConflictError",
    "Finding",
    "Graph",
    "InputError",
    "MissingExtraError",
    "NotFinishedError",
    "ParseError",
    "Question",
    "Report",
    "ServiceError",
    "Severity",
    "TimeLimitError",
    "UnknownNameError",
    "UsageError",
    "Why",
    "__version__",
]

_HOME = {
    "Answer": "apgraph.questions",
    "Claim": "apgraph.evidence",
    "Finding": "apgraph.shacl",
    "Graph": "apgraph.graph",
    "Question": "apgraph.questions",
    "Report": "apgraph.shacl",
    "Severity": "apgraph.shacl",
    "Why": "apgraph.questions",
}


def __getattr__(name: str) -> object:
    # The command line starts by importing this package: what it does not use, it should not wait for.
    if name == "__version__":
        from importlib.metadata import version

        return version("apgraph")
    if name in __all__:
        return getattr(import_module(_HOME.get(name, "apgraph.errors")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
