"""The catalogue of competency questions: question, parameters, answer, why.

>>> from apgraph.questions import Catalogue
>>> "deployment-models" in Catalogue()
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apgraph.questions.answer import Answer
    from apgraph.questions.catalogue import Catalogue, Question
    from apgraph.questions.citation import Citation
    from apgraph.questions.coverage import Coverage
    from apgraph.questions.header import Header, Parameter
    from apgraph.questions.inquiry import ask
    from apgraph.questions.parameters import allowed_values
    from apgraph.questions.result import Result
    from apgraph.questions.rows import Iri, Row, Value
    from apgraph.questions.terms import check_terms
    from apgraph.questions.why import Proof, Why

__all__ = [
    "Answer",
    "Catalogue",
    "Citation",
    "Coverage",
    "Header",
    "Iri",
    "Parameter",
    "Proof",
    "Question",
    "Result",
    "Row",
    "Value",
    "Why",
    "allowed_values",
    "ask",
    "check_terms",
]

_HOME = {
    "Answer": "answer",
    "Catalogue": "catalogue",
    "Citation": "citation",
    "Coverage": "coverage",
    "Header": "header",
    "Iri": "rows",
    "Parameter": "header",
    "Proof": "why",
    "Question": "catalogue",
    "Result": "result",
    "Row": "rows",
    "Value": "rows",
    "Why": "why",
    "allowed_values": "parameters",
    "ask": "inquiry",
    "check_terms": "terms",
}


def __getattr__(name: str) -> object:
    # Listing the questions needs the catalogue alone, and the command line should not wait for the rest.
    if name in _HOME:
        return getattr(import_module(f"apgraph.questions.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
