"""The lines of a file of RDF, as the places of findings.

A file is read once, whatever the number of findings: each line is asked which of the things, properties and values that
are looked for stand on it, never each finding whether it stands on the line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apgraph.cases.origins import Origin
    from apgraph.shacl import Finding
    from apgraph.shacl.report import Term

__all__ = ["LinePlaces"]

_LINES: Final = frozenset({".nt", ".nq"})
_TURTLE: Final = frozenset({".ttl", ".trig", ".n3", ".turtle"})
_DIRECTIVES: Final = frozenset({"@prefix", "prefix", "@base", "base"})
_PARTS: Final = re.compile(
    r"""#.*|<[^<>\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|\"{3}|'{3}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
    r"""|[\[\](),;{}]|[^\s<>"'\[\](),;{}]+"""
)
_WORDS: Final = re.compile(r"""(?<=>)[^<>]+(?=<)|"[^"]*"|[\w.%~-]+""")
_LONG: Final = re.compile(r"\"{3}|'{3}")
_LAST: Final = re.compile(r"[#/:]")
_TYPE: Final = "type"


class LinePlaces:
    """The lines of a file of RDF: exact for N-Triples and N-Quads, near for the other syntaxes.

    Args:
        file: The file.
    """

    def __init__(self, file: str | Path) -> None:
        self._file = Path(file)

    @property
    def file(self) -> str:
        """The file."""
        return str(self._file)

    def notes(self) -> tuple[str, ...]:
        """Return nothing: a file of RDF is read wholly."""
        return ()

    def problems(self) -> tuple[Finding, ...]:
        """Return nothing: RDF that parses has no problem that the rules do not find."""
        return ()

    def said_of(self, finding: Finding) -> str | None:  # noqa: ARG002 (part of the protocol)
        """Return nothing: what a file of RDF says is what the rules see."""
        return None

    def locate(self, findings: Sequence[Finding]) -> list[Origin | None]:
        """Look the findings up in the file, reading it once; a file that is gone has no places."""
        from apgraph.cases.origins import Origin

        keys = [_key(finding) for finding in findings]
        wanted = _Wanted(key for key in keys if key is not None)
        suffix = self._file.suffix.lower()
        exact = suffix in _LINES
        scan = _scan_statements if exact else _scan_turtle if suffix in _TURTLE else _scan_others
        try:
            if wanted.names:
                with self._file.open(encoding="utf-8-sig", errors="replace") as stream:
                    scan(stream, wanted)
        except OSError:
            return [None] * len(findings)
        lines = [None if key is None else wanted.line_of(*key) for key in keys]
        return [
            None if line is None else Origin(str(self._file), line=line, approximate=not exact)
            for line in lines
        ]


def _key(finding: Finding) -> tuple[str, str, str] | None:
    """Return thing, property and value of a finding, as they are looked for."""
    if not isinstance(finding.focus_node, NamedNode):
        return None
    path = finding.path.value if isinstance(finding.path, NamedNode) else ""
    return (finding.focus_node.value, path, _text(finding.value) if path else "")


def _text(value: Term | None) -> str:
    return value.value if value is not None and not isinstance(value, BlankNode) else ""


def _last(name: str) -> str:
    """Return the last part of an IRI or of its short form."""
    return _LAST.split(name)[-1]


class _Wanted:
    """The things, properties and values that are looked for, and the first line on which each stands.

    Args:
        keys: Thing, property and value of each finding; ``""`` for a property or a value that there is not.
    """

    def __init__(self, keys: Iterable[tuple[str, str, str]]) -> None:
        self.names: dict[str, dict[str, set[str]]] = {}
        """By thing, and by the last part of the properties' names: the values, short and whole."""
        self._first: dict[tuple[str, ...], int] = {}
        for thing, path, value in keys:
            names = self.names.setdefault(thing, {})
            if path:
                names.setdefault(_last(path), set()).update({value, _last(value)} - {""})

    def see(self, number: int, *key: str) -> None:
        """Take down that something stands on a line, unless it stood on one before."""
        self._first.setdefault(key, number)

    def line_of(self, thing: str, path: str, value: str) -> int | None:
        """Return the line of a value; else that of its property, else that of its thing."""
        name = _last(path)
        keys = ((thing, name, value), (thing, name, _last(value)), (thing, name), (thing,))
        return next((self._first[key] for key in keys if all(key) and key in self._first), None)


def _scan_statements(lines: Iterable[str], wanted: _Wanted) -> None:
    """Go through N-Triples or N-Quads: each line is a statement."""
    for number, line in enumerate(lines, start=1):
        word = next(iter(line.split(None, 1)), "")
        thing = word[1:-1]
        names = wanted.names.get(thing) if word.startswith("<") else None
        if names is None:
            continue
        wanted.see(number, thing)
        try:
            (said,) = parse(line.encode(), format=RdfFormat.N_QUADS)
        except (SyntaxError, ValueError):
            # A line of an older syntax: what it is about is all that is known of it.
            continue
        name = _last(said.predicate.value)
        if name in names:
            wanted.see(number, thing, name)
            wanted.see(number, thing, name, _text(said.object))


def _scan_turtle(lines: Iterable[str], wanted: _Wanted) -> None:
    """Go through Turtle or TriG, from statement to statement, wherever they begin and end."""
    prefixes: dict[str, str] = {}
    base, directive = "", list[str]()
    thing, name, begins, still_open = "", "", True, ""
    names: Mapping[str, set[str]] | None = None
    for number, line in enumerate(lines, start=1):
        text = line
        if still_open:
            _, end, text = text.partition(still_open)
            if not end:
                continue
            still_open = ""
        elif names is None and not begins and "." not in text and "}" not in text and not _LONG.search(text):
            # Nothing is looked for here, and the statement goes on.
            continue
        for part in _PARTS.findall(text):
            if part[0] == "#":
                break
            if part in {'"""', "'''"}:
                still_open = part
                break
            if directive:
                directive.append(part.removesuffix(".") if part[0] != "<" else part)
                if part[0] == "<":
                    iri = _resolved(part[1:-1], base)
                    if directive[0].lower().endswith("base"):
                        base = iri
                    else:
                        prefixes[directive[-2]] = iri
                    directive = []
                continue
            if begins and part.lower() in _DIRECTIVES:
                directive = [part]
            elif part in {"{", "}"}:
                begins, names = True, None
            elif begins and part != ".":
                thing, name, begins = _subject(part, prefixes, base), "", False
                names = wanted.names.get(thing)
                if names is not None:
                    wanted.see(number, thing)
            elif part == ";":
                name = ""
            elif part[0] in "<\"'" or part[-1] != ".":
                name = _seen(part, number, (thing, name), names, wanted)
            else:
                _seen(part[:-1], number, (thing, name), names, wanted)
                begins, names = True, None


def _subject(part: str, prefixes: Mapping[str, str], base: str) -> str:
    """Return the IRI that a part of Turtle stands for."""
    if part[0] == "<":
        return _resolved(part[1:-1], base)
    prefix, colon, local = part.partition(":")
    return prefixes.get(f"{prefix}:", "") + local.replace("\\", "") if colon else ""


def _resolved(iri: str, base: str) -> str:
    if not base:
        return iri
    # The function of the standard library joins nothing to a base such as urn:x, of which only a fragment can be given.
    return base.partition("#")[0] + iri if iri.startswith("#") else urljoin(base, iri)


def _seen(
    part: str,
    number: int,
    at: tuple[str, str],
    names: Mapping[str, set[str]] | None,
    wanted: _Wanted,
) -> str:
    """Take down a part of a statement; return the name of the property whose values come next."""
    thing, name = at
    if names is None or not part:
        return name
    quoted = part[0] in "\"'"
    text = part.strip("\"'") if quoted else part.strip("<>")
    if name and text in names[name]:
        wanted.see(number, thing, name, text)
    short = text if quoted else _last(text)
    if name and short in names[name]:
        wanted.see(number, thing, name, short)
    elif not name and not quoted and (short := _TYPE if part == "a" else short) in names:
        wanted.see(number, thing, short)
        return short
    return name


def _scan_others(lines: Iterable[str], wanted: _Wanted) -> None:
    """Go through JSON-LD or RDF/XML, as they are mostly written: a name or a value on a line of its own."""
    thing, name = "", ""
    names: Mapping[str, set[str]] | None = None
    for number, line in enumerate(lines, start=1):
        if line.lstrip(" \t{[,").startswith(('"@id"', '"id"')) or "about=" in line:
            named = (each[1:-1] for each in re.findall(r'"[^"]*"', line))
            found = next((each for each in named if each in wanted.names), None)
            if found is not None:
                thing, name, names = found, "", wanted.names[found]
                wanted.see(number, thing)
        if names is None:
            continue
        for word in _WORDS.findall(line):
            text = word.strip('"').removeprefix("@")
            for each in (text, _last(text)):
                if each in names:
                    name = each
                    wanted.see(number, thing, name)
                elif name and each in names[name]:
                    wanted.see(number, thing, name, each)
