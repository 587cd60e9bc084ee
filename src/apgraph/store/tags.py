"""Language tags with capitals, on their way past a parser that makes them small.

RDF says that ``en-GB`` and ``en-gb`` are the same tag, and Oxigraph's parsers give the latter. What a
user wrote is to come back, though. So where a file has a tag with capitals, it is read through
:class:`TagReader`, which writes the letter case into the tag (see
:func:`protect_tag`).
"""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, RdfFormat

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["CASE_MARK", "TagReader", "has_capital_tags", "protect_tag", "reveal_tag", "reveal_text"]

_BLOCK: Final = 1 << 18
_LONGEST: Final = 17 << 20
"""Bytes of one token after which it is no longer waited for its end; Oxigraph gives up before."""

_TURTLE_HINT: Final = re.compile(rb"@[A-Za-z0-9-]*[A-Z]")
_XML_HINT: Final = re.compile(rb"""xml:lang\s*=\s*["'][A-Za-z0-9-]*[A-Z]""")

# Turtle, TriG, N-Triples and N-Quads. What is none of these cannot hold a quote, `<`, `#` or `@`.
_TURTLE: Final = re.compile(
    rb"""
    (?P<string>\"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"
              |'''(?:'{0,2}(?:[^'\\]|\\.))*'''
              |"(?!"")(?:[^"\\\r\n]|\\.)*"
              |'(?!'')(?:[^'\\\r\n]|\\.)*')
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<other><(?:[^<>"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]+)*>|\#[^\r\n]*[\r\n]|\\.)
  | (?P<open>["'<\#\\@])
    """,
    re.VERBOSE | re.DOTALL,
)
_XML: Final = re.compile(
    rb"""
    (?P<other><!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>
             |<![A-Z](?:[^\[\]>"']|"[^"]*"|'[^']*'|\[(?:[^\]"'<]|"[^"]*"|'[^']*'|<!--.*?-->|<)*\])*>)
  | (?P<tag><[^!?<>"'](?:[^<>"']|"[^"]*"|'[^']*')*>)
  | (?P<open><)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN_IRI: Final = re.compile(rb"<[^<>\"{}|^`\x00-\x20]*")
_NEW_LINE: Final = re.compile(rb"[\r\n]")
_ATTRIBUTE: Final = re.compile(rb"""([^\s=<>"'/]+)(\s*=\s*)("[^"]*"|'[^']*')""")


# A tag with capitals can pass through Oxigraph's parser as a private-use subtag that tells them.
CASE_MARK: Final = "x-apgcase"
"""What a language tag has in it whose letter case is written into it."""


def protect_tag(tag: str) -> str:
    """Write the letter case of a language tag into the tag, so that it outlives the parser.

    >>> protect_tag("en-GB"), protect_tag("en")
    ('en-GB-x-apgcase-00011', 'en')
    """
    if tag == tag.lower():
        return tag
    mask = "".join("1" if letter.isupper() else "0" for letter in tag)
    return "-".join([tag, CASE_MARK, *(mask[at : at + 8] for at in range(0, len(mask), 8))])


def reveal_tag(tag: str) -> tuple[str, str | None]:
    """Return the tag in small letters, and as it was written if that is something else.

    >>> reveal_tag("en-gb-x-apgcase-00011"), reveal_tag("en")
    (('en-gb', 'en-GB'), ('en', None))
    """
    plain, separator, mask = tag.rpartition(f"-{CASE_MARK}-")
    if not separator:
        return tag, None
    bits = mask.replace("-", "")
    written = "".join(
        letter.upper() if bit == "1" else letter for letter, bit in zip(plain, bits, strict=False)
    )
    return plain, written if len(bits) == len(plain) and written != plain else None


_IN_TEXT: Final = re.compile(r"(xml:lang=[\"'])([A-Za-z0-9-]+)-x-apgcase-[01-]+([\"'])")


def reveal_text(literal: Literal) -> Literal:
    """Return an XML literal without the traces of :func:`protect_tag` on the tags inside.

    >>> reveal_text(Literal('<b xml:lang="EN-x-apgcase-11">x</b>')).value
    '<b xml:lang="EN">x</b>'
    """
    value = _IN_TEXT.sub(r"\1\2\3", literal.value)
    return literal if value == literal.value else Literal(value, datatype=literal.datatype)


def has_capital_tags(source: Path | bytes, syntax: RdfFormat) -> bool:
    """Tell whether a file may have a language tag with capitals.

    It never says no to one that has; JSON-LD tags are left as they are.

    Raises:
        OSError: The file can't be read.

    >>> has_capital_tags(b'<urn:a> <urn:b> "x"@en .', RdfFormat.TURTLE)
    False
    """
    if syntax == RdfFormat.JSON_LD:
        return False
    hint = _XML_HINT if syntax == RdfFormat.RDF_XML else _TURTLE_HINT
    if isinstance(source, bytes):
        return hint.search(source) is not None
    rest = b""
    with source.open("rb") as stream:
        while block := stream.read(_BLOCK * 4):
            if hint.search(rest + block):
                return True
            rest = block[-100:]
    return False


class TagReader(io.RawIOBase):
    """Reads RDF and writes the letter case of language tags into the tags.

    Args:
        stream: The file, which this closes.
        syntax: Its syntax.

    >>> TagReader(io.BytesIO(b'<urn:a> <urn:b> "x@EN"@EN .'), RdfFormat.TURTLE).read()
    b'<urn:a> <urn:b> "x@EN"@EN-x-apgcase-11 .'
    """

    def __init__(self, stream: IO[bytes], syntax: RdfFormat) -> None:
        super().__init__()
        self._stream = stream
        self._xml = syntax == RdfFormat.RDF_XML
        self._pattern = _XML if self._xml else _TURTLE
        self._rewrite: Callable[[bytes], bytes] = _in_element if self._xml else _in_turtle
        self._raw = b""  # read, but not understood to its end
        self._ready = b""
        self._after_string = False
        self._ended = False
        self._block = _BLOCK

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        while not self._ready and not (self._ended and not self._raw):
            self._advance()
        piece = self._ready[: len(view)]
        self._ready = self._ready[len(piece) :]
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        super().close()

    def _advance(self) -> None:
        if not self._ended:
            block = self._stream.read(self._block)
            self._ended = not block
            self._raw += block
        if len(self._raw) > _LONGEST:
            # No end in sight: nothing that a parser would take. Let it say so.
            self._ready, self._raw = self._raw, b""
            return
        before = len(self._raw)
        self._understand()
        # A token that is longer than what was read gets twice as much the next time.
        self._block = _BLOCK if len(self._raw) < before else self._block * 2

    def _understand(self) -> None:
        raw, end = self._raw, len(self._raw)
        parts: list[bytes] = []
        copied = done = 0
        for match in self._pattern.finditer(raw):
            start = match.start()
            # Most tokens are plainly whole: only the others are worth a call.
            near = match.end() >= end - 1 or match.lastgroup == "open"
            if near and not self._ended and self._may_go_on(match):
                done = start
                break
            if self._after_string and raw[done:start].strip():
                self._after_string = False
            if match.lastgroup == "tag" and (self._xml or self._after_string):
                rewritten = self._rewrite(match.group())
                parts += (raw[copied:start], rewritten)
                copied = match.end()
            self._after_string = match.lastgroup == "string"
            done = match.end()
        else:
            # White space may stand between a string and its tag, and the tag in the next block.
            if raw[done:].strip():
                self._after_string = False
            done = end
        parts.append(raw[copied:done])
        self._ready = b"".join(parts)
        self._raw = raw[done:]

    def _may_go_on(self, match: re.Match[bytes]) -> bool:
        """Tell whether what follows in the file may make another token of this one."""
        raw, start, end, mark = match.string, match.start(), match.end(), match.group()
        if end == len(raw):
            return True
        if match.lastgroup == "tag" and not self._xml:
            return raw[end:] == b"-"
        if match.lastgroup != "open" or mark == b"@":
            return False
        if self._xml or mark in (b"\\", b"#"):
            return True
        if mark == b"<":
            return _OPEN_IRI.fullmatch(raw, start) is not None
        return raw.startswith(mark * 3, start) or not _NEW_LINE.search(raw, start)


def _in_turtle(tag: bytes) -> bytes:
    return b"@" + protect_tag(tag[1:].decode("ascii")).encode("ascii")


def _in_element(element: bytes) -> bytes:
    def protect(match: re.Match[bytes]) -> bytes:
        name, equals, value = match.groups()
        tag = value[1:-1]
        if name != b"xml:lang" or not re.fullmatch(rb"[A-Za-z]+(?:-[A-Za-z0-9]+)*", tag):
            return match.group()
        return name + equals + value[:1] + protect_tag(tag.decode("ascii")).encode("ascii") + value[-1:]

    return _ATTRIBUTE.sub(protect, element)
