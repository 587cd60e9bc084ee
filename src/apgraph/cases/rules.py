"""The rules for case data, as the shapes state them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode

from apgraph.lexicon import curie
from apgraph.shacl.paths import read_path
from apgraph.shacl.report import SH, Severity
from apgraph.vocabulary import APGSH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.shacl import Shapes
    from apgraph.shacl.report import Term

__all__ = [
    "FAULT",
    "LIST_QUERY",
    "LIST_TITLE",
    "RULE_NUMBER",
    "SHEET",
    "Check",
    "Rule",
    "counted",
    "fault_of",
    "rules",
    "rules_markdown",
    "text_of",
]

FAULT: Final = APGSH + "fault"
RULE_NUMBER: Final = APGSH + "ruleNumber"
SHEET: Final = APGSH + "sheet"
LIST_QUERY: Final = APGSH + "listQuery"
LIST_TITLE: Final = APGSH + "listTitle"
_LABEL: Final = PREFIXES["rdfs"] + "label"
_COMMENT: Final = PREFIXES["rdfs"] + "comment"
_TARGETS: Final = {
    "targetClass": "each {}",
    "targetNode": "{}",
    "targetSubjectsOf": "whatever has {}",
    "targetObjectsOf": "whatever is a value of {}",
}
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
_COUNTS: Final = {
    "minCount": "at least {}",
    "maxCount": "at most {}",
    "minInclusive": "not less than {}",
    "maxInclusive": "not more than {}",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One part of a rule: what it looks at, and what it says.

    Attributes:
        shape: IRI of the shape.
        field: What it looks at, in words.
        path: The property, as a short name.
        sheet: The sheet of the workbook on which that is entered.
        asks: The constraints, in words.
        message: What it says.
    """

    shape: str
    field: str | None
    path: str | None
    sheet: str | None
    asks: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for case data.

    Attributes:
        number: Its number.
        anchor: Name of its place on a page: a rule of several shapes has several.
        shape: IRI of the node shape that states it.
        title: What holds where it is kept.
        fault: What is wrong where it is not.
        description: The same in a sentence.
        severity: How grave it is not to keep it.
        targets: What it is for, in words and short names.
        checks: What it looks at.
    """

    number: int
    anchor: str
    shape: str
    title: str
    fault: str
    description: str
    severity: Severity
    targets: tuple[str, ...]
    checks: tuple[Check, ...]


def rules(shapes: Shapes) -> tuple[Rule, ...]:
    """Return the rules of some shapes by number; shapes without a rule number are no rules."""
    found = []
    for shape in shapes.nodes():
        number = text_of(shapes, shape, RULE_NUMBER)
        targets = tuple(_targets(shapes, shape))
        if number is None or not targets or not isinstance(shape, NamedNode):
            continue
        found.append(
            Rule(
                number=int(number),
                anchor="",
                shape=shape.value,
                title=text_of(shapes, shape, _LABEL) or curie(shape.value),
                fault=fault_of(shapes, shape),
                description=text_of(shapes, shape, _COMMENT) or "",
                severity=Severity.of(text_of(shapes, shape, SH + "severity") or Severity.VIOLATION.iri),
                targets=targets,
                checks=tuple(_checks(shapes, shape)),
            )
        )
    places: Counter[int] = Counter()
    numbered = []
    for rule in sorted(found, key=lambda rule: (rule.number, rule.shape)):
        places[rule.number] += 1
        more = f"-{places[rule.number]}" if places[rule.number] > 1 else ""
        numbered.append(replace(rule, anchor=f"rule-{rule.number}{more}"))
    return tuple(numbered)


def counted(found: Sequence[Rule]) -> str:
    """Return how many rules there are, and why that is neither the last number nor the number of entries.

    >>> from apgraph.resources import resource_folder
    >>> from apgraph.shacl import load_shapes
    >>> counted(rules(load_shapes([resource_folder("shapes")])))
    '25 rules, numbered 1 to 27: numbers 6 and 22 are not used, and rules 4, 24 and 25 have several parts.'
    """
    places = Counter(rule.number for rule in found)
    if not places:
        return "No rules."
    last = max(places)
    unused = [str(number) for number in range(1, last) if number not in places]
    several = [str(number) for number, times in sorted(places.items()) if times > 1]
    said = [f"{_numbered('number', unused)} {'is' if len(unused) == 1 else 'are'} not used"] if unused else []
    if several:
        said.append(f"{_numbered('rule', several)} {'has' if len(several) == 1 else 'have'} several parts")
    return f"{len(places)} rules, numbered 1 to {last}{': ' if said else ''}{', and '.join(said)}."


def _numbered(name: str, numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"{name} {numbers[0]}"
    return f"{name}s {', '.join(numbers[:-1])} and {numbers[-1]}"


def text_of(shapes: Shapes, subject: Term, predicate: str) -> str | None:
    """Return the first value of a property of a shape, as text."""
    values = sorted(value.value for value in shapes.objects(subject, predicate))
    return values[0] if values else None


def fault_of(shapes: Shapes, shape: Term) -> str:
    """Return what is wrong where a shape is not kept: what it says of that, else its label or short name."""
    return text_of(shapes, shape, FAULT) or text_of(shapes, shape, _LABEL) or curie(shape.value)


def rules_markdown(shapes: Shapes) -> str:
    """Return the reference page of the rules."""
    listed = rules(shapes)
    lines = [
        "# Rules for case data",
        "",
        "Generated from `shapes/`. `apgraph validate DATA…` checks them, on the data as it is asserted: nothing is",
        "inferred first, and the framework only says what its classes and terms are. They are rules of this project, not",
        "of the source. What a rule says names the sheet of the case workbook on which the matter is entered.",
        "",
        counted(listed),
        "",
        "| Rule | Severity | What holds | Heading in a report |",
        "|---|---|---|---|",
    ]
    lines += [f"| [{r.number}](#{r.anchor}) | {r.severity.value} | {r.title} | {r.fault} |" for r in listed]
    for rule in listed:
        lines += [
            "",
            f'## <a id="{rule.anchor}"></a>Rule {rule.number}: {rule.title}',
            "",
            rule.description,
            "",
        ]
        lines += [f"Looks at {_joined(rule.targets)}. Shape: `{curie(rule.shape)}`.", ""]
        lines += ["| Looks at | Asks | Says |", "|---|---|---|"]
        # A bar within would end the cell.
        lines += [
            f"| {_place(c)} | {'; '.join(c.asks).replace('|', chr(92) + '|')} | {c.message} |"
            for c in rule.checks
        ]
    return "\n".join(lines) + "\n"


def _place(check: Check) -> str:
    if check.path is None:
        return "the whole"
    return f"{check.field} (`{check.path}`)" if check.field else f"`{check.path}`"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _targets(shapes: Shapes, shape: Term) -> Iterator[str]:
    for name, template in _TARGETS.items():
        for value in sorted(t.value for t in shapes.objects(shape, SH + name)):
            yield template.format(f"`{curie(value)}`")


def _checks(shapes: Shapes, shape: Term) -> Iterator[Check]:
    own = tuple(_asks(shapes, shape))
    if own:
        yield from _check(shapes, shape, own)
    for inner in sorted(shapes.objects(shape, SH + "property"), key=str):
        yield from _check(shapes, inner, tuple(_asks(shapes, inner)))


def _check(shapes: Shapes, shape: Term, asks: tuple[str, ...]) -> Iterator[Check]:
    messages = [text_of(shapes, shape, SH + "message")]
    messages += [
        text_of(shapes, c, SH + "message") for c in sorted(shapes.objects(shape, SH + "sparql"), key=str)
    ]
    yield Check(
        shape=shape.value,
        field=text_of(shapes, shape, SH + "name"),
        path=_path(shapes, shape),
        sheet=text_of(shapes, shape, SHEET),
        asks=asks,
        message=_PLACEHOLDER.sub(r"*\1*", " ".join(message for message in messages if message)),
    )


def _path(shapes: Shapes, shape: Term) -> str | None:
    for path in shapes.objects(shape, SH + "path"):
        # A path of several steps is a blank node, whose name is another each time.
        return curie(path.value) if isinstance(path, NamedNode) else _short(read_path(shapes, path).shown)
    return None


def _short(path: str) -> str:
    return re.sub("<([^>]*)>", lambda match: curie(match[1]), path)


def _asks(shapes: Shapes, shape: Term) -> Iterator[str]:
    for name, template in _COUNTS.items():
        for value in shapes.objects(shape, SH + name):
            yield template.format(value.value)
    for value in shapes.objects(shape, SH + "class"):
        yield f"typed `{curie(value.value)}`"
    for value in shapes.objects(shape, SH + "datatype"):
        yield f"datatype `{curie(value.value)}`"
    for value in shapes.objects(shape, SH + "hasValue"):
        yield f"the value `{curie(value.value)}`"
    for value in shapes.objects(shape, SH + "pattern"):
        yield f"of the form `{value.value}`"
    for head in shapes.objects(shape, SH + "in"):
        yield f"one of {', '.join(f'`{curie(v.value)}`' for v in shapes.members(head))}"
    for name, word in (("or", "or"), ("xone", "or, but not both,")):
        for head in shapes.objects(shape, SH + name):
            yield f" {word} ".join(_alternative(shapes, member) for member in shapes.members(head))
    for value in shapes.objects(shape, SH + "disjoint"):
        yield f"another than `{curie(value.value)}`"
    for inner in shapes.objects(shape, SH + "not"):
        yield f"not: {_alternative(shapes, inner)}"
    for inner in shapes.objects(shape, SH + "node"):
        members = shapes.objects(inner, SH + "property")
        yield from sorted(f"something with {_alternative(shapes, member)}" for member in members)
    if isinstance(shape, BlankNode):
        # By what they say, since their names differ from run to run.
        yield from sorted(_alternative(shapes, member) for member in shapes.objects(shape, SH + "property"))
    for constraint in sorted(shapes.objects(shape, SH + "sparql"), key=str):
        known = isinstance(constraint, NamedNode)
        yield f"SPARQL `{curie(constraint.value)}`" if known else "SPARQL"


def _alternative(shapes: Shapes, shape: Term) -> str:
    asks = "; ".join(_asks(shapes, shape))
    path = _path(shapes, shape)
    return asks if path is None else f"`{path}`: {asks}"
