"""JSON-LD with the context of the ontology: short names for its classes and properties."""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.resources import FRAMEWORK, resource_folder
from apgraph.vocabulary import APG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from apgraph.store import Store

__all__ = ["CONTEXT_URL", "context", "to_jsonld", "with_context"]

CONTEXT_URL: Final = "https://w3id.org/apgraph/context.jsonld"
"""Where the context is to be published; files that name it are read with the copy in this package."""

_TYPE: Final = PREFIXES["rdf"] + "type"
_STRING: Final = PREFIXES["xsd"] + "string"
_REFERENCE: Final = re.compile(rf'("@context"\s*:\s*(?:\[\s*)?)"{re.escape(CONTEXT_URL)}"')
_HEAD: Final = 1 << 20


def context(store: Store) -> dict[str, object]:
    """Return the context: prefixes, and every class and property of ours by its name.

    Args:
        store: Holds the ontology.
    """
    found: dict[str, object] = {"id": "@id", "type": "@type"}
    found |= {prefix: iri for prefix, iri in PREFIXES.items() if prefix != "apgq"}
    query = f"""SELECT ?term ?kind WHERE {{ ?term a ?kind VALUES ?kind {{ <{PREFIXES["owl"]}Class>
        <{PREFIXES["owl"]}ObjectProperty> <{PREFIXES["owl"]}DatatypeProperty> }} }} ORDER BY ?term"""
    for term, kind in store.select(query, default_graphs=[FRAMEWORK]).rows:
        if isinstance(term, NamedNode) and isinstance(kind, NamedNode) and term.value.startswith(APG):
            name = term.value.removeprefix(APG)
            reference = kind.value.endswith("ObjectProperty")
            found[name] = {"@id": f"apg:{name}", "@type": "@id"} if reference else f"apg:{name}"
    return found


def to_jsonld(triples: Iterable[Triple], store: Store) -> str:
    """Return triples as JSON-LD, with the part of the context that they use inside.

    Args:
        triples: The triples.
        store: Holds the ontology.
    """
    from apgraph.lexicon import curie

    whole = context(store)
    used: set[str] = {"id", "type"}

    def short(iri: str) -> str:
        name = iri.removeprefix(APG)
        if name != iri and name in whole:
            used.add(name)
            return name
        made = curie(iri)
        prefix = made.partition(":")[0]
        if made != iri and prefix in whole:
            used.add(prefix)
            return made
        return iri

    def value(predicate: str, term: object) -> object:
        if isinstance(term, Literal):
            if term.language:
                return {"@value": term.value, "@language": term.language}
            if term.datatype.value != _STRING:
                return {"@value": term.value, "@type": short(term.datatype.value)}
            return {"@value": term.value} if isinstance(whole.get(predicate), dict) else term.value
        name = f"_:{term.value}" if isinstance(term, BlankNode) else short_id(getattr(term, "value", ""))
        return name if isinstance(whole.get(predicate), dict) else {"id": name}

    def short_id(iri: str) -> str:
        # A class or property is no base for the name of a thing, so only prefixes shorten it.
        made = curie(iri)
        prefix = made.partition(":")[0]
        if made != iri and prefix in whole:
            used.add(prefix)
            return made
        return iri

    nodes: defaultdict[str, defaultdict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=str):
        subject = triple.subject
        name = (
            f"_:{subject.value}"
            if isinstance(subject, BlankNode)
            else short_id(getattr(subject, "value", ""))
        )
        if triple.predicate.value == _TYPE and isinstance(triple.object, NamedNode):
            nodes[name]["type"].append(short(triple.object.value))
        else:
            predicate = short(triple.predicate.value)
            nodes[name][predicate].append(value(predicate, triple.object))
    graph = [
        {
            "id": name,
            **{
                key: said[0] if len(said) == 1 else said
                for key, said in sorted(facts.items(), key=lambda f: (f[0] != "type", f[0]))
            },
        }
        for name, facts in sorted(nodes.items())
    ]
    if used - {"id", "type"}:
        used.add("apg")
    inside = {name: said for name, said in whole.items() if name in used}
    return json.dumps({"@context": inside, "@graph": graph}, indent=2, ensure_ascii=False) + "\n"


def with_context(file: Path) -> bytes | None:
    """Return a file's content with our context in place of its address; None for a file that does not name it.

    Raises:
        OSError: The file can't be read.
    """
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
        if CONTEXT_URL.encode() not in head:
            return None
        content = (head + stream.read()).decode("utf-8", "surrogateescape")
    own = json.loads((resource_folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    inside = json.dumps(own)
    return _REFERENCE.sub(lambda match: match[1] + inside, content).encode("utf-8", "surrogateescape")


def published(store: Store) -> str:
    """Return the context as it is published."""
    return json.dumps({"@context": context(store)}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from apgraph.resources import MODULES, ontology_module
    from apgraph.store import OxigraphStore, format_of

    shipped = OxigraphStore()
    for module in MODULES:
        shipped.load(ontology_module(module), format=format_of("a.ttl"), graph=FRAMEWORK, name=module)
    target = resource_folder("ontology") / "context.jsonld"
    if "--write" in sys.argv:
        target.write_text(published(shipped), encoding="utf-8")
    elif target.read_text(encoding="utf-8") != published(shipped):
        sys.exit("ontology/context.jsonld is out of date; run python -m apgraph.cases.jsonld --write")
