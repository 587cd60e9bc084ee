"""What would go wrong on Windows and can be told from the source: encodings, renames, names of files."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from apgraph.cases.sheets import SHEETS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
# Names that Windows keeps for devices, whatever their ending, and letters that it takes in no name.
RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
REFUSED = set('<>:"|?*')


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _owner(call: ast.Call) -> str:
    value = call.func.value if isinstance(call.func, ast.Attribute) else None
    return value.id if isinstance(value, ast.Name) else ""


def _mode(call: ast.Call, place: int) -> str | None:
    """The mode of an open; None where it is no text in the source."""
    given = [k.value for k in call.keywords if k.arg == "mode"] or call.args[place : place + 1]
    if not given:
        return "r"
    return given[0].value if isinstance(given[0], ast.Constant) and isinstance(given[0].value, str) else None


def faults(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and fault of each call that works otherwise on Windows."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name, owner = _called(node), _owner(node)
        keywords = {k.arg for k in node.keywords}
        if name == "rename" and len(node.args) in {1, 2}:
            yield node.lineno, "rename fails where the target is there; use replace"
        # A writer of help pages has a method of that name, too.
        if name in {"read_text", "write_text"} and owner != "formatter" and "encoding" not in keywords:
            yield node.lineno, f"{name} without encoding"
        if name == "open" and owner not in {"os", "Graph", "cls"}:
            is_builtin = isinstance(node.func, ast.Name) or owner in {"io", "codecs"}
            mode = _mode(node, 1 if is_builtin else 0)
            # With no mode at all and no file it is another kind of open, such as that of an address.
            text = mode is not None and set(mode) <= set("rwaxt+") and "b" not in mode
            other = not is_builtin and bool(node.args) and not isinstance(node.args[0], ast.Constant)
            if text and not other and "encoding" not in keywords:
                yield node.lineno, "open of a text without encoding"
        if name in {"TextIOWrapper", "NamedTemporaryFile"} and "encoding" not in keywords:
            modes = [
                k.value.value for k in node.keywords if k.arg == "mode" and isinstance(k.value, ast.Constant)
            ]
            if name == "TextIOWrapper" or any("b" not in str(mode) for mode in modes):
                yield node.lineno, f"{name} without encoding"
        starts = name in {"run", "Popen", "check_output"} and owner == "subprocess"
        if starts and {"text", "universal_newlines"} & keywords and "encoding" not in keywords:
            yield node.lineno, "the output of a process without encoding"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(ROOT / "src").as_posix())
def test_nothing_depends_on_the_system(file: Path) -> None:
    assert list(faults(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        'open("a")',
        'open("a", "w")',
        'Path("a").open()',
        'Path("a").open("w", newline="")',
        'Path("a").read_text()',
        'Path("a").write_text("x")',
        'os.rename("a", "b")',
        'Path("a").rename("b")',
        'subprocess.run(["a"], text=True)',
        "io.TextIOWrapper(stream)",
        'tempfile.NamedTemporaryFile(mode="w")',
    ],
)
def test_each_fault_is_found(source: str) -> None:
    assert len(list(faults(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        'open("a", "rb")',
        'Path("a").open("rb")',
        'open("a", encoding="utf-8")',
        "os.open(os.devnull, 1)",
        "archive.open(part)",
    ],
)
def test_what_is_right_is_left_alone(source: str) -> None:
    assert list(faults(source)) == []


def test_names_of_files_are_good_everywhere() -> None:
    folders = ("src", "ontology", "shapes", "queries", "examples", "docs", "tests")
    there = [
        file for folder in folders for file in (ROOT / folder).rglob("*") if "__pycache__" not in file.parts
    ]
    names = [file.relative_to(ROOT).as_posix() for file in there] + [f"{sheet.slug}.csv" for sheet in SHEETS]
    for name in names:
        for part in name.split("/"):
            assert part.partition(".")[0].lower() not in RESERVED, name
            assert not REFUSED & set(part), name
            assert not part.endswith((" ", ".")), name
        assert len(name) < 180, name
    folded = [name.lower() for name in names]
    assert len(folded) == len(set(folded)), "two names differ in letter case alone"
