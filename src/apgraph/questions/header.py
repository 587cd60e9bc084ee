"""The header of a question file: the lines that begin with ``#+``, read as YAML and checked strictly."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypeAlias

from apgraph.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["ASKERS", "TYPES", "Header", "Parameter", "header_lines", "parse_header"]

ASKERS: Final = ("researcher", "lead", "importer")
Need: TypeAlias = Literal["framework", "case", "mappings"]
NEEDS: Final[tuple[Need, ...]] = ("framework", "case", "mappings")
TYPES: Final = ("iri", "claim", "string", "integer", "date")

_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NUMBER: Final = re.compile(r"Q[0-9]{2,3}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_CURIE: Final = re.compile(r"[a-z][a-z0-9]*:[A-Za-z][A-Za-z0-9_-]*")
_GROUND: Final = re.compile(r"[CRG][0-9]{2,3}")
_MARK: Final = "#+"
_LONG: Final = 10_000
"""No header of a real question is longer than that."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a question that the reader may set."""

    name: str
    about: str
    type: Literal["iri", "claim", "string", "integer", "date"]
    """``claim`` is the IRI of a claim, which readers name by its number."""
    classes: tuple[str, ...] = ()
    """Short names of the classes whose members are allowed."""
    default: str | int | None = None
    required: bool = False

    @property
    def option(self) -> str:
        """The parameter as an option of the command line.

        >>> Parameter("case_id", "the case", "string").option
        '--case-id'
        """
        return "--" + self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Header:
    """What a question file says about itself."""

    id: str
    question: str
    asked_by: tuple[str, ...]
    columns: Mapping[str, str]
    """Column to what it holds, in the order of the query's variables."""
    needs: Need
    """What it is asked of; ``mappings`` are those to other vocabularies, which come with this package."""
    rests_on: tuple[str, ...] | Literal["any"]
    """Claims (``C034``) that the question is about."""
    keywords: tuple[str, ...]
    number: str | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    case_data: str | None = None
    silent: str | None = None
    coverage: bool = True
    examples: tuple[Mapping[str, str | int], ...] = (MappingProxyType({}),)


def header_lines(text: str) -> tuple[list[str], int]:
    r"""Return the header's lines without their marks, and the number of the first one.

    >>> header_lines("# a comment\n#+ id: models\n#+ number: Q01\nSELECT * {}")
    (['id: models', 'number: Q01'], 2)
    """
    lines: list[str] = []
    first = 1
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(_MARK):
            if not lines:
                first = number
            lines.append(line[len(_MARK) :].removeprefix(" "))
        elif lines:
            break
    return lines, first


def parse_header(text: str, file: Path | str) -> Header:
    r"""Read the header of a question.

    Args:
        text: The whole file, or its beginning.
        file: Its name, for messages.

    Raises:
        ParseError: The header is missing, is no YAML, or says something that a header cannot say.

    >>> header = parse_header('''
    ... #+ id: deployment-models
    ... #+ question: Which deployment models are there?
    ... #+ asked_by: [researcher]
    ... #+ columns: {model: the model}
    ... #+ needs: framework
    ... #+ rests_on: [C085]
    ... #+ keywords: [models]
    ... SELECT ?model WHERE { ?model a apg:DeploymentModel }''', "deployment-models.rq")
    >>> header.question, dict(header.columns)
    ('Which deployment models are there?', {'model': 'the model'})
    """
    import yaml

    lines, first = header_lines(text)
    if not lines:
        raise ParseError(
            file, "there is no header", line=1, hint="begin the file with lines such as '#+ id: my-question'"
        )
    source = "\n".join(lines)
    # The loader written in C is ten times as fast, but deep nesting overruns its stack.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if len(source) <= _LONG else yaml.SafeLoader
    try:
        # S506: both loaders are safe ones.
        content = yaml.load(source, Loader=loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        row = min(mark.line, len(lines) - 1) if mark else 0
        raise ParseError(
            file,
            f"the header is no YAML: {error.problem or error.context}",
            line=first + row,
            column=mark.column + len(_MARK) + 2 if mark else None,
            text=lines[row] if row < len(lines) else None,
            hint="quote texts that hold ': ' or begin with a mark",
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ParseError(file, f"the header is no YAML: {error}", line=first) from error
    return _Reader(content, file, lines, first).header()


class _Reader:
    """Turns what YAML gave into a Header, or says what is wrong and in which line."""

    def __init__(self, content: object, file: Path | str, lines: Sequence[str], first: int) -> None:
        self._file = file
        self._lines = lines
        self._first = first
        if not isinstance(content, dict):
            self._fail(
                "the header is not a list of 'key: value' lines",
                "write '#+ id: …', '#+ question: …' and so on",
            )
        self._content: dict[Any, Any] = content

    def header(self) -> Header:
        known = set(Header.__dataclass_fields__)
        for name in self._content:
            if name not in known:
                from apgraph.lexicon import nearest

                like = nearest(str(name), sorted(known), 1)
                self._fail(
                    f"the header has an unknown key {name!r}",
                    f"did you mean {like[0]!r}?" if like else f"the keys are {', '.join(sorted(known))}",
                    name,
                )
        identity = self._text("id", _ID, "lower-case words joined by hyphens")
        question = self._text("question")
        if not question.endswith("?") or not question[0].isupper():
            self._fail(
                "the question is no question", "begin it with a capital and end it with '?'", "question"
            )
        needs = self._one_of("needs", NEEDS)
        case_data = self._text("case_data") if "case_data" in self._content else None
        if needs == "case" and case_data is None:
            self._fail(
                "a question with 'needs: case' says which records it reads", "add '#+ case_data: …'", "needs"
            )
        columns = self._mapping("columns")
        if not columns:
            self._fail(
                "there are no columns",
                "name each variable that the query selects, and what it holds",
                "columns",
            )
        for name, meaning in columns.items():
            self._check_name(name, "columns")
            if not isinstance(meaning, str) or len(meaning) < 3:
                self._fail(f"column {name!r} does not say what it holds", "give a text", name)
        return Header(
            id=identity,
            question=question,
            asked_by=self._texts("asked_by", lambda item: item in ASKERS, f"of {', '.join(ASKERS)}", least=1),
            columns=MappingProxyType(dict(columns)),
            needs=needs,
            rests_on=self._rests_on(),
            keywords=self._texts("keywords", lambda item: len(item) > 1, "of words"),
            number=self._text("number", _NUMBER, "such as Q02") if "number" in self._content else None,
            parameters=self._parameters(),
            case_data=case_data,
            silent=self._text("silent") if "silent" in self._content else None,
            coverage=self._flag(self._content, "coverage", default=True),
            examples=self._examples(),
        )

    def _fail(self, problem: str, hint: str, key: object = None) -> NoReturn:
        raise ParseError(self._file, problem, line=self._line(key), hint=hint)

    def _line(self, key: object) -> int:
        for number, line in enumerate(self._lines, self._first):
            if key is not None and re.match(rf"[\s{{,]*['\"]?{re.escape(str(key))}['\"]?\s*:", line):
                return number
        return self._first

    def _text(self, key: str, pattern: re.Pattern[str] | None = None, form: str = "a text") -> str:
        value = self._content.get(key)
        if value is None:
            self._fail(f"the header has no {key!r}", f"add '#+ {key}: …'", key)
        if not isinstance(value, str) or len(value) < 3 or (pattern and not pattern.fullmatch(value)):
            self._fail(f"{key} is {value!r}", f"it has to be {form}", key)
        return value

    def _one_of(self, key: str, allowed: tuple[Need, ...]) -> Need:
        value = self._content.get(key)
        if value not in allowed:
            self._fail(f"{key} is {value!r}", f"it has to be {' or '.join(allowed)}", key)
        return next(each for each in allowed if each == value)

    def _texts(self, key: str, fits: Callable[[str], bool], form: str, *, least: int = 0) -> tuple[str, ...]:
        value = self._content.get(key)
        good = isinstance(value, list) and all(isinstance(item, str) and fits(item) for item in value)
        if not isinstance(value, list) or not good or len(set(value)) != len(value) or len(value) < least:
            self._fail(f"{key} is {value!r}", f"it has to be a list {form}, such as '[a, b]'", key)
        return tuple(value)

    def _mapping(self, key: str) -> dict[Any, Any]:
        value = self._content.get(key)
        if not isinstance(value, dict):
            self._fail(f"{key} is {value!r}", f"it has to be 'name: …' lines below '#+ {key}:'", key)
        return value

    def _flag(self, content: Mapping[Any, Any], key: str, *, default: bool) -> bool:
        value = content.get(key, default)
        if not isinstance(value, bool):
            self._fail(f"{key} is {value!r}", "it has to be true or false", key)
        return value

    def _check_name(self, name: object, place: str) -> None:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            self._fail(
                f"{name!r} in {place} is no variable", "use lower-case letters, digits and underscores", name
            )

    def _rests_on(self) -> tuple[str, ...] | Literal["any"]:
        if self._content.get("rests_on") == "any":
            return "any"
        return self._texts("rests_on", lambda c: bool(_GROUND.fullmatch(c)), "of claims or 'any'")

    def _parameters(self) -> Mapping[str, Parameter]:
        if "parameters" not in self._content:
            return MappingProxyType({})
        found = {}
        for name, says in self._mapping("parameters").items():
            self._check_name(name, "parameters")
            found[name] = self._parameter(name, says)
        return MappingProxyType(found)

    def _parameter(self, name: str, says: object) -> Parameter:
        known = ("about", "type", "class", "default", "required")
        if not isinstance(says, dict) or any(key not in known for key in says):
            self._fail(f"parameter {name!r} is {says!r}", f"give {', '.join(known)}", name)
        about, kind, default = says.get("about"), says.get("type"), says.get("default")
        if not isinstance(about, str) or len(about) < 3:
            self._fail(f"parameter {name!r} has no 'about'", "say in words what its value stands for", name)
        if kind not in TYPES:
            self._fail(f"parameter {name!r} has the type {kind!r}", f"use one of {', '.join(TYPES)}", name)
        classes = says.get("class", [])
        classes = [classes] if isinstance(classes, str) else classes
        if not isinstance(classes, list) or not all(
            isinstance(c, str) and _CURIE.fullmatch(c) for c in classes
        ):
            self._fail(
                f"the class of parameter {name!r} is {classes!r}", "give a name such as apg:Model", name
            )
        if classes and kind != "iri":
            self._fail(f"parameter {name!r} has a class and the type {kind}", "use type: iri", name)
        if isinstance(default, datetime.date):
            default = default.isoformat()
        if default is not None and (isinstance(default, bool) or not isinstance(default, str | int)):
            self._fail(f"the default of parameter {name!r} is {default!r}", "give a text or a number", name)
        required = self._flag(says, "required", default=False)
        if required and default is not None:
            self._fail(f"parameter {name!r} is required and has a default", "keep one of the two", name)
        return Parameter(name, about, kind, tuple(classes), default, required)

    def _examples(self) -> tuple[Mapping[str, str | int], ...]:
        examples = self._content.get("examples", [{}])
        parameters = self._content.get("parameters") or {}
        good = isinstance(examples, list) and bool(examples) and all(isinstance(e, dict) for e in examples)
        if not good:
            self._fail(
                f"examples is {examples!r}",
                "it has to be a list such as '[{}, {model: deficit}]'",
                "examples",
            )
        found = []
        for example in examples:
            clean: dict[str, str | int] = {}
            for name, value in example.items():
                if name not in parameters:
                    self._fail(
                        f"an example sets {name!r}, which is no parameter", "correct its name", "examples"
                    )
                value = value.isoformat() if isinstance(value, datetime.date) else value
                if isinstance(value, bool) or not isinstance(value, str | int):
                    self._fail(f"an example sets {name} to {value!r}", "give a text or a number", "examples")
                clean[name] = value
            found.append(MappingProxyType(clean))
        return tuple(found)
