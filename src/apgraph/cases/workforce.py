"""How many staff a Further Education Workforce return has in each main role: counts alone, nothing of a person.

The return is XML with a ``StaffData`` element for each member of staff, whose ``MainRole`` is a code; 17 stands for
an advanced practitioner. Whatever else it says of people is passed over while it is read, and never kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from apgraph.cases.package import local, parse_xml
from apgraph.cases.registers import is_ukprn
from apgraph.errors import InputError
from apgraph.files import require_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["SMALLEST", "Workforce", "is_workforce", "read_workforce"]

SMALLEST: Final = 5
"""A group of fewer people than this is not counted out: its members could be told."""

_AP: Final = "17"
_ROLES: Final = {
    "16": "quality assurance manager",
    _AP: "advanced practitioner",
    "19": "lecturer",
    "21": "teacher",
}
_LARGEST: Final = 1 << 30
_DEEPEST: Final = 64
_MOST_ROLES: Final = 1_000
_CHUNK: Final = 1 << 16
_LONGEST: Final = 64
_STAFF, _MAIN_ROLE, _UKPRN = "StaffData", "MainRole", "UKPRN"


@dataclass(frozen=True, slots=True)
class Workforce:
    """The counts of a return.

    Attributes:
        file: The file, as the user named it.
        ukprn: The number of the provider, where the return says it outside its records of staff.
        staff: How many members of staff there are; None for 1 to 4.
        roles: How many have each main role, by its name or code, and ``""`` for those without; None where the
            number is from 1 to 4, or would let such a number be worked out.
    """

    file: str
    ukprn: str
    staff: int | None
    roles: Mapping[str, int | None]

    @property
    def practitioners(self) -> int | None:
        """How many are advanced practitioners; None where that is not told, see ``roles``.

        >>> Workforce("a.xml", "", 30, {"advanced practitioner": 6, "lecturer": 24}).practitioners
        6
        """
        return self.roles.get(_ROLES[_AP], 0)

    def lines(self) -> list[str]:
        """Return the counts in words.

        >>> Workforce("a.xml", "", 30, {"lecturer": 30}).lines()
        ['a.xml: 30 members of staff, 0 of them advanced practitioners by main role', '  lecturer: 30']
        """
        hidden = f"fewer than {SMALLEST}, or left out so that such a number stays unknown"
        few = f"fewer than {SMALLEST}"
        aps = "a number not told" if self.practitioners is None else f"{self.practitioners:,}"
        found = [
            f"{self.file}: {few if self.staff is None else f'{self.staff:,}'} members of staff, {aps} of them advanced "
            "practitioners by main role"
        ]
        for role, number in self.roles.items():
            name = role or "no main role given"
            found.append(f"  {name}: {hidden if number is None else f'{number:,}'}")
        return found


def is_workforce(file: Path) -> bool:
    """Tell whether an XML file looks like a return of the workforce collection: it has records of staff."""
    try:
        with file.open("rb") as stream:
            return b"StaffData" in stream.read(_CHUNK)
    except OSError:
        return False


def read_workforce(file: Path) -> Workforce:
    """Count the staff of a return by main role, in memory that does not grow with the file.

    Raises:
        InputError: It can't be read, is no well-formed XML, declares a document type, or has no record of staff.
    """
    require_regular(file)
    counting = _Counting(file)
    try:
        if file.stat().st_size > _LARGEST:
            raise InputError(f"{file}: larger than {_LARGEST >> 30} GB, which no return is; get it again")
        for _ in parse_xml(
            _chunks(file),
            refuse=lambda problem: InputError(f"{file}: {problem}"),
            what="it",
            hint="export it again",
            start=counting.start,
            end=counting.end,
            text=counting.text,
        ):
            pass
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror or error}") from None
    return counting.finish()


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


class _Counting:
    """Counts while the return is parsed; holds one code at a time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._counts: Counter[str] = Counter()
        self._depth = self._staff_depth = 0
        self._root = ""
        self._role: str | None = None
        self._text: list[str] | None = None
        self._ukprn = ""

    def start(self, name: str, _: Mapping[str, str]) -> None:
        """Take in the start of an element."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InputError(f"{self._file}: elements within elements {_DEEPEST} deep; export it again")
        name = local(name)
        self._root = self._root or name
        if name == _STAFF and not self._staff_depth:
            self._staff_depth, self._role = self._depth, None
        self._text = [] if name == (_MAIN_ROLE if self._staff_depth else _UKPRN) else None

    def text(self, said: str) -> None:
        """Take in text, of the two elements that matter."""
        if self._text is not None and len(self._text) < _LONGEST:
            self._text.append(said[:_LONGEST])

    def end(self, _: str) -> None:
        """Take in the end of an element."""
        if self._text is not None:
            said = "".join(self._text).strip()[:_LONGEST]
            if self._staff_depth:
                self._role = said
            elif is_ukprn(said):
                self._ukprn = self._ukprn or said
            self._text = None
        if self._depth == self._staff_depth:
            self._count(self._role or "")
            self._staff_depth = 0
        self._depth -= 1

    def _count(self, code: str) -> None:
        code = code.lstrip("0") if code.isascii() and code.isdigit() else ("" if not code else "other")
        self._counts[code] += 1
        if len(self._counts) > _MOST_ROLES:
            raise InputError(
                f"{self._file}: more than {_MOST_ROLES:,} codes of {_MAIN_ROLE}; export it again"
            )

    def finish(self) -> Workforce:
        """Return the counts, small ones left out."""
        total = self._counts.total()
        if not total:
            raise InputError(
                f"{self._file}: no return of the workforce collection; it needs elements {_STAFF} with {_MAIN_ROLE}, "
                f"and its root is {self._root[:_LONGEST]}"
            )
        if total == self._counts[""]:
            raise InputError(
                f"{self._file}: {total:,} elements {_STAFF}, none with a {_MAIN_ROLE}; export it again"
            )
        hidden = {code for code, number in self._counts.items() if number < SMALLEST}
        ranked = sorted(
            (c for c in self._counts if c not in hidden), key=lambda c: (c == _AP, self._counts[c], c)
        )
        # What the total leaves for those left out must not tell one of them.
        if ranked and hidden and (len(hidden) == 1 or sum(self._counts[c] for c in hidden) < SMALLEST):
            hidden.add(ranked[0])
        roles = {
            ("" if not code else _ROLES.get(code, f"code {code}")): None if code in hidden else number
            for code, number in sorted(self._counts.items(), key=lambda item: (len(item[0]), item[0]))
            if number
        }
        return Workforce(str(self._file), self._ukprn, None if total < SMALLEST else total, roles)
