"""A comparison as one page to print: what differs first, then what is the same, what is not known, and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.notices.page import breakable, facts, page, table, text
from apgraph.profiles.comparison import FINDINGS, NO_FINDINGS, NO_STATISTIC
from apgraph.profiles.html import MADE, badge
from apgraph.profiles.profile import RULE
from apgraph.vocabulary import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.profiles.comparison import Comparison, Line

__all__ = ["to_html"]


def to_html(comparison: Comparison) -> str:
    """Return a comparison as one page that needs nothing else."""
    organisations = list(dict.fromkeys(column.organisation for column in comparison.columns))
    title = "Side by side: " + ", ".join(organisations)
    return page(title, _header(title, comparison), _main(comparison), _footer(comparison))


def _header(title: str, comparison: Comparison) -> Iterator[str]:
    yield f"<h1>{text(title)}</h1>"
    if comparison.caveat:
        yield f"<p><strong>Note: {text(comparison.caveat)}</strong></p>"
    yield f'<p class="lead">{text(comparison.summary)}</p>'
    if comparison.passed_over:
        yield f"<p>{text(comparison.passed_over)}</p>"
    dates = dict.fromkeys(column.on for column in comparison.columns if column.on)
    yield facts(
        [
            ("Cases", ", ".join(dict.fromkeys(column.case.case for column in comparison.columns))),
            ("As of", ", ".join(dates)),
            ("Framework", f"version {VERSION}"),
        ]
    )
    yield f"<p>{text(RULE)}</p>"


def _main(comparison: Comparison) -> Iterator[str]:
    titles = [column.title for column in comparison.columns]
    for heading, first, lines in comparison.sections:
        if not lines:
            continue
        yield f"<h2>{text(heading)}</h2>"
        rows = _models(comparison) if lines is comparison.models else _rows(lines)
        yield table([first.capitalize(), *titles], rows)
        if lines is comparison.models:
            yield from (f'<p class="soft">{text(line)}</p>' for line in comparison.reserves)
    yield f"<h2>{text(FINDINGS)}</h2>"
    if comparison.findings:
        yield table(
            ("Claim", "Case", "Speaks", "What the case records", "Record"),
            [
                [
                    text(each.hedged_claim),
                    text(each.organisation),
                    text(f"{each.speaks} it"),
                    text(each.said),
                    breakable(str(each.observation)),
                ]
                for each in comparison.findings
            ],
        )
        yield f'<p class="soft">{text(NO_STATISTIC)}</p>'
    else:
        yield f"<p>{text(NO_FINDINGS)}</p>"


def _rows(lines: Sequence[Line]) -> list[list[str]]:
    return [[text(line.term), *map(text, line.values)] for line in lines]


def _models(comparison: Comparison) -> list[list[str]]:
    made = []
    for at, line in enumerate(comparison.models):
        verdicts = [column.arrangement.verdicts[at] for column in comparison.columns]
        cells = [f"{badge(each)}{' closest' if each.is_closest else ''}" for each in verdicts]
        made.append([text(line.term), *cells])
    return made


def _footer(comparison: Comparison) -> Iterator[str]:
    yield f"<p>To cite this: {breakable(str(comparison.citation()))}</p>"
    yield f"<p>{MADE}</p>"
