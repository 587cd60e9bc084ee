"""The catalogue: every question in a folder of ``.rq`` files, read as far as it is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from apgraph.errors import InputError, ParseError, UnknownNameError, UsageError
from apgraph.files import require_regular
from apgraph.lexicon import nearest
from apgraph.questions.header import Header, Parameter, parse_header
from apgraph.questions.pointers import read_pointers
from apgraph.resources import resource_folder
from apgraph.vocabulary import APGQ

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from apgraph.questions.header import Need
    from apgraph.questions.pointers import Pointer

__all__ = ["Catalogue", "Question"]

_NUMBER: Final = re.compile(r"^#\+\s*number:\s*['\"]?(Q[0-9]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its query; what the header says is at hand as attributes.

    Args:
        header: What the file says about itself.
        sparql: The whole text of the file; the header is a comment in it.
        file: Where it came from.
    """

    header: Header
    sparql: str
    file: Path

    def __str__(self) -> str:
        return self.text

    @property
    def id(self) -> str:
        """Name, such as ``practices-supporting``."""
        return self.header.id

    @property
    def iri(self) -> str:
        """The question as a resource."""
        return APGQ + self.header.id

    @property
    def number(self) -> str | None:
        """Number in the list of competency questions, such as ``Q02``."""
        return self.header.number

    @property
    def text(self) -> str:
        """The question in plain English."""
        return self.header.question

    @property
    def asked_by(self) -> tuple[str, ...]:
        """Who asks it: researcher, lead or importer."""
        return self.header.asked_by

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """What the reader may set."""
        return self.header.parameters

    @property
    def columns(self) -> Mapping[str, str]:
        """Column to what it holds."""
        return self.header.columns

    @property
    def needs(self) -> Need:
        """What it is asked of."""
        return self.header.needs

    @property
    def query(self) -> str:
        """The query without the header."""
        return (
            "\n".join(line for line in self.sparql.splitlines() if not line.startswith("#+")).strip() + "\n"
        )


class Catalogue:
    """The questions of a folder, in the order of their numbers and names.

    Args:
        folder: Folder of ``.rq`` files; those of the package where it is not given.
        further: More folders, such as a reader's own questions. A name in a later folder that an earlier
            one has too is refused.

    Raises:
        InputError: A folder does not exist or cannot be read, or a name is there twice.
    """

    def __init__(self, folder: str | PathLike[str] | None = None, *further: str | PathLike[str]) -> None:
        folders = [Path(folder) if folder is not None else resource_folder("queries"), *map(Path, further)]
        self._files: dict[str, Path] = {}
        self._folders = folders
        self._read: dict[str, Question] = {}
        for each in folders:
            try:
                files = sorted(path for path in each.iterdir() if path.suffix == ".rq")
            except OSError as error:
                raise InputError(
                    f"{each}: {error.strerror or error}; give a folder of questions (.rq files)"
                ) from error
            for path in files:
                if path.stem in self._files:
                    raise InputError(
                        f"{path}: there is a question {path.stem!r} already; rename the file and its id"
                    )
                self._files[path.stem] = path

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[Question]:
        """Yield every question, those with a number first.

        Raises:
            ParseError: The header of a file is not as it has to be.
        """
        questions = [self._question(name) for name in self._files]
        return iter(sorted(questions, key=lambda q: (q.number is None, q.number or "", q.id)))

    def ids(self) -> tuple[str, ...]:
        """Return the names of all questions, without reading any file."""
        return tuple(sorted(self._files))

    @cached_property
    def pointers(self) -> tuple[Pointer, ...]:
        """The questions that a command answers and no query can.

        Raises:
            ParseError: A list of them is not as it has to be.
        """
        return tuple(pointer for folder in self._folders for pointer in read_pointers(folder))

    def get(self, name: str) -> Question:
        """Return the question of that name or number, in any letter case.

        Raises:
            UnknownNameError: There is none; it tells the nearest.
            InputError: A command answers it, which the message names.
            ParseError: Its header is not as it has to be.
        """
        if not isinstance(name, str):
            raise UsageError(
                f"a question has a name, not {name!r}; give a text, such as 'practices-supporting'"
            )
        wanted = name.strip().lower().replace("_", "-").removesuffix(".rq")
        if wanted in self._files:
            return self._question(wanted)
        if number := re.fullmatch(r"q0*([0-9]+)", wanted):
            numbered = self._numbers.get(int(number[1]))
            if numbered is not None:
                return self._question(numbered)
        for pointer in self.pointers:
            if wanted == pointer.id or (number and int(number[1]) == int(pointer.number[1:])):
                raise InputError(str(pointer))
        raise UnknownNameError(
            "question",
            name,
            nearest=nearest(wanted, [*self._files, *(pointer.id for pointer in self.pointers)])
            or self._by_words(wanted),
            hint="'apgraph ask' lists them all.",
        )

    @cached_property
    def _numbers(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for name, path in self._files.items():
            if number := _NUMBER.search(_text(path)):
                found.setdefault(int(number[1][1:]), name)
        return found

    def _by_words(self, wanted: str) -> tuple[str, ...]:
        """Return questions that hold most of the words, for a name that looks like none."""
        words = [word for word in re.split(r"\W+", wanted) if len(word) > 3]
        hits = {
            q.id: sum(word in f"{q.id} {q.text} {' '.join(q.header.keywords)}".lower() for word in words)
            for q in self
        }
        best = sorted((q for q in hits if hits[q]), key=lambda q: (-hits[q], q))
        return tuple(best[:3])

    def _question(self, name: str) -> Question:
        if name not in self._read:
            path = self._files[name]
            text = _text(path)
            header = parse_header(text, path)
            if header.id != name:
                raise ParseError(
                    path, f"the id is {header.id!r}", line=1, hint=f"name the file {header.id}.rq"
                )
            self._read[name] = Question(header, text, path)
        return self._read[name]


def _text(path: Path) -> str:
    require_regular(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; a question is a readable text file") from error
    except UnicodeDecodeError as error:
        raise ParseError(path, "this is not a text in UTF-8", hint="a question is a SPARQL text") from error
