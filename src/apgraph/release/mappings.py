"""The mappings to other vocabularies, as the SSSOM table of the repository states them.

The table (`Simple Standard for Sharing Ontology Mappings <https://mapping-commons.github.io/sssom/>`_) is the
source of truth; beside it lie the vocabularies that were looked at, with version and hash, and the terms of
theirs that the table names.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from apgraph.errors import InputError, ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apgraph.release.tree import Tree

__all__ = [
    "NO_TERM",
    "RELATIONS",
    "TABLE",
    "Mapped",
    "Vocabulary",
    "read_mappings",
    "read_terms",
    "read_vocabularies",
]

FOLDER: Final = "ontology/alignments"
TABLE: Final = f"{FOLDER}/apgraph.sssom.tsv"
NO_TERM: Final = "sssom:NoTermFound"
"""What stands for the object where a vocabulary has no counterpart."""
RELATIONS: Final[Mapping[str, str]] = {
    "rdfs:subClassOf": "is a kind of",
    "rdfs:subPropertyOf": "implies",
    "skos:exactMatch": "is the same as",
    "skos:closeMatch": "is close to",
    "skos:relatedMatch": "is related to",
    "skos:broadMatch": "is narrower than",
    "skos:narrowMatch": "is wider than",
}
"""Short name of each relation to how it reads."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A vocabulary that was looked at.

    Args:
        prefix: Its prefix in the table.
        namespace: Namespace of its terms.
        title: Its name.
        version: The version that was read.
        source: Where it is published.
        licence: Its licence.
        sha256: Hash of the file that was read.
        has_file: Whether it has an alignment file of its own; rows of the table only where it has none.
        why: What the alignment is for.
    """

    prefix: str
    namespace: str
    title: str
    version: str
    source: str
    licence: str
    sha256: str
    has_file: bool
    why: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row of the table.

    Args:
        line: Its line in the file.
        subject: Short name of our term.
        predicate: Short name of the relation.
        negated: Whether the row says that the relation does not hold.
        object: Short name of their term, or ``NO_TERM``.
        source: Where their vocabulary is published; in the table by its short name, as SSSOM wants it.
        confidence: How sure its author is, from 0 to 1.
        comment: Why.
        labels: The labels of both, as the row gives them.
    """

    line: int
    subject: str
    predicate: str
    negated: bool
    object: str
    source: str
    confidence: float
    comment: str
    labels: tuple[str, str]


def read_vocabularies(tree: Tree) -> Mapping[str, Vocabulary]:
    """Return the vocabularies by prefix.

    Raises:
        InputError: The table is missing or lacks a column.
    """
    return {
        row["prefix"]: Vocabulary(
            row["prefix"],
            row["namespace"],
            row["title"],
            row["version"],
            row["source"],
            row["licence"],
            row["sha256"],
            row["file"] == "yes",
            row["why"],
        )
        for _, row in _rows(tree, f"{FOLDER}/vocabularies.tsv")
    }


def read_terms(tree: Tree) -> Mapping[str, tuple[str, str]]:
    """Return kind (``class`` or ``property``) and label of each external term, by short name.

    Raises:
        InputError: The table is missing or lacks a column.
    """
    return {row["term"]: (row["kind"], row["label"]) for _, row in _rows(tree, f"{FOLDER}/terms.tsv")}


def read_mappings(tree: Tree) -> tuple[Mapped, ...]:
    """Return the rows of the SSSOM table.

    Raises:
        InputError: The table is missing or lacks a column.
        ParseError: A value is none that SSSOM allows.
    """
    prefixes = _prefixes(tree)
    found = []
    for line, row in _rows(tree, TABLE):
        modifier = row["predicate_modifier"]
        try:
            confidence = float(row["confidence"])
        except ValueError:
            confidence = -1.0
        if modifier not in {"", "Not"} or not 0 <= confidence <= 1:
            raise ParseError(
                TABLE,
                "predicate_modifier is neither empty nor Not, or confidence is no number from 0 to 1",
                line=line,
                hint="mend the row",
            )
        prefix, _, local = row["object_source"].partition(":")
        if prefix not in prefixes:
            raise ParseError(
                TABLE,
                f"object_source is {row['object_source']!r}, which begins with no prefix of the head",
                line=line,
                hint="write it by one of them, or add the prefix to curie_map",
            )
        found.append(
            Mapped(
                line,
                row["subject_id"],
                row["predicate_id"],
                modifier == "Not",
                row["object_id"],
                prefixes[prefix] + local,
                confidence,
                row["comment"],
                (row["subject_label"], row["object_label"]),
            )
        )
    return tuple(found)


def _prefixes(tree: Tree) -> Mapping[str, str]:
    """Return the ``curie_map`` in the head of the table."""
    import yaml

    lines = tree.read(TABLE).decode("utf-8").splitlines()
    try:
        head = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    except yaml.YAMLError as error:
        raise ParseError(TABLE, f"the head is no YAML ({error})", line=1, hint="restore it") from error
    found = head.get("curie_map") if isinstance(head, dict) else None
    if not isinstance(found, dict):
        raise ParseError(TABLE, "the head has no curie_map", line=1, hint="restore it")
    return {str(prefix): str(namespace) for prefix, namespace in found.items()}


def _rows(tree: Tree, path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of each row; lines that start with # are the head."""
    lines = tree.read(path).decode("utf-8").splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.DictReader(io.StringIO("".join(lines[head:])), delimiter="\t", strict=True)
    if not reader.fieldnames:
        raise InputError(f"{path}: empty; restore the file")
    for row in reader:
        if None in row or None in row.values():
            raise ParseError(
                path,
                "the row has more or fewer cells than the head",
                line=head + reader.line_num,
                hint="mend it",
            )
        yield head + reader.line_num, row
