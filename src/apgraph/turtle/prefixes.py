"""The prefixes that files of Turtle declare, as their writers know their own terms by them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["declared_prefixes"]

_PREFIX: Final = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


def declared_prefixes(files: Iterable[Path]) -> Mapping[str, str]:
    """Return prefix to namespace; of files in other syntaxes, or that are gone, nothing.

    Where two files declare one prefix, the last of them by name counts.
    """
    return {
        prefix: namespace
        for file in sorted(files)
        if file.suffix.lower() in {".ttl", ".trig"} and file.is_file()
        for prefix, namespace in _PREFIX.findall(file.read_text(encoding="utf-8", errors="replace"))
    }
