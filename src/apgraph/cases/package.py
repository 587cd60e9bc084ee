"""The parts of an XLSX file, opened with the care that a file from anywhere needs.

A workbook is a ZIP archive of XML parts (ECMA-376, part 2). Nothing is unpacked to disk, nothing is fetched,
no document type declaration is read, and what is larger than a workbook can honestly be is refused before it is
read: so neither a bomb of either kind nor a path out of the archive does any harm.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from apgraph.errors import InputError
from apgraph.files import require_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["Package", "SheetPart", "local", "open_package", "parse_xml"]

_CHUNK: Final = 1 << 16
_LARGEST: Final = 768 << 20
_MOST_PARTS: Final = 10_000
_LONGEST_TOKEN: Final = 8 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LOOKED_AT: Final = 4 << 20
_SAVE: Final = "save it as an Excel workbook (.xlsx)"


class SheetPart:
    """A sheet's name and the part that holds it.

    Args:
        name: The name on its tab.
        part: The part.
    """

    __slots__ = ("name", "part")

    def __init__(self, name: str, part: str) -> None:
        self.name = name
        self.part = part


class Package:
    """An open workbook; made by :func:`open_package`.

    Attributes:
        file: The file, as errors name it.
        parts: The names of its parts.
    """

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self.file = file
        self._archive = archive
        self.parts = frozenset(archive.namelist())
        self._instead: dict[str, bytes] = {}

    def put(self, parts: Mapping[str, bytes]) -> None:
        """Have the content of some of its parts be this from now on; the file itself stays as it is."""
        self._instead.update(parts)

    def refuse(self, problem: str) -> InputError:
        """Return an error about this file."""
        return InputError(f"{self.file}: {problem}")

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield a part's content.

        Raises:
            InputError: The part is missing or damaged.
        """
        if part in self._instead:
            yield self._instead[part]
            return
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except KeyError:
            raise self.refuse(f"its part {part} is missing; {_SAVE} again") from None
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            struct.error,
            NotImplementedError,
        ) as error:
            raise self.refuse(f"its part {part} is damaged ({error}); get the file once more") from None

    def read(self, part: str) -> bytes:
        """Return a part's content as a whole."""
        return b"".join(self.chunks(part))

    def read_xml(self, part: str) -> bytes:
        """Return a part's content as a whole, known to be XML that can be patched.

        Raises:
            InputError: The part is missing, damaged or no well-formed XML; it is named.
        """
        self.run(part)
        return self.read(part)

    def parse(
        self,
        part: str,
        *,
        start: Callable[[str, Mapping[str, str]], None] | None = None,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[int]:
        """Parse a part as XML, calling the functions; yield now and then, with the bytes read so far.

        Names of elements come as they are written, prefix included; see :func:`local`.

        Raises:
            InputError: The part is no well-formed XML, declares a document type, or has an endless token.
        """
        return parse_xml(
            self.chunks(part),
            refuse=self.refuse,
            what=f"its part {part}",
            hint=f"{_SAVE} again",
            start=start,
            end=end,
            text=text,
        )

    def run(
        self,
        part: str,
        *,
        start: Callable[[str, Mapping[str, str]], None] | None = None,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Parse a part to its end; see :meth:`parse`."""
        for _ in self.parse(part, start=start, end=end, text=text):
            pass

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part relates to: by id, the kind's last word and the part (or address)."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        found: dict[str, tuple[str, str]] = {}
        if rels not in self.parts:
            return found

        def start(name: str, values: Mapping[str, str]) -> None:
            if local(name) == "Relationship" and {"Id", "Type", "Target"} <= set(values):
                kind = values["Type"].rpartition("/")[2]
                target = values["Target"]
                if values.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[values["Id"]] = (kind, target)

        self.run(rels, start=start)
        return found

    def workbook_part(self) -> str:
        """Return the part that lists the sheets.

        Raises:
            InputError: There is none.
        """
        for kind, part in self.relations("").values():
            if kind == "officeDocument" and part in self.parts:
                if part.endswith(".bin"):
                    raise self.refuse(f"a binary workbook (.xlsb); {_SAVE}")
                return part
        raise self.refuse(f"a ZIP archive, and no workbook; {_SAVE}")

    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets in the order of their tabs.

        Raises:
            InputError: The list of sheets is broken.
        """
        book = self.workbook_part()
        relations = self.relations(book)
        found: list[SheetPart] = []

        def start(name: str, values: Mapping[str, str]) -> None:
            if local(name) != "sheet":
                return
            relation = next((v for k, v in values.items() if local(k) == "id" and k != "id"), "")
            kind, part = relations.get(relation, ("", ""))
            if kind == "worksheet" and part in self.parts:
                found.append(SheetPart(values.get("name", ""), part))

        self.run(book, start=start)
        if not found:
            raise self.refuse(f"it has no sheet; {_SAVE} again")
        return tuple(found)


def local(name: str) -> str:
    """Return a name without its prefix.

    >>> local("x:row"), local("row")
    ('row', 'row')
    """
    return name.rpartition(":")[2]


def parse_xml(
    chunks: Iterable[bytes],
    *,
    refuse: Callable[[str], InputError],
    what: str,
    hint: str,
    start: Callable[[str, Mapping[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[int]:
    """Parse XML from anywhere, calling the functions; yield now and then, with the bytes read so far.

    Args:
        chunks: The document, in pieces.
        refuse: Makes an error of a problem.
        what: What the problem calls the document.
        hint: What to do.
        start: Called with the name of an element, as it is written, and its attributes.
        end: Called with the name of an element.
        text: Called with the text inside elements.

    Raises:
        InputError: It is no well-formed XML, declares a document type, or has an endless token.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text

    def refuse_doctype(*_: Any) -> None:
        raise refuse(f"{what} declares a document type, which could do harm and is not needed; {hint}")

    parser.StartDoctypeDeclHandler = refuse_doctype
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _LONGEST_TOKEN:
                raise refuse(f"{what} holds an element of more than 8 MB; {hint}")
            yield fed
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise refuse(
            f"{what} is not well-formed XML (line {error.lineno}: {expat.ErrorString(error.code)}); {hint}"
        ) from None
    yield fed


@contextmanager
def open_package(file: Path) -> Generator[Package]:
    """Open a workbook.

    Raises:
        InputError: It is no workbook, is protected by a password, damaged, or larger than it may be.
    """
    try:
        _look(file)
        with zipfile.ZipFile(file) as archive:
            _check(file, archive)
            yield Package(file, archive)
    except (zipfile.BadZipFile, EOFError, struct.error) as error:
        raise InputError(
            f"{file}: damaged or cut short ({str(error).lower() or 'it ends early'}); get the file once more"
        ) from None
    except OSError as error:
        raise InputError(
            f"{file} can't be read: {error.strerror or error}; check its name and permissions"
        ) from None


def _look(file: Path) -> None:
    if file.is_dir():
        raise InputError(f"{file} is a folder, not a workbook")
    require_regular(file)
    with file.open("rb") as stream:
        head = stream.read(_LOOKED_AT)
    if not head:
        raise InputError(f"{file}: the file is empty; check that it was saved")
    if head.startswith(_OLE):
        if _ENCRYPTED in head:
            raise InputError(f"{file}: protected by a password; save a copy without one")
        raise InputError(f"{file}: a workbook of the old kind (.xls); {_SAVE}")
    if not head.startswith(_ZIP):
        text = "text" if all(byte >= 32 or byte in b"\t\r\n" for byte in head[:200]) else "something else"
        raise InputError(
            f"{file}: {text}, not a workbook, whatever its name says; give it its right extension, or {_SAVE}"
        )


def _check(file: Path, archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    names: set[str] = set()
    if len(infos) > _MOST_PARTS:
        raise InputError(f"{file}: an archive of {len(infos):,} parts is no workbook; {_SAVE} again")
    for info in infos:
        name = info.filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
            raise InputError(
                f"{file}: its part {name[:80]!r} points out of the archive; do not use this file"
            )
        if name.lower() in names:
            raise InputError(f"{file}: it has two parts named {name[:80]!r}; do not use this file")
        names.add(name.lower())
        if info.flag_bits & 1:
            raise InputError(f"{file}: protected by a password; save a copy without one")
    size = sum(info.file_size for info in infos)
    if size > _LARGEST:
        raise InputError(
            f"{file}: it would unpack to {size / (1 << 20):,.0f} MB, more than a case can need "
            f"({_LARGEST >> 20} MB); delete unused rows, columns and formats, and save it again"
        )
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype").decode("ascii", "replace")
        if "opendocument" in kind:
            raise InputError(f"{file}: an OpenDocument file; {_SAVE}")
