"""The types derived from xsd:integer, and how SPARQL asks whether a number is within their bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INTEGERS", "bounds"]

INTEGERS: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
"""xsd:integer and what is derived from it, by the least and the greatest value; None where there is none.

See https://www.w3.org/TR/xmlschema11-2/#integer and the sections after it.
"""


def bounds(number: str, name: str) -> list[str]:
    """Return conditions in SPARQL that hold of the values of a type.

    They compare with decimals: an engine need not know integers as long as the bounds of xsd:long are, and Oxigraph
    does not.

    Args:
        number: An expression whose value is a number.
        name: The local name of the type.

    >>> bounds("?n", "byte"), bounds("?n", "integer")
    (['?n >= -128.0', '?n <= 127.0'], [])
    """
    least, greatest = INTEGERS[name]
    low = [f"{number} >= {least}.0"] if least is not None else []
    return low + ([f"{number} <= {greatest}.0"] if greatest is not None else [])
