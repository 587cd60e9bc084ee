"""The page of the documentation that lists the rules."""

from __future__ import annotations

from typing import Final

from apgraph.reasoning.rl.meanings import GIVEN, LEFT_OUT, MEANINGS, SPECIFICATION
from apgraph.reasoning.rl.trivial import KINDS

__all__ = ["page"]

_TABLES: Final = {
    4: "equality",
    5: "properties",
    6: "classes",
    7: "axioms between classes",
    8: "datatypes",
    9: "axioms that follow from axioms",
}


def page() -> str:
    """Return the page in Markdown.

    >>> page().startswith("# The rules of OWL 2 RL")
    True
    """
    lines = [
        "# The rules of OWL 2 RL",
        "",
        f"What `apgraph reason` runs, by the tables of the [specification]({SPECIFICATION}). Written by",
        "`python -m apgraph.reasoning.rl`.",
    ]
    for table, title in _TABLES.items():
        lines += ["", f"## Table {table}: {title}", "", "| Rule | In words |", "|---|---|"]
        lines += [f"| `{name}` | {words} |" for name, (at, words) in MEANINGS.items() if at == table]
        lines += [f"| `{name}` | left out: {kind} |" for name, (at, kind) in LEFT_OUT.items() if at == table]
    lines += [
        "",
        "## Before the rules",
        "",
        "One rule more is this project's own, and reads case data: what arrangements exhibit and lack is what their latest",
        f"observations say. In counts and explanations it is called `{GIVEN}`. It can't be a rule of OWL, since an observation",
        "that is added can take back what an older one said.",
        "",
        "## What is left out",
        "",
        "Triples of these kinds follow, but are no news. But for them the result is that of any other program for OWL 2 RL.",
        "",
        "| Kind | Why |",
        "|---|---|",
        *(f"| {kind} | {reason} |" for kind, reason in KINDS.items()),
        "",
        "`dt-diff` is in the specification a step to `eq-diff1`: two values of a functional property would have to be",
        "the same. Literals are no subjects here, so it stands for both. `dt-eq` is run where a rule compares values (keys,",
        "restrictions to a value, disjoint or inverse functional properties, negative assertions): numbers and texts that",
        "are written in two ways are one value there, and what says so stays among the steps. Data ranges that are made of",
        "others (unions, facets) are not looked into. An axiom that names a blank node of the data is reported as left out.",
    ]
    return "\n".join(lines) + "\n"
