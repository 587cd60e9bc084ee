"""What reasoning found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyoxigraph import Triple

    from apgraph.reasoning.rl.explanation import Explanation

__all__ = ["Reasoning"]


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What reasoning found.

    Attributes:
        engine: ``"OWL 2 RL"``, by rules, or ``"HermiT"``, for OWL 2 DL.
        inferred: How many triples were inferred.
        counts: How many each rule added, by its name in the specification; none for HermiT.
        clashes: Each contradiction with the fewest triples that make it; none for HermiT, which does not say.
        more_clashes: Whether there are more contradictions than were looked for.
        consistent: Whether the data agrees with the ontology.
        unsatisfiable: IRIs of the classes that can have no member, as HermiT finds them.
        triples: What HermiT inferred, classes and types; what rules inferred is in the graph of inferences.
        left_out: What could not be taken into account, in words.
        seconds: How long it took.

    >>> Reasoning("OWL 2 RL", 2, {"cax-sco": 2}).to_records()["rules"]
    [{'rule': 'cax-sco', 'inferred': 2}]
    """

    engine: str
    inferred: int
    counts: Mapping[str, int] = field(default_factory=dict)
    clashes: tuple[Explanation, ...] = ()
    consistent: bool = True
    unsatisfiable: tuple[str, ...] = ()
    triples: tuple[Triple, ...] = ()
    left_out: tuple[str, ...] = ()
    seconds: float = 0.0
    more_clashes: bool = False

    def to_records(self, *, label: Callable[[str], str] | None = None) -> dict[str, Any]:
        """Return it as plain data for JSON.

        Args:
            label: What an IRI is called in words; the last part of it by default.
        """
        return {
            "engine": self.engine,
            "consistent": self.consistent,
            "inferred": self.inferred,
            "rules": [{"rule": rule, "inferred": number} for rule, number in self.by_rule()],
            "clashes": [
                {
                    "rule": clash.clash,
                    "words": clash.to_text(label=label).split("\n"),
                    "triples": [[str(term) for term in fact] for fact in clash.asserted],
                }
                for clash in self.clashes
            ],
            "more_clashes": self.more_clashes,
            "unsatisfiable": list(self.unsatisfiable),
            "left_out": list(self.left_out),
            "seconds": round(self.seconds, 3),
        }

    def by_rule(self) -> list[tuple[str, int]]:
        """Return how many triples each rule added, the most first."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))

    def to_text(
        self,
        *,
        label: Callable[[str], str] | None = None,
        places: Callable[[Explanation], Sequence[str]] | None = None,
    ) -> str:
        """Return it in a few lines of text.

        Args:
            label: What an IRI is called.
            places: Where what a contradiction rests on was read.
        """
        lines = [f"{self.inferred} triples inferred by {self.engine} in {self.seconds:.2f} s"]
        lines += [f"  {number:>7}  {rule}" for rule, number in self.by_rule()]
        if not self.clashes:
            lines.append("consistent" if self.consistent else "inconsistent: everything follows")
        else:
            where = "1 place" if len(self.clashes) == 1 else f"{len(self.clashes)} places"
            if self.more_clashes:
                where += " that were looked into, and there are more"
            lines.append(f"inconsistent in {where}:")
            for clash in self.clashes:
                lines += ["", *(f"  {line}" for line in clash.to_text(label=label).split("\n"))]
                lines += [f"    read from {place}" for place in (places(clash) if places else ())]
        return "\n".join([*lines, *self._notes(label)])

    def _notes(self, label: Callable[[str], str] | None) -> list[str]:
        """Return what stands below inferences and contradictions."""
        return [
            *(f"can have no member: {label(iri) if label else iri}" for iri in self.unsatisfiable),
            *(f"left out: {text}" for text in self.left_out),
        ]

    def to_markdown(
        self,
        *,
        label: Callable[[str], str] | None = None,
        places: Callable[[Explanation], Sequence[str]] | None = None,
    ) -> str:
        """Return it in Markdown.

        Args:
            label: What an IRI is called.
            places: Where what a contradiction rests on was read.
        """
        lines = [
            f"{self.inferred} triples inferred by {self.engine}; "
            + ("consistent." if self.consistent else "inconsistent.")
            + (" There are more contradictions than those below." if self.more_clashes else ""),
            "",
        ]
        if self.counts:
            lines += ["| rule | inferred |", "|---|---:|"]
            lines += [f"| {rule} | {number} |" for rule, number in self.by_rule()]
            lines.append("")
        for clash in self.clashes:
            lines += [clash.to_markdown(label=label)]
            read = [f"* read from {_escaped(place)}" for place in (places(clash) if places else ())]
            lines += [*read, ""] if read else []
        lines += [f"* {note}" for note in self._notes(label)]
        return "\n".join(lines).rstrip("\n") + "\n"

    def __str__(self) -> str:
        return self.to_text()


def _escaped(text: str) -> str:
    """Escape what Markdown would take for markup in the name of a file."""
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", text)
