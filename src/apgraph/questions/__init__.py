"""The catalogue of competency questions: question, parameters, answer, why.

>>> from apgraph.questions import Catalogue
>>> "deployment-models" in Catalogue()
True
"""

from __future__ import annotations

from apgraph.questions.answer import Answer
from apgraph.questions.catalogue import Catalogue, Question
from apgraph.questions.citation import Citation
from apgraph.questions.header import Header, Parameter
from apgraph.questions.inquiry import ask
from apgraph.questions.parameters import allowed_values
from apgraph.questions.rows import Iri, Row, Value
from apgraph.questions.terms import check_terms
from apgraph.questions.why import Proof, Why

__all__ = [
    "Answer",
    "Catalogue",
    "Citation",
    "Header",
    "Iri",
    "Parameter",
    "Proof",
    "Question",
    "Row",
    "Value",
    "Why",
    "allowed_values",
    "ask",
    "check_terms",
]
