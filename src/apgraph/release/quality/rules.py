"""A quality rule: one file, whose header says what it is for and whose query finds what breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from apgraph.errors import ParseError
from apgraph.resources import resource_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "CONTRADICTION_RULE",
    "EMPTY_CLASS_RULE",
    "LEVELS",
    "PROFILE_RULE",
    "SCOPES",
    "Rule",
    "Scope",
    "read_rule",
    "read_rules",
]

Scope = Literal["ontology", "extension"]

LEVELS: Final = ("error", "warn", "info")
"""How much a breach weighs, the heaviest first."""

SCOPES: Final[tuple[Scope, ...]] = ("ontology", "extension")
"""What a rule can be for: our own ontology, or an extension of it."""

_MARK: Final = "#+"
_TEXTS: Final = ("id", "level", "says", "problem", "principle", "solution", "source")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        id: Its name, that of its file.
        level: One of :data:`LEVELS`.
        says: What a breach says; ``{this}`` and the query's other variables stand in it by name, ``{nearest}`` for
            names that exist and are like the value, ``{by}`` for what names the value, where something else does, and
            ``{replacement}`` for what to use instead, or that there is nothing.
        problem: What is wrong where it is broken.
        principle: Why that matters.
        solution: What to do.
        source: Where the rule comes from.
        scopes: What it is for.
        query: The query, whose rows are the breaches; empty for a rule that is no query.
    """

    id: str
    level: str
    says: str
    problem: str
    principle: str
    solution: str
    source: str
    scopes: tuple[Scope, ...]
    query: str


PROFILE_RULE: Final = Rule(
    id="owl-dl",
    level="error",
    says="outside OWL 2 DL: {value}",
    problem="The checked files, with what they import, are not an ontology of OWL 2 DL.",
    principle="A reasoner is complete only inside the profile; outside it, two tools may answer differently.",
    solution="Take the axiom apart, or leave it out. The finding names the axiom and the rule of the specification.",
    source="OWL 2 Web Ontology Language, Structural Specification, section 3",
    scopes=SCOPES,
    query="",
)
"""A rule that is no query: it needs the ontology's axioms, not its triples."""

CONTRADICTION_RULE: Final = Rule(
    id="contradiction",
    level="error",
    says="the statements contradict one another: {value}",
    problem="The checked files contradict themselves, or what they build on.",
    principle="From a contradiction everything follows: no reasoner can say anything of the files any more.",
    solution="Take back one of the statements that the finding names. apgraph reason shows each step to it.",
    source="OWL 2 Web Ontology Language, Profiles, section 4.3 (rules whose conclusion is false)",
    scopes=SCOPES,
    query="",
)
"""A rule that is no query: it needs what follows by the rules of OWL 2 RL."""

EMPTY_CLASS_RULE: Final = Rule(
    id="empty-class",
    level="error",
    says="{this} can have no member: {value}",
    problem="Whatever was put into a class would be a contradiction.",
    principle="Nobody can use the class, and its definition says something other than was meant.",
    solution="Take back one of the axioms that the finding names.",
    source="OWL 2 Web Ontology Language, Profiles, section 4.3, asked of a made-up member",
    scopes=SCOPES,
    query="",
)
"""A rule that is no query, likewise."""


def read_rule(path: Path) -> Rule:
    """Read one rule.

    Raises:
        ParseError: The header is not as it has to be.

    >>> read_rule(resource_folder("quality") / "missing-label.rq").level
    'error'
    """
    import yaml

    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    header = [line.removeprefix(_MARK)[1:] for line in lines if line.startswith(_MARK)]
    query = "".join(line for line in lines if not line.startswith(_MARK))
    try:
        fields = yaml.safe_load("".join(header))
    except yaml.YAMLError as error:
        raise ParseError(
            path, f"the header is no YAML ({error})", hint="begin each line with '#+ '"
        ) from error
    if not isinstance(fields, dict):
        raise ParseError(path, "there is no header", hint="begin each line of it with '#+ '")
    return _checked(path, fields, query)


def _checked(path: Path, fields: Mapping[str, object], query: str) -> Rule:
    texts: dict[str, str] = {}
    for name in _TEXTS:
        value = fields.get(name)
        if not isinstance(value, str) or not value.strip():
            raise ParseError(path, f"the header has no {name}", hint="add the line")
        texts[name] = value.strip()
    unknown = sorted(set(fields) - {*_TEXTS, "for"})
    if unknown:
        raise ParseError(
            path, f"the header has a field {unknown[0]!r}", hint=f"leave it out; known: {', '.join(_TEXTS)}"
        )
    if texts["id"] != path.stem:
        raise ParseError(path, f"its id is {texts['id']!r}", hint="name the file after the id")
    if texts["level"] not in LEVELS:
        raise ParseError(path, f"its level is {texts['level']!r}", hint=f"choose one of {', '.join(LEVELS)}")
    scope = fields.get("for")
    scopes = tuple(each for each in SCOPES if scope in {None, each})
    if not scopes:
        raise ParseError(
            path, f"it is for {scope!r}", hint=f"choose one of {', '.join(SCOPES)}, or leave it out"
        )
    return Rule(**texts, scopes=scopes, query=query)


def read_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """Read all rules of a folder, by id; those of this package where none is given.

    Raises:
        ParseError: A header is not as it has to be.
    """
    found = [read_rule(path) for path in (folder or resource_folder("quality")).glob("*.rq")]
    others = (PROFILE_RULE, CONTRADICTION_RULE, EMPTY_CLASS_RULE)
    return tuple(sorted((*found, *others), key=lambda rule: rule.id))
