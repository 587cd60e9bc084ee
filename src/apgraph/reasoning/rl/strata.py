"""In which order to run the rules, so that each finds complete what it rests on.

A rule rests on classes and properties and makes others, so these have an order: first those that no rule makes, then
those made of these, and so on. Classes and properties that make each other stand together, and only their rules have to
be run more than once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Variable

from apgraph.reasoning.rl.rule import TYPE, put

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from apgraph.reasoning.rl.rule import Atom, Rule, Term

__all__ = ["Key", "Stratum", "body_keys", "head_key", "key_of", "live", "spared", "strata"]

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

    >>> key_of((Variable("x"), TYPE, TYPE)) == (TYPE, TYPE), key_of((Variable("x"), TYPE, Variable("c")))
    (True, None)
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


def live(rules: Sequence[Rule], given: Iterable[Key]) -> tuple[Rule, ...]:
    """Leave out the rows of rules that can match nothing, whatever the others make of what is there.

    >>> from apgraph.reasoning.rl.rule import NamedNode, Rule
    >>> x, c, d = Variable("x"), Variable("c"), Variable("d")
    >>> one, two, three, four = (NamedNode(f"urn:{name}") for name in "1234")
    >>> rule = Rule("cax-sco", ((x, TYPE, c),), (x, TYPE, d), (c, d), ((two, three), (one, two), (four, one)))
    >>> [len(each.rows) for each in live([rule], {(TYPE, one)})]
    [2]
    """
    waiting: defaultdict[Key, list[tuple[int, int]]] = defaultdict(list)
    missing: dict[tuple[int, int], int] = {}
    heads: dict[tuple[int, int], Key | None] = {}
    ready = []
    for number, rule in enumerate(rules):
        for at, row in enumerate(rule.rows):
            keys = {key for key in body_keys(rule, row) if key is not None}
            heads[number, at] = head_key(rule, row)
            missing[number, at] = len(keys)
            for key in keys:
                waiting[key].append((number, at))
            if not keys:
                ready.append((number, at))
    there = list(given)
    seen = set(there)
    alive = set()
    while ready or there:
        if there:
            for which in waiting.get(there.pop(), ()):
                missing[which] -= 1
                if not missing[which]:
                    ready.append(which)
            continue
        which = ready.pop()
        alive.add(which)
        head = heads[which]
        if head is not None and head not in seen:
            seen.add(head)
            there.append(head)
    return _kept(rules, lambda which: which in alive)


def _kept(rules: Iterable[Rule], wanted: Callable[[tuple[int, int]], bool]) -> tuple[Rule, ...]:
    """Return rules with the rows that are wanted, by the numbers of rule and row."""
    kept = []
    for number, rule in enumerate(rules):
        rows = tuple(row for at, row in enumerate(rule.rows) if wanted((number, at)))
        if rows:
            kept.append(rule if len(rows) == len(rule.rows) else replace(rule, rows=rows))
    return tuple(kept)


def strata(rules: Iterable[Rule]) -> tuple[tuple[Stratum, ...], tuple[Rule, ...]]:
    """Return the order in which to run rules that infer something, and apart those that speak of any property.

    >>> from apgraph.reasoning.rl.rule import NamedNode, Rule
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


def spared(rules: Sequence[Rule], *, given: Container[Key] | None = None) -> tuple[Rule, ...]:
    """Leave out the rows of rules whose work others do.

    Such is the way to a class two steps further up, as axioms are closed, for explanations and for the record; data
    needs to go each way only once. Such is also the way back, where all that is there came from there.

    Args:
        rules: The rules.
        given: Of what there are triples that no rule made; None: of everything.

    >>> from apgraph.reasoning.rl.rule import NamedNode, Rule
    >>> x, c, d = Variable("x"), Variable("c"), Variable("d")
    >>> one, two, three = (NamedNode(f"urn:{name}") for name in "123")
    >>> rule = Rule("cax-sco", ((x, TYPE, c),), (x, TYPE, d), (c, d), ((one, three), (one, two), (two, three)))
    >>> [len(each.rows) for each in spared([rule])]
    [2]
    >>> there_and_back = Rule("cax-eqc", ((x, TYPE, c),), (x, TYPE, d), (c, d), ((one, two), (two, one)))
    >>> [len(each.rows) for each in spared([there_and_back], given={(TYPE, one)})]
    [1]
    """
    ways: defaultdict[Key, Counter[_State]] = defaultdict(Counter)
    makers: defaultdict[Key, set[tuple[Key, bool]]] = defaultdict(set)
    moves: list[tuple[int, int, Key, _State]] = []
    otherwise: set[Key | None] = set()
    for number, rule in enumerate(rules):
        for at, row in enumerate(rule.rows):
            move = _move(rule, row)
            if move is None:
                otherwise.add(head_key(rule, row))
            else:
                start, end = move
                moves.append((number, at, start, end))
                ways[start][end] += 1
                makers[end[0]].add((start, end[1]))
                if end[0][0] != TYPE and end[0][1] is not None:
                    otherwise.add((end[0][0], None))

    def leads(start: Key, end: _State) -> bool:
        return end == (start, False) or ways[start][end] > 0

    def is_needless(start: Key, end: _State) -> bool:
        # What has a literal for its value can't be turned round and back.
        if leads(start, end) or any(
            ways[step[0]][end[0], end[1] != step[1]]
            for step in ways[start]
            if step not in (end, (start, False)) and end[1] >= step[1]
        ):
            return True
        if given is None or start in given or start in otherwise:
            return False
        if start[0] != TYPE and start[1] is not None:
            return False
        return all(leads(maker, (end[0], end[1] != turned)) for maker, turned in makers[start])

    left_out: set[tuple[int, int]] = set()
    before = -1
    while len(left_out) > before:
        before = len(left_out)
        for number, at, start, end in moves:
            if (number, at) in left_out:
                continue
            ways[start][end] -= 1
            if not ways[start][end]:
                del ways[start][
                    end
                ]  # of a long chain most ways go, and are not to be looked at for each of the rest
            if is_needless(start, end):
                left_out.add((number, at))
                if end not in ways[start]:
                    makers[end[0]].discard((start, end[1]))
            else:
                ways[start][end] += 1
    return _kept(rules, lambda which: which not in left_out)


def _move(rule: Rule, row: tuple[Term, ...]) -> tuple[Key, _State] | None:
    """Return what a rule of one premise makes of what, where neither says more than a class, a property or a value."""
    if rule.head is None or len(rule.body) != 1 or rule.unequal or rule.conditions:
        return None
    values = dict(zip(rule.columns, row, strict=True))
    body, head = put(rule.body[0], values), put(rule.head, values)
    start, end = _with_value(body), _with_value(head)
    if start is None or end is None:
        return None
    return (start, (end, head[0] != body[0]))


def _with_value(atom: Atom) -> Key | None:
    """Return property and class, or property and value, of an atom about some one thing, or some two."""
    s, p, o = atom
    if not isinstance(s, Variable) or isinstance(p, Variable) or s == o:
        return None
    if isinstance(o, Variable):
        return None if p == TYPE else (p, None)
    return (p, o)
