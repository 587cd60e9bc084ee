"""A page of HTML that needs nothing else: no request leaves it, and it prints well."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from apgraph.notices.document import STYLE, document
from apgraph.table import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["breakable", "facts", "page", "table", "text"]

_STYLE: Final = """
header { padding-top: 2rem; } footer { padding-bottom: 2rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.25rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.0625rem; line-height: 1.35; margin: 1.5rem 0 .35rem; }
h4 { font-size: .9375rem; margin: 1rem 0 .25rem; }
p { margin: .35rem 0; max-width: 46rem; } .soft { color: var(--soft); } .lead { font-size: 1.125rem; }
ul { margin: .35rem 0; padding-left: 1.25rem; } li { margin: .2rem 0; max-width: 46rem; }
dl.facts { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .15rem 1rem; margin: .75rem 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; }
table { margin: .5rem 0 1rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { padding: .4rem .6rem; overflow-wrap: break-word; max-width: 34rem; }
thead th { background: var(--shade); font-weight: 600; } tbody th { font-weight: 600; } th .soft { font-weight: 400; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; border: 1px solid; white-space: nowrap; }
.violation { color: #7d1414; background: #fdf0f0; } .warning { color: #634100; background: #fff6e0; } .info { color: #0b3f7a; background: #edf4fc; }
.waived { color: #363c44; background: #f0f1f3; } .good { color: #0f4a22; background: #ecf7ef; }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; padding: 0; margin: 1rem 0; }
.counts li { padding: .5rem .9rem; border-radius: .5rem; border: 1px solid; margin: 0; } .counts strong { font-size: 1.5rem; display: block; line-height: 1.1; }
@media (max-width: 40rem) {
  body { font-size: .9375rem; } h1 { font-size: 1.4rem; }
  dl.facts { grid-template-columns: 1fr; } dl.facts dd { margin-bottom: .4rem; }
  table.stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.stack, table.stack tbody, table.stack tr, table.stack td, table.stack th { display: block; width: 100%; }
  table.stack tr { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .3rem 0; }
  table.stack td, table.stack th { border: 0; padding: .15rem .7rem; }
  table.stack td.number { text-align: left; }
  table.stack td:empty { display: none; } table.stack caption { display: block; }
  table.stack td::before { content: attr(data-heading) ": "; color: var(--soft); font-size: .875rem; }
}
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { font-size: 9.5pt; } header { padding-top: 0; }
  h1 { font-size: 17pt; } h2 { font-size: 13pt; } h3 { font-size: 10.5pt; } h4 { font-size: 9.5pt; }
  li, .counts { break-inside: avoid; }
  .badge, .counts li, thead th { print-color-adjust: exact; -webkit-print-color-adjust: exact; } a { text-decoration: none; }
}
"""

# The page may load nothing at all, whatever stood in the data.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(title: str, header: Iterable[str], main: Iterable[str], footer: Iterable[str] = ()) -> str:
    """Return a page.

    Args:
        title: What stands in the tab.
        header: Markup above, with the heading of first rank.
        main: Markup of the content.
        footer: Markup below.

    >>> page("A & B", ["<h1>A &amp; B</h1>"], []).splitlines()[0]
    '<!DOCTYPE html>'
    """
    body = ["<header>", *header, "</header>", "<main>", *main, "</main>"]
    below = list(footer)
    if below:
        body += ["<footer>", *below, "</footer>"]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    return document(plain(title), head=[policy, f"<style>{STYLE}{_STYLE}</style>"], body=body)


def text(value: object) -> str:
    """Return a value as text that is safe in HTML, in an attribute too.

    >>> text('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(plain(value), quote=True)


def breakable(value: str) -> str:
    """Return a long name as safe text that may be broken after its punctuation.

    >>> breakable("a/b")
    'a/<wbr>b'
    """
    made = text(value)
    return made.replace("/", "/<wbr>").replace("_", "_<wbr>").replace(":", ":<wbr>")


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and values, those without a value left out."""
    rows = [f"<dt>{text(name)}</dt><dd>{breakable(value)}</dd>" for name, value in pairs if value]
    return f'<dl class="facts">{"".join(rows)}</dl>' if rows else ""


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", first_is_heading: bool = True
) -> str:
    """Return a table whose cells are markup already; on a narrow screen each row becomes a block.

    Args:
        columns: Headings, as text.
        rows: Markup of the cells.
        caption: What the table shows, as text.
        first_is_heading: Whether the first cell of a row names it.
    """
    head = "".join(f'<th scope="col">{text(column)}</th>' for column in columns)
    lines = ['<table class="stack">']
    if caption:
        lines.append(f"<caption>{text(caption)}</caption>")
    lines += [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for row in rows:
        cells = []
        for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
            if at == 0 and first_is_heading:
                cells.append(f'<th scope="row">{cell}</th>')
            else:
                cells.append(f'<td data-heading="{text(column)}">{cell}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    return "\n".join(lines)
