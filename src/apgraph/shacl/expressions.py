r"""Regular expressions as SHACL has them, written for the engines at hand.

``sh:pattern`` is a pattern of SPARQL's REGEX, and so one of XPath
(https://www.w3.org/TR/xpath-functions/#regex-syntax, https://www.w3.org/TR/xmlschema-2/#regexs). Oxigraph takes those of
Rust, Python its own. Much is written alike and meant otherwise: ``[a-z-[s]]`` leaves out the s in XPath only,
``[a&&b]`` has an ampersand there, ``\w`` has no underscore. So an expression is read by the rules of XPath, and written
anew. What XPath does not have, such as a look-ahead, is refused in words.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from apgraph.errors import InputError

__all__ = ["Expression", "read_expression"]

_FLAGS: Final = frozenset("smixq")
_CATEGORIES: Final = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)
_BLOCKS: Final = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0980, 0x09FF),
    "Thai": (0x0E00, 0x0E7F),
    "Georgian": (0x10A0, 0x10FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
}
"""The blocks of Unicode that ``\\p{Is…}`` may name here."""

_INITIAL: Final = (
    "::AZ__az\u00c0\u00d6\u00d8\u00f6\u00f8\u02ff\u0370\u037d\u037f\u1fff\u200c\u200d\u2070\u218f"
    "\u2c00\u2fef\u3001\ud7ff\uf900\ufdcf\ufdf0\ufffd\U00010000\U000effff"
)
"""First and last letters of the ranges that a name in XML may begin with."""

_FURTHER: Final = "--..09\u00b7\u00b7\u0300\u036f\u203f\u2040"
"""Those of the ranges that it may go on with, too."""

_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_SPACES: Final = " \t\n\r"

_REPEATED: Final = re.compile(r"[?*+]|\{([0-9]+)(?:,([0-9]*))?\}")
_IN_BRACES: Final = re.compile(r"\{(\^?[A-Za-z0-9-]*)\}")
_IN_RUST: Final = "\\x{{{:X}}}"
_IN_PYTHON: Final = "\\U{:08X}"

Ranges = tuple[tuple[int, int], ...]


class _Kind(NamedTuple):
    """Letters, by ranges or by the categories of Unicode."""

    ranges: Ranges = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression, for those who match by it.

    Attributes:
        pattern: As it was given.
        given: The flags that were given with it.
        rust: As Oxigraph takes it; None if it has a part that it can't have.
        flags: What Oxigraph has to be told beside it.
    """

    pattern: str
    given: str
    rust: str | None
    flags: str

    def compiled(self) -> re.Pattern[str]:
        """Return it as Python has it, ready for use.

        Raises:
            InputError: It is too much for Python.
        """
        whole = "q" in self.given
        text = re.escape(self.pattern) if whole else _Reader(self.pattern, self.given, rust=False).read()
        try:
            return re.compile(f"(?{self.flags}){text}" if self.flags else text)
        except (re.error, OverflowError, RecursionError) as error:
            raise InputError(f"{self.pattern!r} is too much for this machine: {error}") from None


@cache
def read_expression(pattern: str, flags: str = "") -> Expression:
    r"""Read a regular expression of XPath.

    Raises:
        InputError: It is none.

    >>> read_expression("^[a-z-[s]]$").rust
    '^[[a-z]--[s]]$'
    >>> read_expression("(?=s)")
    Traceback (most recent call last):
    apgraph.errors.InputError: '(?=s)' is no regular expression of XPath, which SHACL asks for: it has no look-ahead
    """
    unknown = sorted(set(flags) - _FLAGS)
    if unknown:
        raise InputError(
            f"{pattern!r} with flags {flags!r}: there is no flag {unknown[0]!r}; there are s, m, i, x and q"
        )
    # Where all is meant literally, there is no dot for flag s.
    kept = "".join(flag for flag in "si" if flag in flags and (flag != "s" or "q" not in flags))
    try:
        rust = _escaped(pattern) if "q" in flags else _written(pattern, flags)
    except _RefusedError as error:
        said = f"{pattern!r} is no regular expression of XPath, which SHACL asks for: {error}"
        raise InputError(said) from None
    return Expression(pattern, flags, rust, kept)


class _RefusedError(Exception):
    """What is wrong with an expression."""


class _OnlyPythonError(Exception):
    """A part that Rust can't have."""


def _written(pattern: str, flags: str) -> str | None:
    """Return an expression as Rust has it; None if only Python has it."""
    try:
        return _Reader(pattern, flags, rust=True).read()
    except _OnlyPythonError:
        _Reader(pattern, flags, rust=False).read()  # what follows may be refused
        return None


class _Reader:
    """Reads an expression once, and writes it for one engine.

    Args:
        text: The expression.
        flags: Its flags.
        rust: Whether it is written for Rust, else for Python.
    """

    def __init__(self, text: str, flags: str, *, rust: bool) -> None:
        self._text = text
        self._lines, self._spaced, self._caseless = (flag in flags for flag in "mxi")
        self._rust = rust
        self._at = 0
        self._groups = 0
        self._closed: set[int] = set()

    def read(self) -> str:
        """Return the expression as the engine has it."""
        found = self._branches()
        if self._at < len(self._text):
            raise _RefusedError("a ) has no ( before it")
        return found

    def _peek(self, length: int = 1) -> str:
        return self._text[self._at : self._at + length]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise _RefusedError("it breaks off after a \\")
        self._at += 1
        return letter

    def _skip(self) -> None:
        while self._spaced and self._peek() and self._peek() in _SPACES:
            self._at += 1

    def _branches(self) -> str:
        pieces: list[str] = []
        while True:
            self._skip()
            letter = self._peek()
            if letter in ("", ")"):
                return "".join(pieces)
            if letter == "|":
                self._at += 1
                pieces.append("|")
            else:
                pieces.append(self._atom())
                self._skip()
                pieces.append(self._quantifier())

    def _atom(self) -> str:
        letter = self._take()
        match letter:
            case "(":
                return self._group()
            case "[":
                return self._brackets()
            case "\\":
                return self._escape()
            case "^" | "$":
                return self._anchor(letter)
            case ".":
                return letter
            case "?" | "*" | "+":
                raise _RefusedError(
                    f"there is nothing that {letter} could repeat; a {letter} itself is written \\{letter}"
                )
            case "{":
                raise _RefusedError("a { itself is written \\{")
            case _:
                return self._letter(letter)

    def _letter(self, letter: str) -> str:
        return _escaped(letter) if self._rust else re.escape(letter)

    def _anchor(self, letter: str) -> str:
        if self._lines:
            # A line break at the very end begins no line of its own, which it does in Rust.
            if self._rust:
                raise _OnlyPythonError
            return r"(?:\A|(?<=\n)(?!\Z))" if letter == "^" else r"(?:(?=\n)|(?<!\n)\Z)"
        if self._rust:
            return letter
        return r"(?:\A)" if letter == "^" else r"(?:\Z)"

    def _group(self) -> str:
        for mark, what in _NOT_IN_XPATH.items():
            if self._peek(len(mark)) == mark:
                raise _RefusedError(f"it has no {what}")
        opened = "("
        number = None
        if self._peek(2) == "?:":
            self._at += 2
            opened = "(?:"
        elif self._peek() == "?":
            raise _RefusedError(f"it has no ({self._peek(2)}")
        else:
            self._groups += 1
            number = self._groups
        inner = self._branches()
        if self._peek() != ")":
            raise _RefusedError("a ( has no ) after it")
        self._at += 1
        if number is not None:
            self._closed.add(number)
        return f"{opened}{inner})"

    def _quantifier(self) -> str:
        found = _REPEATED.match(self._text, self._at)
        if found is None:
            return ""
        if found[1] and found[2] and int(found[1]) > int(found[2]):
            raise _RefusedError(f"{found[0]} is at least {found[1]} and at most {found[2]} times")
        self._at = found.end()
        text = found[0]
        self._skip()
        if self._peek() == "?":
            self._at += 1
            text += "?"
            self._skip()
        if self._peek() and self._peek() in "?*+{":
            raise _RefusedError(f"{found[0]}{self._peek()} repeats a repetition; put the first in ( and )")
        return text

    # -- what stands for several letters ------------------------------------------------

    def _escape(self) -> str:
        letter = self._take()
        if letter in "123456789":
            return self._back(letter)
        single = self._single(letter)
        if single is not None:
            return self._letter(single)
        return self._set(letter, inside=False)

    def _back(self, digits: str) -> str:
        while self._peek() in "0123456789" and self._peek() and int(digits + self._peek()) <= self._groups:
            digits += self._take()
        if int(digits) not in self._closed:
            raise _RefusedError(f"\\{digits} goes back to a group that is not there, or not closed")
        if self._rust:
            raise _OnlyPythonError
        return f"(?({digits})\\{digits}|)"  # a group that met nothing is empty

    @staticmethod
    def _single(letter: str) -> str | None:
        """Return the letter that is meant by one after a backslash; None if it means several."""
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in "sSiIcCdDwWpP":
            return None
        if letter.isalnum() or letter in _SPACES:
            raise _RefusedError(f"it has no \\{letter}")
        return letter

    def _set(self, letter: str, *, inside: bool) -> str:
        """Return what stands for the letters of a kind, in brackets or outside of them."""
        kind, is_other = self._named(letter)
        by_case = self._caseless and letter in "pP" and bool(kind.categories)
        if by_case and inside:
            raise _RefusedError("flag i does not go with \\p in brackets here; write two expressions")
        if self._rust:
            text = "".join(f"\\p{{{name}}}" for name in kind.categories) + _ranges_text(kind.ranges, _IN_RUST)
            found = f"[{'^' if is_other else ''}{text}]"
        else:
            if letter in "dD":  # the only category that Python has a name for
                return f"\\{letter}"
            ranges = _of_categories(kind.categories) if kind.categories else kind.ranges
            found = _ranges_text(_others(ranges) if is_other else ranges, _IN_PYTHON)
            found = found if inside else f"[{found}]"
        return f"(?-i:{found})" if by_case else found

    def _named(self, letter: str) -> tuple[_Kind, bool]:
        """Return the letters that an escape names, and whether it means all others."""
        is_other = letter.isupper()
        match letter.lower():
            case "d":
                return _Kind(categories=("Nd",)), is_other
            case "w":
                return _Kind(categories=("P", "Z", "C")), not is_other
            case "s":
                return _Kind(_ranges_of("\t\n\r\r  ")), is_other
            case "i":
                return _Kind(_ranges_of(_INITIAL)), is_other
            case "c":
                return _Kind(_ranges_of(_INITIAL + _FURTHER)), is_other
        found = _IN_BRACES.match(self._text, self._at)
        if found is None:
            raise _RefusedError(f"\\{letter} needs a category or a block in {{ and }}")
        self._at = found.end()
        name = found[1]
        if name in _CATEGORIES:
            return _Kind(categories=(name,)), is_other
        if name.removeprefix("Is") in _BLOCKS and name.startswith("Is"):
            return _Kind((_BLOCKS[name.removeprefix("Is")],)), is_other
        if name.startswith("Is"):
            raise _RefusedError(f"the block {name} is not known here; write its letters as a range")
        raise _RefusedError(
            f"it has no \\{letter}{{{name}}}; a category is L, Lu, Nd or the like, a block IsBasicLatin or the like"
        )

    # -- brackets ---------------------------------------------------------------------

    def _brackets(self) -> str:
        is_other = self._peek() == "^"
        if is_other:
            self._at += 1
        pieces: list[str] = []
        excluded = ""
        while (letter := self._peek()) != "]" or not letter:
            if not letter:
                raise _RefusedError("a [ has no ] after it")
            if letter == "[":
                raise _RefusedError("a [ in brackets is written \\[")
            if self._peek(2) == "-[":
                self._at += 2
                excluded = self._brackets()
                if self._peek() != "]":
                    raise _RefusedError("what is left out by -[ ] has to stand at the end of the brackets")
                break
            pieces.append(self._member())
        self._at += 1
        if not pieces:
            raise _RefusedError("there is nothing in [ ]")
        found = f"[{'^' if is_other else ''}{''.join(pieces)}]"
        if not excluded:
            return found
        return f"[{found}--{excluded}]" if self._rust else f"(?:(?!{excluded}){found})"

    def _member(self) -> str:
        """Return a letter, a range of letters or the letters of a kind, in brackets."""
        first = self._take()
        if first == "\\":
            first = self._take()
            single = self._single(first)
            if single is None:
                return self._set(first, inside=True)
            first = single
        following = self._peek(2)
        if len(following) < 2 or following[0] != "-" or following[1] in "][":
            return _in_brackets(first)
        self._at += 1
        last = self._take()
        if last == "\\":
            last = self._take()
            single = self._single(last)
            if single is None:  # a hyphen between a letter and a kind is itself
                return _in_brackets(first) + _in_brackets("-") + self._set(last, inside=True)
            last = single
        if first > last:
            raise _RefusedError(f"{first}-{last} in brackets runs backwards")
        return f"{_in_brackets(first)}-{_in_brackets(last)}"


_NOT_IN_XPATH: Final = {
    "?=": "look-ahead",
    "?!": "look-ahead; say what must not match with sh:not",
    "?<=": "look-behind",
    "?<!": "look-behind",
    "?<": "names for groups",
    "?P": "names for groups",
    "?>": "atomic groups",
    "?#": "comments",
    "?(": "conditions",
}


def _escaped(text: str) -> str:
    """Return a text as Rust has it outside of brackets."""
    return "".join(f"\\{letter}" if letter in r"\.+*?()|[]{}^$" else _visible(letter) for letter in text)


def _in_brackets(letter: str) -> str:
    return f"\\{letter}" if letter in r"\[]^-&~|" else _visible(letter)


def _visible(letter: str) -> str:
    return {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(letter, letter)


def _ranges_of(pairs: str) -> Ranges:
    return tuple((ord(first), ord(last)) for first, last in zip(pairs[::2], pairs[1::2], strict=True))


def _ranges_text(ranges: Ranges, form: str) -> str:
    return "".join(
        form.format(first) if first == last else f"{form.format(first)}-{form.format(last)}"
        for first, last in ranges
    )


def _others(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    start = 0
    for first, last in sorted(ranges):
        if first > start:
            found.append((start, first - 1))
        start = max(start, last + 1)
    if start <= sys.maxunicode:
        found.append((start, sys.maxunicode))
    return tuple(found)


@cache
def _of_categories(wanted: tuple[str, ...]) -> Ranges:
    """Return the letters of some categories of Unicode, which Python's expressions have no name for."""
    import unicodedata  # few expressions need it

    found: list[tuple[int, int]] = []
    start = None
    for number in range(sys.maxunicode + 1):
        if unicodedata.category(chr(number)).startswith(wanted):
            start = number if start is None else start
        elif start is not None:
            found.append((start, number - 1))
            start = None
    if start is not None:
        found.append((start, sys.maxunicode))
    return tuple(found)
