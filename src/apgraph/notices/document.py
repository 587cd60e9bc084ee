"""The frame of a page of HTML, and what all of this package's pages look like."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["STYLE", "document"]

# Colours keep a contrast of at least 7 to 1 with what is behind them (WCAG 2.2, success criterion 1.4.6).
STYLE: Final = """
:root { color-scheme: light; --ink: #1b1f24; --soft: #454c55; --line: #c9ced6; --shade: #f3f5f8; --accent: #0b4a8f; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
@media print {
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  h2, h3, h4 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; }
  a { color: inherit; }
}
"""
"""The style that the pages share; each kind of page adds its own after it."""


def document(title: str, *, head: Iterable[str], body: Iterable[str]) -> str:
    """Return a whole page.

    Args:
        title: What stands in the tab, as text.
        head: Further markup of the head.
        body: Markup of the body.

    >>> document("A & B", head=[], body=["<p>C</p>"]).splitlines()[0]
    '<!DOCTYPE html>'
    """
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en-GB">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        *head,
        "</head>",
        "<body>",
        *body,
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"
