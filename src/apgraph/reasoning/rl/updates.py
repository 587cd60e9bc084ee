"""Rules as SPARQL: an update that adds what follows, a query for what contradicts itself, and one for the premises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Variable

from apgraph.reasoning.rl.rule import put
from apgraph.sparql import term_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apgraph.reasoning.rl.rule import Atom, Instance, Part, Rule, Term

__all__ = ["clash_query", "insertion", "premise_query"]


def insertion(
    rule: Rule,
    rows: Sequence[tuple[Term, ...]],
    *,
    sources: Iterable[str],
    targets: Iterable[str],
    delta: Mapping[int, str] | None = None,
    repeats: bool = False,
) -> str:
    """Return the update that adds what follows by a rule and is not there yet.

    Args:
        rule: The rule; not one that ends in a contradiction.
        rows: Those of its rows to use.
        sources: The graphs that premises and earlier conclusions are in.
        targets: The graphs that take the conclusions.
        delta: Which parts of the body have to match in which graphs of new triples; the others match anywhere.
        repeats: Whether to add also what is in the sources, where that makes no difference and need not be looked up.

    Raises:
        ValueError: The rule ends in a contradiction.

    >>> from apgraph.reasoning.rl.rule import TYPE, NamedNode, Rule
    >>> x, c, d = Variable("x"), Variable("c"), Variable("d")
    >>> row = (NamedNode("urn:c"), NamedNode("urn:d"))
    >>> rule = Rule("cax-sco", ((x, TYPE, c),), (x, TYPE, d), (c, d), (row,))
    >>> print(insertion(rule, rule.rows, sources=["urn:g"], targets=["urn:h"]))
    # cax-sco
    INSERT { GRAPH <urn:h> { ?x a <urn:d> } }
    USING <urn:g>
    WHERE { ?x a <urn:c> . FILTER NOT EXISTS { ?x a <urn:d> } }
    """
    if rule.head is None:
        raise ValueError(rule.name)
    delta = delta or {}
    table, body, head = _filled(rule, rows)
    assert head is not None  # only a clash has none
    shown = _text(head)
    dataset = [f"USING <{source}>" for source in sources]
    dataset += [f"USING NAMED <{graph}>" for graph in dict.fromkeys(delta.values())]
    where = [*table, *_body(body, delta), *_filters(rule)]
    free = [part for part in head if isinstance(part, Variable)]
    if not delta and (p := rule.transitive) is not None:
        # All at once: two steps at a time make what n steps reach once for each place to cut it in two.
        x, _, z = head
        ends = [pair for pair in rule.unequal if set(pair) == {x, z}]
        where = [
            f"{{ SELECT DISTINCT {x} WHERE {{ {x} {term_text(p)} ?any }} }} {x} {term_text(p)}+ {z} .",
            *_conditions(ends, ()),
        ]
    elif len(body) == 2 and isinstance(body[1][1], Variable) and body[1][1] not in rule.columns:
        where = [*table, *_by_link(rule, body, delta)]
    elif len(body) == 1 and body[0][2] in free and set(free) <= {body[0][2], *rule.columns}:
        # Of many values few are different.
        where = [f"{{ SELECT DISTINCT {' '.join(map(str, free))} WHERE {{ {' '.join(where)} }} }}"]
    if not repeats:
        where.append(f"FILTER NOT EXISTS {{ {shown} }}")
    made = " ".join(f"GRAPH <{target}> {{ {shown} }}" for target in targets)
    return f"# {rule.name}\nINSERT {{ {made} }}\n{' '.join(dataset)}\nWHERE {{ {' '.join(where)} }}"


def clash_query(rule: Rule, *, sources: Iterable[str] = (), limit: int | None = None) -> str:
    """Return the query whose rows are the contradictions by a rule: values of its variables."""
    table, body, _ = _filled(rule, rule.rows, inline=False)
    dataset = " ".join(f"FROM <{source}>" for source in sources)
    where = [*table, *_body(body, {}), *_filters(rule)]
    end = "" if limit is None else f" LIMIT {limit}"
    return f"# {rule.name}\nSELECT DISTINCT * {dataset}{' ' if dataset else ''}WHERE {{ {' '.join(where)} }}{end}"


def premise_query(instance: Instance, values: Mapping[Variable, Term], *, limit: int) -> str:
    """Return the query for what one use of a rule matches, some of its variables given."""
    filters = _conditions(instance.unequal, (each.expression for each in instance.conditions))
    given = ""
    if values:
        names = " ".join(map(str, values))
        given = f"VALUES ({names}) {{ ({' '.join(map(term_text, values.values()))}) }} "
    return f"SELECT DISTINCT * WHERE {{ {given}{' '.join((*_body(instance.body, {}), *filters))} }} LIMIT {limit}"


def _filled(
    rule: Rule, rows: Sequence[tuple[Term, ...]], *, inline: bool = True
) -> tuple[list[str], list[Atom], Atom | None]:
    """Return the table of the rows, body and head; a table of one row is put into the others."""
    if inline and len(rows) == 1 and rule.body and not rule.unequal and not rule.conditions:
        values = dict(zip(rule.columns, rows[0], strict=True))
        head = None if rule.head is None else put(rule.head, values)
        return [], [put(atom, values) for atom in rule.body], head
    used = {part for atom in (*rule.body, *([rule.head] if rule.head else [])) for part in atom}
    if inline:
        at = [number for number, column in enumerate(rule.columns) if column in used]
    else:
        at = list(range(len(rule.columns)))
    if not at:
        return [], list(rule.body), rule.head
    texts = dict.fromkeys(f"({' '.join(term_text(row[number]) for number in at)})" for row in rows)
    names = " ".join(str(rule.columns[number]) for number in at)
    return [f"VALUES ({names}) {{ {' '.join(texts)} }}"], list(rule.body), rule.head


def _body(body: Sequence[Atom], delta: Mapping[int, str]) -> list[str]:
    order = sorted(range(len(body)), key=lambda at: at not in delta)
    return [_placed(body[at], delta.get(at)) for at in order]


def _placed(atom: Atom, graph: str | None) -> str:
    return f"{_text(atom)} ." if graph is None else f"GRAPH <{graph}> {{ {_text(atom)} . }}"


def _by_link(rule: Rule, body: Sequence[Atom], delta: Mapping[int, str]) -> list[str]:
    """Return a body whose second atom says anything of what the first links, with each triple found once, then linked.

    Found for each link, what is said of a thing that is the same as a hundred others is found a hundred times.
    """
    link, said = (_placed(atom, delta.get(at)) for at, atom in enumerate(body))
    x = body[0][0]
    names = [part for part in dict.fromkeys(body[1]) if isinstance(part, Variable)]
    inner = [each.expression for each in rule.conditions if set(each.variables) <= set(names)]
    outer = [each.expression for each in rule.conditions if each.expression not in inner]
    linked = [] if 1 in delta else [f"{{ SELECT DISTINCT {x} WHERE {{ {link} }} }}"]
    found = " ".join((*linked, said, *_conditions((), inner)))
    return [
        f"{{ SELECT {' '.join(map(str, names))} WHERE {{ {found} }} }} {link}",
        *_conditions(rule.unequal, (*outer, *rule.guards())),
    ]


def _filters(rule: Rule) -> list[str]:
    return _conditions(rule.unequal, (*(each.expression for each in rule.conditions), *rule.guards()))


def _conditions(unequal: Iterable[tuple[Variable, Variable]], expressions: Iterable[str]) -> list[str]:
    return [
        *(f"FILTER(!sameTerm({one}, {other}))" for one, other in unequal),
        *(f"FILTER({expression})" for expression in expressions),
    ]


def _text(atom: Atom) -> str:
    def text(part: Part) -> str:
        return str(part) if isinstance(part, Variable) else term_text(part)

    predicate = text(atom[1])
    if predicate == "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>":
        predicate = "a"
    return f"{text(atom[0])} {predicate} {text(atom[2])}"
