"""The expected rows of every question, in ``queries/answers/``: written and checked by one command.

``python -m apgraph.questions.answers --write`` asks each question with the examples in its header, on
Oxigraph and on rdflib, and writes what both say; ``--check`` tells which files it would change.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import RdfFormat

from apgraph.errors import ApgraphError, ConflictError, InputError
from apgraph.files import renew
from apgraph.lexicon import Lexicon
from apgraph.questions.catalogue import Catalogue, Question
from apgraph.questions.citation import FRAMEWORK
from apgraph.questions.inquiry import ask, on_engine
from apgraph.questions.rows import plain
from apgraph.resources import MODULES, ontology_module, resource_folder
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apgraph.store import Store

__all__ = ["Expected", "answers_file", "example_files", "expected_text", "stocked_store"]

Expected = list[dict[str, Any]]


def answers_file(question: Question) -> Path:
    """Return where the question's expected rows are."""
    return question.file.parent / "answers" / f"{question.id}.json"


def example_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Return the worked cases that questions about case data are answered from.

    Args:
        folder: Folder of Turtle files; ``examples/`` beside ``queries/`` where it is not given.
    """
    return tuple(sorted((folder or resource_folder("queries").parent / "examples").glob("*.ttl")))


def stocked_store(files: Iterable[Path] = ()) -> OxigraphStore:
    """Return a store that holds the framework, and each of the files in a graph of its own."""
    store = OxigraphStore()
    for name in MODULES:
        path = ontology_module(name)
        store.load(path, format=RdfFormat.TURTLE, graph=FRAMEWORK, base=None, name=str(path))
    for path in files:
        store.load(
            path, format=RdfFormat.TURTLE, graph=f"urn:apgraph:case:{path.stem}", base=None, name=str(path)
        )
    return store


class _Stores:
    """Both engines, with the framework alone and with the examples."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files: Final = files
        self._stores: dict[tuple[str, str], Store] = {}
        self._lexicons: dict[str, Lexicon] = {}

    def files(self, question: Question) -> Sequence[Path]:
        return self._files if question.needs == "case" else ()

    def store(self, question: Question, engine: str) -> Store:
        at = (question.needs, engine)
        if at not in self._stores:
            if engine == "oxigraph":
                self._stores[at] = stocked_store(self.files(question))
            else:
                self._stores[at] = on_engine(self.store(question, "oxigraph"), engine)
        return self._stores[at]

    def lexicon(self, question: Question) -> Lexicon:
        if question.needs not in self._lexicons:
            self._lexicons[question.needs] = Lexicon(self.store(question, "oxigraph"))
        return self._lexicons[question.needs]


@cache
def _stores(files: tuple[Path, ...]) -> _Stores:
    return _Stores(files)


def _expected(question: Question, stores: _Stores) -> Expected:
    """Ask a question with each of its examples on both engines.

    Raises:
        ConflictError: The engines differ, or give no certain order.
    """
    found: Expected = []
    for example in question.header.examples:
        rows: dict[str, list[list[object]]] = {}
        for engine in ("oxigraph", "rdflib"):
            answer = ask(
                stores.store(question, engine), stores.lexicon(question), question, example, timeout=None
            )
            rows[engine] = [[plain(value) for value in row.cells] for row in answer]
        _compare(question, example, rows["oxigraph"], rows["rdflib"])
        found.append(
            {
                "parameters": dict(example),
                "data": [f"examples/{path.name}" for path in stores.files(question)],
                "columns": list(question.columns),
                "rows": rows["oxigraph"],
            }
        )
    return found


def _compare(question: Question, example: object, one: list[list[object]], other: list[list[object]]) -> None:
    if one == other:
        return
    ours, theirs = ({json.dumps(row) for row in rows} for rows in (one, other))
    if ours == theirs and len(one) == len(other):
        raise ConflictError(
            f"{question.file}: Oxigraph and rdflib put the rows in different orders for {example!s}; "
            "make ORDER BY name enough columns to leave no ties"
        )
    only = [f"only Oxigraph: {row}" for row in sorted(ours - theirs)[:2]]
    only += [f"only rdflib: {row}" for row in sorted(theirs - ours)[:2]]
    raise ConflictError(
        f"{question.file}: Oxigraph gives {len(one)} rows and rdflib {len(other)} for {example!s}; "
        + ("; ".join(only) or "some rows come more often on one of them, use SELECT DISTINCT")
    )


def expected_text(question: Question, stores: _Stores) -> str:
    """Return the file of expected rows: one row a line, so that a change reads well."""
    parts = []
    for case in _expected(question, stores):
        rows = ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in case["rows"])
        head = ",\n  ".join(
            f"{json.dumps(name)}: {json.dumps(case[name], ensure_ascii=False)}"
            for name in ("parameters", "data", "columns")
        )
        body = f"[\n   {rows}\n  ]" if rows else "[]"
        parts.append(f' {{\n  {head},\n  "rows": {body}\n }}')
    return "[\n" + ",\n".join(parts) + "\n]\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the expected rows; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m apgraph.questions.answers", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help="write the files that differ")
    action.add_argument("--check", action="store_true", help="tell which files differ, and change nothing")
    parser.add_argument("questions", nargs="*", help="names of questions; all by default")
    parser.add_argument("--queries", help="folder of questions; the package's by default")
    parser.add_argument(
        "--examples", help="folder of worked cases; examples/ beside the questions by default"
    )
    options = parser.parse_args(arguments)
    try:
        catalogue = Catalogue(options.queries)
        chosen = [catalogue.get(name) for name in options.questions] or list(catalogue)
        folder = Path(options.examples) if options.examples else None
        stores = _stores(example_files(folder))
    except ApgraphError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    bad = 0
    for question in chosen:
        path = answers_file(question)
        try:
            text = expected_text(question, stores)
        except InputError as error:
            where = "" if str(question.file) in str(error) else f"{question.file}: "
            print(f"refused: {where}{error}", file=sys.stderr)
            bad += 1
            continue
        path.parent.mkdir(exist_ok=True)
        if not renew(path, text.encode(), check=options.check):
            continue
        if options.check:
            print(f"{path}: differs from what the question answers now", file=sys.stderr)
            bad += 1
        else:
            print(f"wrote {path}", file=sys.stderr)
    if not options.questions:
        folder = answers_file(chosen[0]).parent if chosen else None
        for path in sorted(folder.glob("*.json")) if folder and folder.is_dir() else ():
            if path.stem not in catalogue:
                if options.write:
                    path.unlink()
                else:
                    print(f"{path}: there is no such question any more", file=sys.stderr)
                    bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
