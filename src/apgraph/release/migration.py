"""A SPARQL update that brings data from one version of the ontology to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from apgraph.lexicon import curie
from apgraph.resources import FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.release.difference import Difference

__all__ = ["migration_update"]


def migration_update(difference: Difference) -> str:
    """Return an update that writes the replacement for each term that is deprecated or gone.

    It changes subjects, properties and objects in the default graph and in every named graph but the
    framework's. A term without a replacement, or with several, is left alone and named in a comment: what to
    write there is for a person to decide. Run twice, it changes nothing the second time.
    """
    certain = difference.certain
    open_ = []
    for iri, replacements in difference.replacements.items():
        if iri in certain:
            continue
        if replacements:
            choice = " or ".join(map(curie, replacements))
            open_.append(f"# {curie(iri)}: choose {choice}, for each statement by itself.")
        else:
            open_.append(f"# {curie(iri)}: nothing replaces it; look at each statement that uses it.")
    lines = [f"# Data for {difference.old.name}, brought to {difference.new.name}.", *open_]
    if not certain:
        return "\n".join([*lines, "# There is nothing that can be replaced by itself.", ""])
    pairs = [f"{NamedNode(old)} {NamedNode(new)}" for old, new in certain.items()]
    lines += ["", *_replace(pairs, graph=True), ";", *_replace(pairs, graph=False), ""]
    return "\n".join(lines)


def _replace(pairs: Iterable[str], *, graph: bool) -> list[str]:
    def within(pattern: str) -> str:
        return f"GRAPH ?g {{ {pattern} }}" if graph else pattern

    lines = [
        f"DELETE {{ {within('?s ?p ?o')} }}",
        f"INSERT {{ {within('?s1 ?p1 ?o1')} }}",
        "WHERE {",
        f"  {within('?s ?p ?o')}",
    ]
    if graph:
        lines.append(f"  FILTER (?g != <{FRAMEWORK}>)")
    else:
        # Where a service shows the named graphs in the default one, they must not be copied into it.
        lines.append("  FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }")
    for name in "spo":
        lines.append(f"  OPTIONAL {{ VALUES (?{name} ?{name}_new) {{")
        lines += [f"    ({pair})" for pair in pairs]
        lines.append("  } }")
    lines += [
        "  FILTER (BOUND(?s_new) || BOUND(?p_new) || BOUND(?o_new))",
        *(f"  BIND (COALESCE(?{name}_new, ?{name}) AS ?{name}1)" for name in "spo"),
        "}",
    ]
    return lines
