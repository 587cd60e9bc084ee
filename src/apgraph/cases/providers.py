"""Organisations of cases beside a register of providers: what disagrees, and what the register can fill in."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from apgraph.cases.registers import is_ukprn
from apgraph.errors import InputError
from apgraph.lexicon import key
from apgraph.shacl import Finding, Severity
from apgraph.vocabulary import APGSH, PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.cases.registers import Provider, Register
    from apgraph.store import Store

__all__ = ["REGISTER", "Filled", "compare_providers", "fill_providers", "unnamed_message"]

REGISTER: Final = NamedNode(APGSH + "provider-register")
"""Stands for what is held against a register of providers."""

_COMPONENT: Final = APGSH + "RegisterConstraintComponent"
_LABEL: Final = PREFIXES["rdfs"] + "label"
_LINE: Final = re.compile(r"(?:^|(?<=; ))[^;]*, line \d+,(?= has )")
_NUMBER: Final = re.compile(r" for [1-9]\d{7}\b")
_FIELDS: Final = (
    (_LABEL, "name", "name", Severity.WARNING),
    (apg.providerType, "type", "type of provider", Severity.INFO),
    (apg.region, "region", "region", Severity.WARNING),
)
"""Property, attribute of a provider, words for it, and how grave it is that the two differ."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A value that was taken over from a register.

    Attributes:
        organisation: IRI of the organisation.
        property: The property.
        value: The value.
        source: The register and the line, in words.

    >>> str(Filled("urn:x", "https://w3id.org/apgraph/ns#region", "East", "a.csv, line 7"))
    "region 'East' taken over from a.csv, line 7"
    """

    organisation: str
    property: str
    value: str
    source: str

    def __str__(self) -> str:
        words = next(words for property_, _, words, _ in _FIELDS if property_ == self.property)
        return f"{words} {self.value!r} taken over from {self.source}"


@dataclass(slots=True)
class _Organisation:
    node: NamedNode
    graph: str
    values: defaultdict[str, list[str]]

    @property
    def is_pseudonymous(self) -> bool:
        return any(value in {"true", "1"} for value in self.values[apg.isPseudonymous])

    @property
    def ukprn(self) -> str | None:
        """The number, where there is one and it is one."""
        found = self.values[apg.ukprn]
        return found[0] if len(found) == 1 and is_ukprn(found[0]) else None


def _organisations(store: Store) -> list[_Organisation]:
    """Return the organisations that cases are about; there is no name in a graph for those with a pseudonym."""
    wanted = " ".join(f"<{p}>" for p in (_LABEL, apg.providerType, apg.region, apg.ukprn, apg.isPseudonymous))
    query = f"""SELECT DISTINCT ?node ?graph ?property ?value WHERE {{ GRAPH ?graph {{
        ?record <{apg.concernsOrganisation}> ?node .
        OPTIONAL {{ VALUES ?property {{ {wanted} }} ?node ?property ?value }} }} }} ORDER BY ?node ?property ?value"""
    found: dict[str, _Organisation] = {}
    for node, graph, property_, value in store.select(query).rows:
        if not isinstance(node, NamedNode) or not isinstance(graph, NamedNode):
            continue
        organisation = found.setdefault(node.value, _Organisation(node, graph.value, defaultdict(list)))
        if isinstance(property_, NamedNode) and isinstance(value, Literal):
            organisation.values[property_.value].append(value.value)
    return list(found.values())


def compare_providers(store: Store, register: Register) -> tuple[Finding, ...]:
    """Hold the organisations of cases against a register.

    An organisation under a pseudonym is left alone: looking it up would undo the pseudonym.

    Args:
        store: Where the cases lie.
        register: The register.

    Returns:
        Warnings where a case and the register disagree, and information where the register says what a case leaves open.
    """
    named: defaultdict[str, list[Provider]] = defaultdict(list)
    for provider in register.providers.values():
        named[key(provider.name)].append(provider)
    found: list[Finding] = []
    for organisation in _organisations(store):
        if not organisation.is_pseudonymous:
            found += _compared(organisation, register, named)
    return tuple(found)


def _compared(
    organisation: _Organisation, register: Register, named: defaultdict[str, list[Provider]]
) -> Iterator[Finding]:
    ukprn = organisation.ukprn
    names = {key(name) for name in organisation.values[_LABEL]}
    known = [provider for name in sorted(names) for provider in named.get(name, ()) if provider.is_open]
    if ukprn is None:
        if not organisation.values[apg.ukprn] and len(known) == 1:
            yield _finding(
                organisation,
                Severity.INFO,
                apg.ukprn,
                None,
                f"No UKPRN is given; {_place(register, known[0])} has {known[0].ukprn} for this name.",
            )
        return
    if ukprn in register.ambiguous:
        lines = " and ".join(map(str, register.ambiguous[ukprn][:4]))
        message = f"{register.file} lists {ukprn} more than once (lines {lines}), so nothing can be compared."
        yield _finding(organisation, Severity.WARNING, apg.ukprn, ukprn, message)
        return
    provider = register.providers.get(ukprn)
    if provider is None:
        # A name tells more than a number that happens to be alike.
        likely = [each.ukprn for each in known] or list(register.mistyped(ukprn))
        ask = f" Did you mean {likely[0]} ({register.providers[likely[0]].name})?" if len(likely) == 1 else ""
        message = f"{register.file} lists no further education provider {ukprn}.{ask}"
        yield _finding(organisation, Severity.WARNING, apg.ukprn, ukprn, message)
        return
    if not provider.is_open:
        message = f"{_place(register, provider)} has the status {provider.status!r} for {ukprn}."
        yield _finding(organisation, Severity.INFO, apg.ukprn, ukprn, message)
    for property_, attribute, words, severity in _FIELDS:
        theirs = getattr(provider, attribute)
        ours = organisation.values[property_]
        if not theirs:
            continue
        if not ours:
            message = (
                f"No {words} is given; {_place(register, provider)} has {theirs!r} for {ukprn}. "
                "'apgraph convert --register' takes it over."
            )
            yield _finding(organisation, Severity.INFO, property_, None, message)
        elif key(theirs) not in set(map(key, ours)):
            message = f"{_place(register, provider)} has the {words} {theirs!r} for {ukprn}, not {ours[0]!r}."
            yield _finding(organisation, severity, property_, ours[0], message)


def _place(register: Register, provider: Provider) -> str:
    return f"{register.file}, line {provider.line},"


def _finding(
    organisation: _Organisation, severity: Severity, property_: str, value: str | None, message: str
) -> Finding:
    return Finding(
        focus_node=organisation.node,
        severity=severity,
        component=_COMPONENT,
        source_shape=REGISTER,
        path=NamedNode(property_),
        path_text=f"<{property_}>",
        value=None if value is None else Literal(value),
        messages=(Literal(message, language="en"),),
    )


def unnamed_message(finding: Finding) -> str:
    """Return what a finding of :func:`compare_providers` says, without what only the register knows of who it is.

    The number, the line in the register and the name there would each tell whose case it is.

    Args:
        finding: The finding.
    """
    path = finding.path.value if isinstance(finding.path, NamedNode) else ""
    if path == apg.ukprn and " has the status " not in finding.message:
        listed = "The register lists the UKPRN not at all, or more than once."
        return listed if finding.value else "No UKPRN is given; the register has one for this name."
    if path == _LABEL:
        return (
            "The register has another name." if finding.value else "No name is given; the register has one."
        )
    said = _NUMBER.sub("", _LINE.sub("the register", finding.message))
    return said[:1].upper() + said[1:]


def fill_providers(store: Store, register: Register, *, named: bool = True) -> tuple[Filled, ...]:
    """Take over name, type and region from a register where a case leaves them open.

    Args:
        store: Where the cases lie; the values go to the graph of each.
        register: The register.
        named: Whether the name is taken over, too.

    Raises:
        InputError: No organisation without a pseudonym has a UKPRN that the register lists.
    """
    organisations = _organisations(store)
    filled: list[Filled] = []
    known = 0
    for organisation in organisations:
        provider = register.providers.get(organisation.ukprn or "")
        if provider is None or organisation.is_pseudonymous:
            continue
        known += 1
        for property_, attribute, _, _ in _FIELDS:
            value = getattr(provider, attribute)
            if value and not organisation.values[property_] and (named or property_ != _LABEL):
                said = Literal(value)
                if property_ == _LABEL and (language := _language(store, organisation.graph)):
                    said = Literal(value, language=language)
                place = NamedNode(organisation.graph)
                store.add([Quad(organisation.node, NamedNode(property_), said, place)])
                source = f"{register.file}, line {provider.line}"
                filled.append(Filled(organisation.node.value, property_, value, source))
    if not known:
        raise InputError(_none_known(organisations, register))
    return tuple(filled)


def _language(store: Store, graph: str) -> str:
    """Return the language that most names in a graph are in; ``""`` where they have none."""
    query = f"""SELECT ?language WHERE {{ ?thing <{_LABEL}> ?name . BIND (LANG(?name) AS ?language) }}
        GROUP BY ?language ORDER BY DESC(COUNT(*)) ?language LIMIT 1"""
    rows = store.select(query, default_graphs=[graph]).rows
    return rows[0][0].value if rows and isinstance(rows[0][0], Literal) else ""


def _none_known(organisations: list[_Organisation], register: Register) -> str:
    if not organisations:
        return f"{register.file}: there is no organisation of a case to fill in"
    if all(organisation.is_pseudonymous for organisation in organisations):
        return f"{register.file}: the organisation has a pseudonym, which a register would undo; leave out --register"
    given = [organisation.ukprn for organisation in organisations if organisation.ukprn]
    if not given:
        return f"{register.file}: the case gives no UKPRN of eight digits; give it on sheet Organisation"
    return f"{register.file}: it lists no further education provider {given[0]} once; check the UKPRN of the case"
