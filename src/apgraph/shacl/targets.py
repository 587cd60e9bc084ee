"""Focus nodes: https://www.w3.org/TR/shacl/#targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from apgraph.shacl.focus import AS, Focus, Node, select, union, written_triple
from apgraph.shacl.rewriting import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.shacl.ground import Ground
    from apgraph.shacl.model import Target

__all__ = ["focus_of"]


def focus_of(targets: Sequence[Target], ground: Ground) -> Focus | None:
    """Return the focus nodes of some targets; None if there can be none."""
    this = ground.fresh("this")
    patterns = list(_patterns(targets, this, ground))
    if not patterns:
        return None
    known = all(target.kind != "node" for target in targets)
    rewritten = NOTHING
    for target in targets:
        if target.kind == "objects" and isinstance(target.term, NamedNode):
            rewritten |= ground.doubtful.get(target.term.value, NOTHING)
    node = Node(this, any(AS in pattern for pattern in patterns), ground.kinds, rewritten)
    return Focus(node, union(patterns), known=known)


def _patterns(targets: Sequence[Target], this: str, ground: Ground) -> Iterator[str]:
    # https://www.w3.org/TR/shacl/#targetNode; a blank node has been refused before.
    nodes = [t.term for t in targets if t.kind == "node"]
    if nodes:
        yield f"VALUES {this} {{ {' '.join(dict.fromkeys(ground.text(term) for term in nodes))} }}"
    for target in targets:
        if not isinstance(target.term, NamedNode):
            continue
        iri = target.term.value
        match target.kind:
            case "class":  # https://www.w3.org/TR/shacl/#targetClass
                yield from ground.instances(iri, this)
            case "subjects":  # https://www.w3.org/TR/shacl/#targetSubjectsOf
                yield select([this], f"{this} <{iri}> {ground.fresh('any')} .")
            case "objects":  # https://www.w3.org/TR/shacl/#targetObjectsOf
                subject = ground.fresh("any")
                if iri in ground.respelt:
                    for option in written_triple(subject, f"<{iri}>", this, ground):
                        yield select([this], option)
                else:
                    yield select([this], f"{subject} <{iri}> {this} .")
            case "node":
                pass
