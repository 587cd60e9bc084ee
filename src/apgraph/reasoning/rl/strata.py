"""In which order to run the rules, so that each finds complete what it rests on.

A rule rests on classes and properties and makes others, so these have an order: first those that no rule makes, then
those made of these, and so on. Classes and properties that make each other stand together, and only their rules have to
be run more than once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Variable

from apgraph.reasoning.rl.rule import TYPE, put

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apgraph.reasoning.rl.rule import Atom, Rule, Term

__all__ = ["Key", "Stratum", "body_keys", "head_key", "key_of", "spared", "strata"]

Key = tuple["Term", "Term | None"]
"""What a triple is about: its property, and its class where the property is rdf:type."""

_OPEN: Final = None


@dataclass(frozen=True, slots=True)
class Stratum:
    """Rules whose premises are complete once the strata before have been run.

    Attributes:
        once: Those that do not feed any rule of the stratum.
        again: Those that feed themselves or each other.
    """

    once: tuple[Rule, ...]
    again: tuple[Rule, ...]


def key_of(atom: Atom) -> Key | None:
    """Return what an atom is about; None: it may be about anything.

    >>> key_of((Variable("x"), TYPE, NamedNode("urn:c")))[1]
    <NamedNode value=urn:c>
    """
    _, p, o = atom
    if isinstance(p, Variable):
        return _OPEN
    if p != TYPE:
        return (p, None)
    return _OPEN if isinstance(o, Variable) else (p, o)


def body_keys(rule: Rule, row: tuple[Term, ...]) -> tuple[Key | None, ...]:
    """Return what the atoms of a rule's body are about, for one of its rows."""
    values = dict(zip(rule.columns, row, strict=True))
    return tuple(key_of(put(atom, values)) for atom in rule.body)


def head_key(rule: Rule, row: tuple[Term, ...]) -> Key | None:
    """Return what a rule's conclusion is about, for one of its rows; None also for a contradiction."""
    return None if rule.head is None else key_of(put(rule.head, dict(zip(rule.columns, row, strict=True))))


def strata(rules: Iterable[Rule]) -> tuple[tuple[Stratum, ...], tuple[Rule, ...]]:
    """Return the order in which to run rules that infer something, and apart those that speak of any property.

    >>> from apgraph.reasoning.rl.rule import Rule
    >>> x, c, d = Variable("x"), Variable("c"), Variable("d")
    >>> one, two, three = (NamedNode(f"urn:{name}") for name in "123")
    >>> rule = Rule("cax-sco", ((x, TYPE, c),), (x, TYPE, d), (c, d), ((two, three), (one, two)))
    >>> [stratum.once[0].rows[0][0].value for stratum in strata([rule])[0]]
    ['urn:1', 'urn:2']
    """
    plain: list[tuple[Rule, tuple[Term, ...], tuple[Key, ...], Key]] = []
    apart: list[Rule] = []
    for rule in rules:
        if rule.head is None:
            continue
        open_rows = []
        for row in rule.rows:
            keys = [key for key in body_keys(rule, row) if key is not None]
            head = head_key(rule, row)
            if head is None or len(keys) < len(rule.body):
                open_rows.append(row)
            else:
                plain.append((rule, row, tuple(keys), head))
        if open_rows:
            apart.append(replace(rule, rows=tuple(open_rows)))
    leads: dict[Key, dict[Key, None]] = {}
    for _, _, below, head in plain:
        leads.setdefault(head, {})
        for key in below:
            leads.setdefault(key, {})[head] = None
    component = _components(leads)
    level = dict.fromkeys(component.values(), 0)
    # Tarjan finds a component after all that it leads to.
    for key in sorted(leads, key=lambda each: -component[each]):
        for after in leads[key]:
            if component[after] != component[key]:
                level[component[after]] = max(level[component[after]], level[component[key]] + 1)
    parts: defaultdict[int, tuple[dict[int, list[tuple[Term, ...]]], dict[int, list[tuple[Term, ...]]]]]
    parts = defaultdict(lambda: ({}, {}))
    known: dict[int, Rule] = {}
    for rule, row, below, head in plain:
        known[id(rule)] = rule
        feeds = any(component[key] == component[head] for key in below)
        parts[level[component[head]]][feeds].setdefault(id(rule), []).append(row)
    ordered = tuple(
        Stratum(
            *(
                tuple(replace(known[which], rows=tuple(rows)) for which, rows in part.items())
                for part in parts[number]
            )
        )
        for number in sorted(parts)
    )
    return ordered, tuple(apart)


def _components(leads: Mapping[Key, Iterable[Key]]) -> dict[Key, int]:
    """Return the number of the strongly connected component of each node, by Tarjan's algorithm without recursion."""
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    component: dict[Key, int] = {}
    stack: list[Key] = []
    number = 0
    for root in leads:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        work = [(root, iter(leads[root]))]
        while work:
            node, rest = work[-1]
            after = next(rest, None)
            if after is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    while True:
                        member = stack.pop()
                        component[member] = number
                        if member == node:
                            break
                    number += 1
            elif after not in index:
                index[after] = low[after] = len(index)
                stack.append(after)
                work.append((after, iter(leads[after])))
            elif after not in component:
                low[node] = min(low[node], index[after])
    return component


_State = tuple[Key, bool]
"""What one triple makes: another, of this kind; whether about the value of the first, or the other way round."""


def spared(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Leave out the rows of rules that two others of them do the work of, such as what is two classes further up.

    Axioms are closed, for explanations and for the record; data then needs to go each way only once.

    >>> from apgraph.reasoning.rl.rule import Rule
    >>> x, c, d = Variable("x"), Variable("c"), Variable("d")
    >>> one, two, three = (NamedNode(f"urn:{name}") for name in "123")
    >>> rule = Rule("cax-sco", ((x, TYPE, c),), (x, TYPE, d), (c, d), ((one, three), (one, two), (two, three)))
    >>> [len(each.rows) for each in spared([rule])]
    [2]
    """
    made: defaultdict[Key, defaultdict[_State, int]] = defaultdict(lambda: defaultdict(int))
    moves: list[tuple[int, int, Key, _State]] = []
    for number, rule in enumerate(rules):
        if rule.head is None or len(rule.body) != 1 or rule.unequal or rule.conditions:
            continue
        for at, row in enumerate(rule.rows):
            move = _move(rule, row)
            if move is not None:
                moves.append((number, at, *move))
                made[move[0]][move[1]] += 1
    there = {(start, end) for start, ways in made.items() for end in ways}
    left_out: set[tuple[int, int]] = set()
    for number, at, start, end in moves:
        ways = made[start]
        # What has a literal for its value can't be turned round and back.
        steps = (step for step in ways if step not in (end, (start, False)) and end[1] >= step[1])
        if ways[end] > 1 or any((step[0], (end[0], end[1] != step[1])) in there for step in steps):
            ways[end] -= 1
            if not ways[end]:
                del ways[end]
                there.discard((start, end))
            left_out.add((number, at))
    kept = []
    for number, rule in enumerate(rules):
        rows = tuple(row for at, row in enumerate(rule.rows) if (number, at) not in left_out)
        if rows:
            kept.append(rule if len(rows) == len(rule.rows) else replace(rule, rows=rows))
    return tuple(kept)


def _move(rule: Rule, row: tuple[Term, ...]) -> tuple[Key, _State] | None:
    """Return what a rule of one premise makes of what, where neither says more than a class or a property."""
    if rule.head is None:
        return None
    values = dict(zip(rule.columns, row, strict=True))
    body, head = put(rule.body[0], values), put(rule.head, values)
    start, end = key_of(body), key_of(head)
    if start is None or end is None or not isinstance(body[0], Variable) or not isinstance(head[0], Variable):
        return None
    if start[1] is None and (not isinstance(body[2], Variable) or body[0] == body[2]):
        return None
    if end[1] is None and (not isinstance(head[2], Variable) or head[0] == head[2]):
        return None
    return (start, (end, head[0] != body[0]))
