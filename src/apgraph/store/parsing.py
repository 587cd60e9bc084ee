"""Reading RDF syntaxes: quad by quad, and one line on what is wrong."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat

from apgraph.errors import InputError, ParseError
from apgraph.files import require_regular
from apgraph.store.spelling import is_spelling
from apgraph.store.tags import TagReader, has_capital_tags, reveal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.store.dataset import GraphName


__all__ = ["parse"]

_HEAD: Final = 1 << 16
_BLOCK: Final = 1 << 20
_XML_LITERAL: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"
_PLACE: Final = re.compile(r"^Parser error (?:at|between) line .*?: ", re.DOTALL)
_ENCODING: Final = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_REMOTE: Final = re.compile(rb'"@(?:context|import)"\s*:\s*(?:\[[^\]{}]*?)?"(?P<url>[^"\n]*)"')
_ENTITY: Final = re.compile(rb"""<!ENTITY\s+%?\s*\S+\s+(?:"([^"]*)"|'([^']*)')""")
_MARKS: Final = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def parse(
    source: Path | bytes,
    *,
    syntax: RdfFormat,
    graph: GraphName | None = None,
    base: str | None = None,
    name: str,
) -> Iterator[Quad]:
    """Yield the quads of a file as they are written.

    Blank nodes get fresh names; a language tag with capitals is as
    :func:`apgraph.store.tags.protect_tag` leaves it.

    Args:
        source: The file, or its content.
        syntax: Its syntax.
        graph: The graph for triples outside any graph; None: the unnamed one.
        base: What relative IRIs are relative to.
        name: What errors call the file.

    Raises:
        ParseError: It does not parse, or is empty.
        InputError: It can't be read, or uses a reserved graph.

    >>> [str(quad) for quad in parse(b"<urn:a> a 01 .", syntax=RdfFormat.TURTLE, name="a.ttl")]
    ['<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "01"^^<http://www.w3.org/2001/XMLSchema#integer>']
    """
    try:
        head = _head(source)
        _look(head, syntax, name)
        marked = head.startswith(codecs.BOM_UTF8)
        protected = has_capital_tags(source, syntax)
        yield from _quads(
            source, syntax, graph or DefaultGraph(), base, name, protected=protected, marked=marked
        )
    except SyntaxError as error:
        raise _explain(source, syntax, base, name, error) from None
    except MemoryError:
        raise ParseError(
            name,
            "a string, name or comment of more than 16 MB",
            hint="is this an RDF file? If so, split what is so long",
        ) from None
    except OSError as error:
        raise InputError(
            f"{name} can't be read: {error.strerror or error}; check its name and permissions"
        ) from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise ParseError(name, f"it can't be read as RDF: {error}") from None


def _quads(
    source: Path | bytes,
    syntax: RdfFormat,
    target: GraphName,
    base: str | None,
    name: str,
    *,
    protected: bool,
    marked: bool,
) -> Iterator[Quad]:
    default = DefaultGraph()
    retarget = target != default
    known: set[GraphName] = {default}
    dataset = syntax.supports_datasets
    literals_of_xml = protected and syntax == RdfFormat.RDF_XML
    stream: IO[bytes] | None = None
    try:
        if protected or marked:
            stream = _open(source)
            if marked:
                stream.seek(len(codecs.BOM_UTF8))
            if protected:
                stream = cast("IO[bytes]", TagReader(stream, syntax))
            quads = pyoxigraph.parse(stream, syntax, base_iri=base, rename_blank_nodes=True)
        elif isinstance(source, Path):
            quads = pyoxigraph.parse(path=source, format=syntax, base_iri=base, rename_blank_nodes=True)
        else:
            quads = pyoxigraph.parse(source, syntax, base_iri=base, rename_blank_nodes=True)
        if not (literals_of_xml or dataset or retarget):
            yield from quads
            return
        for quad in quads:
            literal = quad.object
            if literals_of_xml and isinstance(literal, Literal) and literal.datatype.value == _XML_LITERAL:
                quad = Quad(quad.subject, quad.predicate, reveal_text(literal), quad.graph_name)
            if dataset and quad.graph_name not in known:
                if is_spelling(quad.graph_name):
                    raise InputError(f"{name}: the graph {quad.graph_name} is reserved; give it another name")
                known.add(quad.graph_name)
            if retarget and (not dataset or quad.graph_name == default):
                yield Quad(quad.subject, quad.predicate, quad.object, target)
            else:
                yield quad
    finally:
        if stream is not None:
            stream.close()


def _open(source: Path | bytes) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:_HEAD]
    if source.is_dir():
        raise InputError(f"{source} is a folder, not a file")
    require_regular(source)
    with source.open("rb") as stream:
        return stream.read(_HEAD)


def _look(head: bytes, syntax: RdfFormat, name: str) -> None:
    """Refuse what is no RDF at first sight, before a parser says something about it that helps nobody."""
    if not head.strip() and len(head) < _HEAD:
        raise ParseError(name, "the file is empty", hint="check that it was saved")
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            raise ParseError(name, f"the file is {encoding} text", line=1, column=1, hint="save it as UTF-8")
    if b"\0" in head:
        before = head[: head.index(b"\0")]
        raise ParseError(
            name,
            "binary data, not RDF text",
            line=before.count(b"\n") + 1,
            column=len(before) - before.rfind(b"\n"),
            hint="give a Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD file",
        )
    if syntax == RdfFormat.RDF_XML:
        declared = _ENCODING.match(head)
        if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
            shown = declared[1].decode()
            raise ParseError(
                name,
                f"the file says that it is {shown}",
                line=1,
                column=1,
                hint="save it as UTF-8, and let it say so",
            )
        # A few such lines could be made to stand for gigabytes of text.
        for entity in _ENTITY.finditer(head):
            value = entity[1] or entity[2] or b""
            if len(value) > 1000 or b"&" in value.replace(b"&#", b""):
                raise ParseError(
                    name,
                    "an entity that is long or made of other entities",
                    line=head.count(b"\n", 0, entity.start()) + 1,
                    text=entity.group().decode("utf-8", "replace"),
                    hint="write it out",
                )
    _check_utf8(head, len(head) < _HEAD, name)


def _check_utf8(head: bytes, whole: bool, name: str) -> None:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, whole)
    except UnicodeDecodeError as error:
        raise _not_utf8(head, error.start, name, lines_before=0) from None


def _not_utf8(text: bytes, at: int, name: str, *, lines_before: int) -> ParseError:
    start = text.rfind(b"\n", 0, at) + 1
    before, after = text[start:at], text[at : at + 20].split(b"\n")[0]
    readable = all(byte >= 32 or byte in b"\t\r\n" for byte in text[max(0, at - 200) : at + 200])
    hint = (
        "save it as UTF-8 (it may be Windows-1252 or Latin-1 now)"
        if readable
        else "give a Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD file"
    )
    return ParseError(
        name,
        f"the byte 0x{text[at]:02X} is not UTF-8",
        line=lines_before + text.count(b"\n", 0, at) + 1,
        column=len(before.decode("utf-8", "replace")) + 1,
        text=(before[-20:].decode("utf-8", "ignore") + after.decode("cp1252", "replace")).strip()
        if readable
        else None,
        hint=hint,
    )


def _explain(
    source: Path | bytes, syntax: RdfFormat, base: str | None, name: str, error: SyntaxError
) -> ParseError:
    """Return what is wrong and where, in terms of the file as the user has it."""
    problem, line, column = error.msg, error.lineno, error.offset
    try:
        # Where the parser saw something else than the file (language tags), the columns may differ.
        with _open(source) as stream:
            if stream.read(3) != codecs.BOM_UTF8:
                stream.seek(0)
            for _ in pyoxigraph.parse(stream, syntax, base_iri=base):
                pass
    except SyntaxError as plain:
        problem, line, column = plain.msg, plain.lineno, plain.offset
    except (OSError, MemoryError):
        pass
    problem = _PLACE.sub("", problem or "syntax error")
    if "UTF-8" in problem and (wrong := _find_not_utf8(source, name)) is not None:
        return wrong
    hint: str | None = "correct the file there"
    text: str | None = None
    if "LoadDocumentCallback" in problem:
        return _remote_context(source, name)
    if line is None and syntax == RdfFormat.RDF_XML:
        line, column, problem = _place_in_xml(source, problem)
        if line is None:
            hint = "correct the file; RDF/XML errors come without a place"
    if line is not None:
        text = _text_at(source, line, column or 1)
        if text == "":
            problem += ", at the end of the line"
        elif text is None:
            problem += ", at the end of the file"
    if "No scheme found in an absolute IRI" in problem:
        problem, hint = "a relative IRI", "write the IRI out, or declare a base"
    elif re.search(r"prefix", problem, re.IGNORECASE) and "not been declared" in problem:
        hint = "declare the prefix"
    return ParseError(name, problem[:300], line=line, column=column, text=text, hint=hint)


def _find_not_utf8(source: Path | bytes, name: str) -> ParseError | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    rest = b""
    with _open(source) as stream:
        while True:
            block = stream.read(_BLOCK)
            text = rest + block
            try:
                decoder.reset()
                codecs.utf_8_decode(text, "strict", not block)
            except UnicodeDecodeError as error:
                return _not_utf8(text, error.start, name, lines_before=lines)
            if not block:
                return None
            # Keep the line that is not finished, within reason.
            cut = text.rfind(b"\n") + 1
            if cut == 0 and len(text) > 4 * _BLOCK:
                return ParseError(name, "text that is not UTF-8", line=lines + 1, hint="save it as UTF-8")
            lines += text.count(b"\n", 0, cut)
            rest = text[cut:]


def _text_at(source: Path | bytes, line: int, column: int) -> str | None:
    """Return what stands at a place; None at the end of the file."""
    with _open(source) as stream:
        for _ in range(line - 1):
            while (part := stream.readline(_BLOCK)) and not part.endswith(b"\n"):
                pass
            if not part:
                return None
        found = stream.readline(4 * column + 400)
        if not found:
            return None
    return found.decode("utf-8", "replace").removeprefix("\ufeff")[column - 1 : column + 59].strip()


def _place_in_xml(source: Path | bytes, problem: str) -> tuple[int | None, int | None, str]:
    """Ask a second XML parser for the place of an error, which the first does not tell."""
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    with _open(source) as stream:
        try:
            parser.ParseFile(stream)
        except expat.ExpatError as error:
            return error.lineno, error.offset + 1, f"{problem} ({expat.ErrorString(error.code)})"
        except (ValueError, RecursionError):
            pass
    return None, None, problem


def _remote_context(source: Path | bytes, name: str) -> ParseError:
    with _open(source) as stream:
        head = stream.read(_BLOCK)
    match = _REMOTE.search(head)
    line = column = text = None
    if match is not None:
        start = match.start("url")
        line = head.count(b"\n", 0, start) + 1
        column = start - head.rfind(b"\n", 0, start)
        text = match["url"].decode("utf-8", "replace")
    return ParseError(
        name,
        "the context is elsewhere on the web, and nothing is fetched",
        line=line,
        column=column,
        text=text,
        hint="put the context itself into the file",
    )
