"""A rule that is broken, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apgraph.release.quality.rules import Rule

__all__ = ["Breach"]


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken, and by what.

    Attributes:
        rule: The rule.
        this: IRI of what breaks it; empty where that has none.
        name: Its short name, where it has one.
        message: What is wrong, in words.
        path: IRI of the property that is wrong, where the rule names one.
        value: The value that is wrong, where the rule names one.
        shown: That value in short, as the message has it.
        nearest: Names like that value which exist, in short, best first.
    """

    rule: Rule
    this: str
    name: str
    message: str
    path: str = ""
    value: str = ""
    shown: str = ""
    nearest: tuple[str, ...] = ()
