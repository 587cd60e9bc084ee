"""What to ask to find out whether a feature holds, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from apgraph.errors import InputError
from apgraph.vocabulary import APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apgraph.cases.choices import Choices
    from apgraph.cases.columns import Column
    from apgraph.store import Store

__all__ = ["Prompt", "prompts"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What to ask about a feature.

    Attributes:
        feature: What the feature is called in the list.
        ask: The question.
        help: How to tell.
    """

    feature: str
    ask: str
    help: str


@cache
def _ours() -> Mapping[str, Mapping[str, str]]:
    import yaml

    text = Path(__file__).with_name("prompts.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def prompts(store: Store, choices: Choices, column: Column) -> tuple[Prompt, ...]:
    """Return what to ask about each feature that a column offers.

    A feature of an extension, which has no prompt here, is asked for by its definition.

    Raises:
        InputError: The store can't be queried.
    """
    definitions = {}
    query = f"SELECT ?s ?d WHERE {{ ?s a ?c ; <{PREFIXES['skos']}definition> ?d VALUES ?c {{ <{column.classes[0]}> }} }}"
    for subject, definition in store.select(query).rows:
        definitions[getattr(subject, "value", "")] = getattr(definition, "value", "")
    found = []
    for shown, made in choices.of(column).terms.items():
        iri = made[0][1]
        known = _ours().get(iri.removeprefix(APGX))
        if known is not None:
            found.append(Prompt(shown, known["ask"], known["help"]))
        else:
            found.append(Prompt(shown, f"Does this hold: {shown}?", definitions.get(iri, "")))
    if not found:
        raise InputError("the graph holds no features; load the framework first")
    return tuple(found)
