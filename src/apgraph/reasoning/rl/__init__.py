"""OWL 2 RL: the rules of the specification, specialised to an ontology and run as SPARQL updates."""

from apgraph.reasoning.rl.clash import find_clashes
from apgraph.reasoning.rl.closure import HIDDEN, Closure, close, show_sparql
from apgraph.reasoning.rl.explanation import Explainer, Explanation

__all__ = ["HIDDEN", "Closure", "Explainer", "Explanation", "close", "find_clashes", "show_sparql"]
