"""What the lists of the workbook offer: members of the ontology's classes, and of a user's extensions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from apgraph.cases.columns import Column, Kind
from apgraph.errors import InputError
from apgraph.lexicon import key, nearest
from apgraph.vocabulary import apg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apgraph.lexicon import Lexicon

__all__ = ["FROM_EXTENSION", "Choices", "Options", "is_extensible", "split"]

FROM_EXTENSION: Final = "If an extension of yours adds it, give the extension's file, too."
"""What to say of a term that nothing describes, where extensions may add terms."""

_EXTENSIBLE: Final = frozenset(
    {
        apg.DeploymentFeature,
        apg.DeploymentModel,
        apg.InfluencingCondition,
        apg.MeasurementScale,
        apg.PracticeType,
        apg.Value,
    }
)

_KIND_OF_VALUE: Final = re.compile(r"^[^\W\d_A-Z]+(?: [^\W\d_A-Z]+)*: ")
"""What sets one value apart from another in the ontology and says nothing in a column of its own."""

_OTHER: Final = re.compile(r"^other\s*:\s*(.+)$", re.IGNORECASE | re.DOTALL)


def is_extensible(classes: Iterable[str]) -> bool:
    """Tell whether extensions may add members to one of some classes; see rule 25."""
    return not _EXTENSIBLE.isdisjoint(classes)


def split(text: str) -> list[str]:
    """Return the values of a cell that takes several.

    >>> split("ev-01; ev-02,ev-03 ;")
    ['ev-01', 'ev-02', 'ev-03']
    """
    return [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]


@dataclass(frozen=True, slots=True)
class Options:
    """What one column offers.

    Attributes:
        terms: Each choice as it is shown, and the statements that it makes: property and IRI.
        names: Each choice by what else it may be called, without letter case and marks.
        other: Property that takes the text after ``other:``; ``""`` where there is none.
    """

    terms: Mapping[str, tuple[tuple[str, str], ...]]
    names: Mapping[str, str]
    other: str

    @property
    def shown(self) -> tuple[str, ...]:
        """The choices in the order in which they are offered."""
        return tuple(self.terms)

    def find(self, text: str) -> str | None:
        """Return the choice that some text names, as it is shown; None where there is none.

        What follows ``other:`` is kept as it is.
        """
        if self.other and (match := _OTHER.match(text)):
            return f"other: {match[1].strip()}"
        return self.names.get(key(text))

    def nearest(self, text: str, n: int = 2) -> tuple[str, ...]:
        """Return the choices that look most like a text, best first."""
        return nearest(text, self.terms, n)


class Choices:
    """The lists of a workbook, read from a graph when they are first asked for.

    Args:
        lexicon: The names in the graph.

    >>> from apgraph.graph import Graph
    >>> from apgraph.cases.sheets import sheet_named
    >>> options = Choices(Graph().lexicon).of(sheet_named("Feature observations").column("status"))
    >>> options.shown, options.find(" Not-Assessed")
    (('present', 'partly', 'absent', 'not assessed'), 'not assessed')
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[tuple[object, ...], Options] = {}

    def of(self, column: Column) -> Options:
        """Return what a column offers; nothing for a column without a list."""
        wanted = (column.classes, column.property, column.kind, tuple(column.extras), *column.shown.items())
        if wanted not in self._known:
            self._known[wanted] = self._read(column)
        return self._known[wanted]

    def name(self, column: Column, iri: str) -> str | None:
        """Return what a term is called in a column's list, or None."""
        for shown, made in self.of(column).terms.items():
            if len(made) == 1 and made[0][1] == iri:
                return shown
        return None

    def _read(self, column: Column) -> Options:
        if column.kind is Kind.YES_NO:
            return Options(
                {"yes": (), "no": ()},
                {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"},
                "",
            )
        terms: dict[str, tuple[tuple[str, str], ...]] = {}
        if column.kind is Kind.CLASS:
            labels = self._lexicon.labels(column.classes)
            members: Sequence[tuple[str, str]] = [(iri, labels.get(iri, iri)) for iri in column.classes]
        elif column.kind is Kind.LIST and column.classes:
            first = {iri: at for at, iri in enumerate(column.order)}
            members = sorted(
                self._lexicon.members(column.classes).items(),
                key=lambda item: (first.get(item[0], len(first)), key(item[1])),
            )
        else:
            members = []
        names: dict[str, str] = {}
        for iri, label in members:
            shown = column.shown.get(iri) or _KIND_OF_VALUE.sub("", label)
            if shown in column.extras or _said_otherwise(iri, column):
                continue
            if shown in terms:
                shown = self._lexicon.curie(iri)
            terms[shown] = ((column.property, iri),)
            for name in (shown, label, iri, self._lexicon.curie(iri)):
                names.setdefault(key(name), shown)
        listed = {made[0][1]: shown for shown, made in terms.items()}
        for iri, others in self._lexicon.names(listed).items():
            # A workbook that was filled in under other labels is read all the same.
            for name in others:
                names.setdefault(key(name), listed[iri])
                names.setdefault(key(_KIND_OF_VALUE.sub("", name)), listed[iri])
        terms |= {shown: made for shown, made in column.extras.items() if made or not column.other}
        names |= {key(shown): shown for shown in column.extras if shown in terms}
        if column.property.endswith("#hasOrientation"):
            # "Not known" is one of the orientations; it goes last like everywhere else.
            terms = dict(sorted(terms.items(), key=lambda item: item[0] == "not known"))
        return Options(terms, names, column.other)

    def alternative(self, column: Column, text: str) -> str | None:
        """Return the choice that a text names by an alternative label, as it is shown."""
        if column.kind is not Kind.LIST or not column.classes:
            return None
        try:
            return self.name(column, self._lexicon.resolve(text, column.classes))
        except InputError:
            return None


def _said_otherwise(iri: str, column: Column) -> bool:
    """Tell whether a member of a column's class is offered by another of its choices already."""
    return any(len(made) == 1 and made[0] == (column.property, iri) for made in column.extras.values())
