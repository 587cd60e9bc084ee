"""The report of a check of files against the quality rules: where, what, and what to do."""

from __future__ import annotations

import datetime
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from apgraph.cases.lines import LinePlaces
from apgraph.deprecation import deprecated_uses
from apgraph.errors import InputError
from apgraph.lexicon import LANGUAGE, NAMING, Lexicon
from apgraph.notices import Notice, NoticeReport, apply, read_waivers
from apgraph.notices import Rule as NoticeRule
from apgraph.release.quality.bearers import Bearers
from apgraph.release.quality.checking import Checker
from apgraph.resources import FRAMEWORK, MODULES, ontology_module, resource_folder
from apgraph.shacl import Finding, Severity
from apgraph.store import OxigraphStore, expand, format_of
from apgraph.store.parsing import parse
from apgraph.turtle.prefixes import declared_prefixes
from apgraph.vocabulary import APG, PREFIXES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from apgraph.deprecation import Deprecated
    from apgraph.release.quality.breach import Breach
    from apgraph.release.quality.rules import Rule

__all__ = ["SEVERITY_OF", "check_extensions", "check_ontology", "deprecated_in", "framework"]

SEVERITY_OF: Final = {"error": "violation", "warn": "warning", "info": "info"}
"""The severity that notices of a rule's level have; reports call it by the level."""

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_ONTOLOGY: Final = NamedNode(PREFIXES["owl"] + "Ontology")
_IMPORTS: Final = NamedNode(PREFIXES["owl"] + "imports")
_VERSION: Final = NamedNode(PREFIXES["owl"] + "versionIRI")
_DEPRECATED: Final = NamedNode(PREFIXES["owl"] + "deprecated")
_MODIFIED: Final = NamedNode(PREFIXES["dcterms"] + "modified")
_PAGE: Final = "https://w3id.org/apgraph/docs/reference/quality.html"


def check_ontology(*, waivers: Iterable[Path] = (), today: datetime.date | None = None) -> NoticeReport:
    """Check the ontology of this package, with the waivers that come with it.

    Those are judged as of the day on which the ontology was last changed: a version that was clean when it was made
    stays so, and whoever changes it after their last day has to look at them again.

    Args:
        waivers: Further files of waivers.
        today: The day on which those have to hold; the current one by default.

    Raises:
        ParseError: A file of waivers is not as it has to be.
    """
    files = [ontology_module(name) for name in (*MODULES, "apgraph")]
    return _report("Quality of the ontology", Checker(), files, "ontology", waivers, today)


def check_extensions(
    sources: Sequence[str | Path], *, waivers: Iterable[Path] = (), today: datetime.date | None = None
) -> NoticeReport:
    """Check extensions of the framework, together, beside it.

    Args:
        sources: Files of RDF, folders of such and globs.
        waivers: Files of waivers.
        today: The day on which waivers have to hold; the current one by default.

    Raises:
        InputError: A file is missing, can't be read, or is one of the framework's own.
        ParseError: A file does not parse.
    """
    files = expand(sources)
    own = {ontology_module(name).resolve() for name in (*MODULES, "apgraph")}
    for file in files:
        if file.resolve() in own:
            raise InputError(
                f"{file}: this is a file of the framework; 'apgraph check' without a file checks those"
            )
    _refuse_cases(files)
    known = (*framework(), *_imported(files))
    return _report("Quality of an extension", Checker(known), files, "extension", waivers, today)


def deprecated_in(sources: Sequence[str | Path]) -> tuple[Deprecated, ...]:
    """Return the deprecated terms that extensions use, each with what to use instead.

    Args:
        sources: Files of RDF, folders of such and globs.

    Raises:
        InputError: A file is missing or can't be read.
        ParseError: A file does not parse.

    >>> deprecated_in([resource_folder("ontology") / "extensions" / "template.ttl"])
    ()
    """
    quads = [quad for file in expand(sources) for quad in _quads(file)]
    if not any(quad.predicate == _DEPRECATED for quad in (*framework(), *quads)):
        return ()
    store = OxigraphStore()
    home = NamedNode(FRAMEWORK)
    store.add(Quad(quad.subject, quad.predicate, quad.object, home) for quad in framework())
    store.add(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return deprecated_uses(store, Lexicon(store), [""])


@cache
def framework() -> tuple[Quad, ...]:
    """Return what an extension builds on: the modules, and the headers of what else it can import."""
    known = [quad for name in MODULES for quad in _quads(ontology_module(name))]
    for file in (ontology_module("apgraph"), *_alignments()):
        quads = _quads(file)
        headers = {q.subject for q in quads if q.predicate == _TYPE and q.object == _ONTOLOGY}
        known += [quad for quad in quads if quad.subject in headers]
    return tuple(known)


def _alignments() -> list[Path]:
    return sorted((resource_folder("ontology") / "alignments").glob("*.ttl"))


def _imported(files: Iterable[Path]) -> Iterator[Quad]:
    """Yield what is stated in those of our alignments that files import, by name or by version."""
    wanted = {quad.object for file in files for quad in _quads(file) if quad.predicate == _IMPORTS}
    for file in _alignments() if wanted else ():
        quads = _quads(file)
        named = (q.subject for q in quads if q.predicate == _TYPE and q.object == _ONTOLOGY)
        names = {*named, *(q.object for q in quads if q.predicate == _VERSION)}
        if not names.isdisjoint(wanted):
            yield from quads


def _refuse_cases(files: Sequence[Path]) -> None:
    record = NamedNode(APG + "CaseRecord")
    for file in files:
        if any(quad.object == record and quad.predicate == _TYPE for quad in _quads(file)):
            raise InputError(f"{file}: it holds a case, not an extension; 'apgraph validate' checks cases")


def _quads(file: Path) -> list[Quad]:
    base = file.resolve().as_uri()
    return list(parse(file, syntax=format_of(file), base=base, name=str(file)))


def _report(
    title: str,
    checker: Checker,
    files: Sequence[Path],
    scope: str,
    waivers: Iterable[Path],
    today: datetime.date | None,
) -> NoticeReport:
    accepted = [waiver for file in waivers for waiver in read_waivers(file)]
    content = {file: _quads(file) for file in files}
    together = [quad for quads in content.values() for quad in quads]
    checklist = checker.check(
        together, "ontology" if scope == "ontology" else "extension", prefixes=declared_prefixes(files)
    )
    notices = _notices(checklist.breaches, content)
    if scope == "ontology":
        own = read_waivers(resource_folder("quality") / "waivers.yaml")
        notices = list(apply(notices, own, _changed(together)))
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    rules = tuple(_rule(rule) for rule in checklist.rules)
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return NoticeReport(
        title,
        apply(notices, accepted, day, rules=[rule.id for rule in rules]),
        checked=tuple(file.name if scope == "ontology" else str(file) for file in files),
        rules=rules,
        version=VERSION,
        date=day.isoformat(),
        data_hash=f"sha256:{whole.hexdigest()}",
        summary=f"{_counted(len(checklist.terms), 'term')}, {_named(together)}{_counted(len(checklist.rules), 'rule')}"
        f"{_unseen(checklist.unseen)}",
        levels=tuple((severity, level) for level, severity in SEVERITY_OF.items()),
    )


def _counted(number: int, what: str) -> str:
    """Return a number of things in words.

    >>> _counted(1, "term"), _counted(1040, "term")
    ('1 term', '1,040 terms')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _unseen(axioms: str) -> str:
    """Say which axioms a contradiction may hide in, and what looks at them."""
    if not axioms:
        return ""
    return f" (not wholly looked at for contradictions: {axioms.partition(';')[0]}; 'apgraph reason --dl' looks at all)"


def _named(quads: Sequence[Quad]) -> str:
    """Say how many terms of the framework are named in which further languages."""
    named = {
        (quad.subject, language)
        for quad in quads
        if quad.predicate.value in NAMING
        and isinstance(quad.object, Literal)
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(FRAMEWORK)
        and (language := quad.object.language or LANGUAGE).partition("-")[0] != LANGUAGE
    }
    if not named:
        return ""
    languages = sorted({language for _, language in named})
    number = len({term for term, _ in named})
    return f"names for {number:,} {'term' if number == 1 else 'terms'} of the framework in {', '.join(languages)}, "


def _rule(rule: Rule) -> NoticeRule:
    return NoticeRule(
        rule.id,
        rule.problem.rstrip("."),
        f"{rule.principle} {rule.solution}",
        SEVERITY_OF[rule.level],
        f"{_PAGE}#{rule.id}",
    )


def _changed(quads: Iterable[Quad]) -> datetime.date:
    """Return the day on which an ontology was last changed, as its headers say."""
    days = [
        datetime.date.fromisoformat(quad.object.value)
        for quad in quads
        if quad.predicate == _MODIFIED and isinstance(quad.object, Literal)
    ]
    return max(days)


def _notices(breaches: Sequence[Breach], content: dict[Path, list[Quad]]) -> list[Notice]:
    """Find the file and the line of each breach, reading only the files that have one."""
    bearers = {file: Bearers(quads) for file, quads in content.items()}
    by_file: dict[Path, list[Breach]] = {}
    for breach in breaches:
        names = [each for each in (breach.path, breach.value) if each]
        homes = [(here.nearness(breach.this, names), file) for file, here in bearers.items()]
        nearness, home = max(homes, key=lambda pair: pair[0])
        if nearness or len(content) == 1:
            by_file.setdefault(home, []).append(breach)
    found: dict[Breach, tuple[Path, int | None, bool]] = {}
    for file, broken in by_file.items():
        origins = LinePlaces(file).locate([_finding(breach, bearers[file]) for breach in broken])
        for breach, origin in zip(broken, origins, strict=True):
            line = None if origin is None else origin.line
            found[breach] = (file, line, origin is not None and origin.approximate)
    return [_notice(breach, *found.get(breach, (None, None, False))) for breach in breaches]


def _finding(breach: Breach, bearers: Bearers) -> Finding:
    """Return a breach as what knows lines takes it."""
    # By a property, a value stands in one place, which another term that has the value does not lead to.
    this = breach.this or (bearers.of(breach.value) if breach.value and not breach.path else "")
    return Finding(
        focus_node=NamedNode(this or "urn:apgraph:quality:nothing"),
        severity=Severity.VIOLATION,
        component="",
        source_shape=NamedNode(f"urn:apgraph:quality:{breach.rule.id}"),
        path=NamedNode(breach.path) if breach.path else None,
        value=Literal(breach.value) if breach.value else None,
    )


def _notice(breach: Breach, file: Path | None, line: int | None, approximate: bool) -> Notice:
    rule = breach.rule
    # A sentence begins with a capital, a name keeps its own.
    said = breach.message if rule.says.startswith("{") else breach.message[:1].upper() + breach.message[1:]
    return Notice(
        rule=rule.id,
        title=rule.problem.rstrip("."),
        severity=SEVERITY_OF[rule.level],
        message=f"{said}. {rule.solution}",
        thing=breach.name,
        names=(breach.this,) if breach.this else (),
        subject=breach.this or None,
        file=None if file is None else str(file),
        line=line,
        approximate=approximate,
        value=breach.shown or None,
        nearest=breach.nearest,
    )
