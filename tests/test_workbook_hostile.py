"""Files that are no honest workbooks: one line, no harm, little memory."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from apgraph import Graph
from apgraph.cases.template import write_workbook
from apgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GRAPH = Graph()
HEAD = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>case_id</t></is></c><c r="B1" t="inlineStr"><is><t>region</t></is></c></row>'
)
TAIL = "</sheetData></worksheet>"
ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c>{}</row>'
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships"><sheets><sheet name="Organisation" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/></Relationships>'
)


def book(file: Path, sheet: str | bytes, *, more: dict[str, bytes] | None = None) -> Path:
    """A small workbook made by hand, with one sheet as given."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", RELS.format("officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELS.format("worksheet", "worksheets/sheet1.xml"))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return file


def _bomb(file: Path) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", RELS.format("officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELS.format("worksheet", "worksheets/sheet1.xml"))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(1024):
                part.write(b" " * (1 << 20))
    return file


def _cells(file: Path) -> Path:
    cell = b'<c t="n"><v>1</v></c>' * 100
    rows = b"".join(b"<row>" + cell + b"</row>" for _ in range(27_000))
    return book(file, HEAD.encode() + rows + TAIL.encode())


LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '">]>'
CASES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "zip bomb": (_bomb, "unpack"),
    "too many cells": (_cells, "filled cells"),
    "entity expansion": (lambda f: book(f, LAUGHS + "<w>&b;</w>"), "document type"),
    "external entity": (
        lambda f: book(f, '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'),
        "document type",
    ),
    "huge attribute": (lambda f: book(f, b'<w a="' + b"a" * (40 << 20) + b'"/>'), "element"),
    "formula that calls out": (
        lambda f: book(
            f, HEAD + ROW.format('<c r="B2" t="str"><f>WEBSERVICE("http://x")</f><v>1</v></c>') + TAIL
        ),
        "outside this workbook",
    ),
    "link to another workbook": (
        lambda f: book(f, HEAD + ROW.format('<c r="B2"><f>[1]Sheet1!A1</f><v>1</v></c>') + TAIL),
        "outside this workbook",
    ),
    "formula without result": (
        lambda f: book(f, HEAD + ROW.format('<c r="B2"><f>1+1</f></c>') + TAIL),
        "cell B2",
    ),
    "formula with an empty result": (
        lambda f: book(f, HEAD + ROW.format('<c r="B2"><f>1+1</f><v></v></c>') + TAIL),
        "cell B2",
    ),
    "path out of the archive": (
        lambda f: book(f, HEAD + TAIL, more={"../../evil.txt": b"x"}),
        "points out of the archive",
    ),
    "not well-formed": (lambda f: book(f, HEAD), "not well-formed"),
    "no workbook in it": (lambda f: _zip(f, {"a.txt": b"x"}), "no workbook"),
    "text": (lambda f: _bytes(f, b"case_id,region\nx,y\n"), "not a workbook"),
    "empty": (lambda f: _bytes(f, b""), "empty"),
    "old kind": (lambda f: _bytes(f, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), ".xls"),
    "password": (
        lambda f: _bytes(
            f, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
        ),
        "password",
    ),
    "no headings": (
        lambda f: book(f, HEAD.replace("case_id", "name").replace("region", "place") + ROW.format("") + TAIL),
        "headings",
    ),
    "unknown column": (
        lambda f: book(f, HEAD.replace("region", "regoin") + ROW.format("") + TAIL),
        "'region'",
    ),
}


def _zip(file: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def _bytes(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("name", CASES)
def test_refused_with_one_line(tmp_path: Path, name: str) -> None:
    make, said = CASES[name]
    file = make(tmp_path / "x.xlsx")
    with pytest.raises(InputError) as caught:
        Graph().load(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", CASES)
def test_memory_of_a_hostile_file(tmp_path: Path, name: str) -> None:
    file = CASES[name][0](tmp_path / "x.xlsx")
    code = (
        "import sys, resource, pathlib\nfrom apgraph import Graph\nfrom apgraph.errors import InputError\n"
        "try: Graph().load(sys.argv[1])\nexcept InputError: pass\nelse: sys.exit(9)\n"
        # On Linux the peak of getrusage takes in that of the process which started this one.
        "status = pathlib.Path('/proc/self/status')\n"
        "own = [int(l.split()[1]) for l in status.open() if l.startswith('VmHWM')] if status.exists() else []\n"
        "print((own or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])[0] // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert int(done.stdout) < 500, "megabytes"


def test_truncated(tmp_path: Path) -> None:
    whole = tmp_path / "whole.xlsx"
    write_workbook(whole, GRAPH.store, GRAPH.choices())
    content = whole.read_bytes()
    for size in (10, len(content) // 2, len(content) - 30):
        file = _bytes(tmp_path / "cut.xlsx", content[:size])
        with pytest.raises(InputError):
            Graph().load(file)


def test_flipped_bytes_give_one_line(tmp_path: Path) -> None:
    whole = io.BytesIO()
    book_file = book(tmp_path / "a.xlsx", HEAD + ROW.format("") + TAIL)
    whole.write(book_file.read_bytes())
    content = bytearray(whole.getvalue())
    for at in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[at] ^= 0xFF
        try:
            GRAPH.load(_bytes(tmp_path / "b.xlsx", bytes(damaged)))
        except InputError as error:
            assert "\n" not in str(error)
