"""Loading: what is taken, and one line on everything that is not."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from apgraph.errors import InputError, ParseError
from apgraph.store import FORMATS, OxigraphStore, content_graph, expand, load_files
from apgraph.store.tags import TagReader

patient = settings(deadline=None)  # other work on the machine must not fail a test

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:"'

SAMPLES = {
    ".ttl": "<urn:a> <urn:b> 'x' .",
    ".nt": '<urn:a> <urn:b> "x" .',
    ".nq": '<urn:a> <urn:b> "x" <urn:g> .',
    ".trig": "<urn:g> { <urn:a> <urn:b> 'x' }",
    ".rdf": f"<rdf:RDF {RDF}><rdf:Description rdf:about='urn:a'><e:b>x</e:b></rdf:Description></rdf:RDF>",
    ".owl": f"<rdf:RDF {RDF}><rdf:Description rdf:about='urn:a'><e:b>x</e:b></rdf:Description></rdf:RDF>",
    ".xml": f"<rdf:RDF {RDF}><rdf:Description rdf:about='urn:a'><e:b>x</e:b></rdf:Description></rdf:RDF>",
    ".jsonld": '{"@id": "urn:a", "urn:b": "x"}',
    ".json": '[{"@id": "urn:a", "urn:b": "x"}]',
}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_extension(tmp_path: Path, suffix: str, mark: str) -> None:
    file = tmp_path / f"data{suffix.upper()}"
    file.write_text(mark + SAMPLES[suffix], encoding="utf-8")
    store = OxigraphStore()
    assert load_files(store, [file]) == {file: 1}
    assert store.ask("ASK { <urn:a> <urn:b> 'x' }")


def test_folders_and_globs(tmp_path: Path) -> None:
    for name in (
        "b.ttl",
        "a.nt",
        "sub/c.ttl",
        "sub/.hidden.ttl",
        ".git/d.ttl",
        "notes.txt",
        "sub/deep/e.rdf",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SAMPLES.get(Path(name).suffix, "x"))

    def names(*sources: str | Path) -> list[str]:
        return [str(path.relative_to(tmp_path)) for path in expand(sources)]

    assert names(tmp_path) == ["a.nt", "b.ttl", "sub/c.ttl", "sub/deep/e.rdf"]
    assert names(f"{tmp_path}/*.ttl", tmp_path / "b.ttl") == ["b.ttl"]
    assert names(f"{tmp_path}/**/*.ttl") == ["b.ttl", "sub/c.ttl"]
    assert names(tmp_path / "sub", tmp_path / "a.nt") == ["sub/c.ttl", "sub/deep/e.rdf", "a.nt"]
    assert names(f"{tmp_path}/*") == ["a.nt", "b.ttl", "sub/c.ttl", "sub/deep/e.rdf"]
    assert names(f"{tmp_path}/su?") == ["sub/c.ttl", "sub/deep/e.rdf"]
    (tmp_path / "odd[1].ttl").write_text(SAMPLES[".ttl"])
    assert names(tmp_path / "odd[1].ttl") == ["odd[1].ttl"]


def test_relative_iris_and_content_graphs(tmp_path: Path) -> None:
    file = tmp_path / "a b.ttl"
    file.write_text("<#x> a <y> .")
    store = OxigraphStore()
    load_files(store, [file])
    (quad,) = store.quads()
    assert str(quad.subject) == f"<{file.as_uri()}#x>"
    assert store.graphs() == (content_graph(file),)
    other = OxigraphStore()
    load_files(other, [file], graph=lambda path: f"urn:{path.stem.replace(' ', '')}")
    assert other.graphs() == ("urn:ab",)


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    assert len(text) < 600
    return text


@pytest.mark.parametrize(
    ("name", "content", "line", "column", "text", "says"),
    [
        ("a.ttl", b"<urn:a> <urn:b>\n  oops .", 2, 3, "oops", "correct the file"),
        ("a.ttl", "<urn:é> <urn:b> 'é' x .".encode(), 1, 21, "x .", ""),
        ("a.ttl", b"<urn:a> <urn:b> 'x'@EN oops .", 1, 24, "oops", ""),
        ("a.ttl", b"<urn:a> <urn:b> ", 1, None, "", "at the end"),
        ("a.ttl", b"x:a <urn:b> <urn:c> .", 1, 1, "x:a", "prefix"),
        ("a.nt", b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n", 2, None, None, ""),
        ("a.nq", b"<urn:a> <urn:b> <urn:c> .\nx\n", 2, 1, "x", ""),
        ("a.trig", b"<urn:g> {\n<urn:a> <urn:b> }\n", 2, None, None, ""),
        ("a.rdf", f"<rdf:RDF {RDF}>\n<rdf:Description></e:x></rdf:RDF>".encode(), 2, None, None, ""),
        ("a.rdf", b"<!DOCTYPE html><html><body>x</body></html>", None, None, None, "RDF/XML"),
        ("a.rdf", b"<?xml version='1.0' encoding='ISO-8859-1'?><x/>", 1, 1, None, "save it as UTF-8"),
        ("a.owl", b"plain text", 1, None, None, ""),
        ("a.jsonld", b'{"@id": "urn:a",\n "urn:b": x}', 2, None, "x}", ""),
        ("a.json", b'{\n"@context": "https://schema.org/", "@id": "urn:a"}', 2, 14, "https://schema.org/", "nothing is fetched"),
        ("a.json", b'{"@context": [{"a": "urn:a"}, "https://schema.org/"]}', None, None, None, "nothing is fetched"),
        ("a.ttl", b"", None, None, None, "empty"),
        ("a.jsonld", b" \n ", None, None, None, "empty"),
        ("a.ttl", b"\x7fELF\x00\x01", 1, 5, None, "binary"),
        ("a.ttl", "<urn:a> <urn:b> 'x' .".encode("utf-16"), 1, 1, None, "UTF-16"),
        ("a.ttl", "<urn:a> <urn:b>\n 'café' .".encode("cp1252"), 2, 6, "'café' .", "Windows-1252"),
        ("a.nt", b'<urn:a> <urn:b> "%s\xe9" .' % (b"x" * 100_000), 1, 100_018, None, "Windows-1252"),
        ("a.ttl", b'<urn:a> <urn:b> """' + b"x" * (1 << 25), None, None, None, "16 MB"),
        ("a.jsonld", b"[" * 200_000, 1, None, None, ""),
        (
            "a.rdf",
            b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>\n<rdf:RDF>&b;</rdf:RDF>',
            1,
            None,
            None,
            "entity",
        ),
    ],
)  # fmt: skip
def test_bad_files_are_answered_in_one_line(
    tmp_path: Path,
    name: str,
    content: bytes,
    line: int | None,
    column: int | None,
    text: str | None,
    says: str,
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    store = OxigraphStore()
    with pytest.raises(ParseError) as caught:
        load_files(store, [file])
    message = one_line(caught.value)
    assert message.startswith(str(file))
    assert says in message
    assert caught.value.line == line
    assert column is None or caught.value.column == column
    assert text is None or (caught.value.text or "").startswith(text)
    assert len(store) == 0
    assert store.graphs() == ()
    with pytest.raises(ParseError):
        store.load(content, format=FORMATS[file.suffix], name=name)


def test_relative_iris_need_a_base() -> None:
    with pytest.raises(ParseError, match="line 1, column 1: a relative IRI, at '<a>"):
        OxigraphStore().load(b"<a> <urn:b> <urn:c> .", format=RdfFormat.TURTLE, name="a.ttl")


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("x")
    (tmp_path / "none").write_text("x")
    (tmp_path / "empty").mkdir()
    for source, says in [
        ("a.docx", "'.docx' is not known; use one of .ttl"),
        ("none", "has no extension"),
        ("missing.ttl", "no such file"),
        ("empty", "holds no RDF file"),
        ("*.ttl", "matches no RDF file"),
        ("a\0b.ttl", "no such file"),
        ("x" * 5000 + ".ttl", ""),
    ]:
        with pytest.raises(InputError, match=says) as caught:
            expand([f"{tmp_path}/{source}"])
        assert "\n" not in str(caught.value)


def test_unreadable(tmp_path: Path) -> None:
    """Run as somebody who may not read everything, which the user of a test may be."""
    locked = tmp_path / "locked"
    locked.mkdir()
    (locked / "a.ttl").write_text(SAMPLES[".ttl"])
    file = tmp_path / "secret.ttl"
    file.write_text(SAMPLES[".ttl"])
    locked.chmod(0)
    file.chmod(0)
    tmp_path.chmod(0o755)
    code = f"""
import os, sys
from pathlib import Path
from apgraph.errors import InputError
from apgraph.store import OxigraphStore, load_files
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for source in {[str(locked), str(locked / "a.ttl"), str(file)]!r}:
    try:
        load_files(OxigraphStore(), [source])
    except InputError as error:
        print(error)
"""
    # Above the test's folder there are some that are closed to others: name it from within.
    done = subprocess.run(
        [sys.executable, "-c", code.replace(str(tmp_path) + "/", "")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    locked.chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert len(lines) == 3
    assert all("ermission denied" in line for line in lines), lines


@pytest.mark.parametrize("suffix", [".ttl", ".nq", ".rdf", ".jsonld"])
@pytest.mark.parametrize("kind", ["bytes", "letters"])
def test_a_hundred_megabytes_of_noise(tmp_path: Path, suffix: str, kind: str) -> None:
    chance = random.Random(7)
    block = chance.randbytes(1 << 20)
    if kind == "letters":
        block = bytes(32 + byte % 95 for byte in block)
    file = tmp_path / f"noise{suffix}"
    with file.open("wb") as out:
        for _ in range(100):
            out.write(block)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    with pytest.raises(ParseError) as caught:
        OxigraphStore().load(file, format=FORMATS[suffix], name=file.name)
    assert time.monotonic() - started < 30
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 60
    one_line(caught.value)


def test_a_broken_large_file_leaves_a_disk_store_as_it_was(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    store.load(b"<urn:a> <urn:b> 01 .", format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    before = str(store._engine)
    file = tmp_path / "large.nt"
    with file.open("w") as out:
        for number in range(2_000):
            out.write(f'<urn:a> <urn:b{number}> "0{number}"^^<http://www.w3.org/2001/XMLSchema#int> .\n')
        out.write(f'<urn:pad> <urn:p> "{"x" * (9 << 20)}" .\noops\n')
    with pytest.raises(ParseError) as caught:
        store.load(file, format=RdfFormat.N_TRIPLES, graph="urn:h", name="large.nt")
    assert caught.value.line == 2_002
    assert str(store._engine) == before


turtle = st.lists(
    st.sampled_from(
        ['"x"@EN', "'y'@en-GB", '"""a"b\n"@NO"""@En', "'''it''s'''@DE", '"\\"@X"', "<urn:a#b@C>", "# 'c' @Q\n", " ", "\n", "e:it\\'s",
         "e:a\\#b", '""', "''", '""@FR', ",", ";", ".", '"<"@IT', "'#'@IT", "[]", "e:p", '"z" @EN', "<<", "@prefix", '"é"@EN', "\\"]
    ),
    max_size=25,
)  # fmt: skip


@patient
@given(turtle, st.integers(1, 9))
def test_the_tag_reader_changes_tags_only(pieces: list[str], block: int) -> None:
    import io
    import re

    text = "".join(pieces).encode()
    whole = TagReader(io.BytesIO(text), RdfFormat.TURTLE).read()
    reader = TagReader(io.BytesIO(text), RdfFormat.TURTLE)
    reader._block = block
    assert reader.read() == whole
    assert re.sub(rb"-x-apgcase-[01]+", b"", whole) == text


@patient
@given(turtle)
def test_the_tag_reader_leaves_valid_turtle_valid(pieces: list[str]) -> None:
    import io

    text = (
        "@prefix e: <urn:> . <urn:s> <urn:p> "
        + " , ".join(p for p in pieces if p[0] in "\"'<e" and p != "<<")
        + " ."
    ).encode()

    def literals(content: bytes) -> list[str] | None:
        try:
            return [str(quad.object).split("-x-apgcase")[0] for quad in parse(content, RdfFormat.TURTLE)]
        except SyntaxError:
            return None

    assert literals(TagReader(io.BytesIO(text), RdfFormat.TURTLE).read()) == literals(text)
