"""What a sheet of the case workbook is made of: columns, and the things that a row describes."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ORGANISATION", "Column", "Kind", "Role", "Sheet"]

ORGANISATION: Final = "urn:apgraph:the-organisation"
"""Stands for the organisation of the case, whatever its IRI turns out to be."""


class Kind(enum.Enum):
    """What a column takes."""

    ID = "an identifier"
    TEXT = "text"
    NAME = "a name"
    DATE = "a date"
    LIST = "a choice from a list"
    CLASS = "a kind from a list"
    REFERENCE = "identifiers of other rows"
    NAMED = "names of things"
    YES_NO = "yes or no"
    SHARE = "a share such as 40 % or 0.4"
    COUNT = "a whole number"
    NUMBER = "a number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes:
        name: Its heading.
        kind: What it takes.
        help: What to write in it, in a sentence.
        example: What the example row has in it.
        required: Whether it has to be filled in.
        role: Which of the things that a row describes it is about.
        property: IRI of the property that holds its value; ``""`` where it has none of its own.
        classes: Of a list: the classes whose members are offered. Of kinds: the classes offered.
        sheets: Of references: the sheets on which the identifiers are.
        many: Whether several values may be given, with semicolons between them.
        shown: What a term is called in the list, where that is not its label.
        order: Terms that come first in the list, in this order; the others follow by their names.
        extras: Further choices, with the statements that each makes: property and object.
        other: Property that takes the text after ``other:``.
        inverse: Whether the statement runs from the value to the thing.
        also: A second thing of the row, and the property that holds the value there too.
    """

    name: str
    kind: Kind
    help: str
    example: str = ""
    required: bool = False
    role: str = "item"
    property: str = ""
    classes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    many: bool = False
    shown: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    extras: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    other: str = ""
    inverse: bool = False
    also: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A thing that a row describes.

    Attributes:
        name: What columns call it.
        type: IRI of its class, where no column tells the class.
        id: The column with its identifier.
        name_from: The column whose text makes its identifier where the one for that is empty.
        suffix: What makes its identifier out of that of the item, where neither is given.
        links: Statements about it: property, and an IRI or :data:`ORGANISATION` or ``"item"``.
        linked_by: Property by which the item names it.
    """

    name: str
    type: str
    id: str
    name_from: str = ""
    suffix: str = ""
    links: tuple[tuple[str, str], ...] = ()
    linked_by: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook.

    Attributes:
        name: Its name.
        help: What belongs on it, in a sentence or two.
        roles: What a row describes; the first is the item, a second one is a part of it.
        columns: Its columns, in order.
        first: Whether it is one of the four that a first answer needs.
    """

    name: str
    help: str
    roles: tuple[Role, ...]
    columns: tuple[Column, ...]
    first: bool = False

    @property
    def slug(self) -> str:
        """The sheet's name as the name of a file.

        >>> Sheet("Feature observations", "", (), ()).slug
        'feature-observations'
        """
        return self.name.lower().replace(" ", "-")

    @property
    def key(self) -> Column:
        """The column that identifies a row's item."""
        return self.columns[0]

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises:
            KeyError: There is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def role(self, name: str) -> Role:
        """Return the role of that name.

        Raises:
            KeyError: There is none.
        """
        for role in self.roles:
            if role.name == name:
                return role
        raise KeyError(name)
