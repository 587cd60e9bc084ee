"""The terms of the ontology: labels, definitions, grounds, names, headers, profile and imports."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from apgraph import turtle
from apgraph.release.inference import inference_turtle_quads, model_class
from apgraph.resources import MODULES, ontology_module
from apgraph.vocabulary import APG, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

RDF, RDFS, OWL = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"]
SKOS, DCTERMS, XSD = PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["xsd"]
BASE = "https://w3id.org/apgraph"
A = RDF + "type"
LABEL = RDFS + "label"
DEFINITION = SKOS + "definition"
IMPORTS = {
    "": {"core", "framework", "evidence", "case", "inference"},
    "core": set(),
    "framework": {"core"},
    "evidence": {"framework"},
    "case": {"framework"},
    "inference": {"framework", "case"},
}
HEADER = {
    DCTERMS + name
    for name in (
        "title",
        "description",
        "license",
        "creator",
        "publisher",
        "created",
        "issued",
        "bibliographicCitation",
        "source",
    )
} | {
    OWL + "versionIRI",
    OWL + "versionInfo",
    PREFIXES["vann"] + "preferredNamespaceUri",
    PREFIXES["vann"] + "preferredNamespacePrefix",
    PREFIXES["bibo"] + "status",
}
BEYOND_PROFILE = {
    OWL + name
    for name in (
        "inverseOf",
        "SymmetricProperty",
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "unionOf",
        "complementOf",
        "oneOf",
        "allValuesFrom",
        "someValuesFrom",
        "minCardinality",
        "maxCardinality",
        "cardinality",
        "qualifiedCardinality",
        "AsymmetricProperty",
        "IrreflexiveProperty",
    )
}
# Datatypes that OWL 2 EL, RL and DL all allow and that the ontology may name.
DATATYPES = {RDFS + "Literal"} | {
    XSD + name for name in ("string", "decimal", "integer", "nonNegativeInteger", "anyURI")
}


@cache
def module(name: str) -> tuple[Quad, ...]:
    """The quads of a module; ``""`` is the file that imports all the others."""
    return tuple(parse(path=str(ontology_module(name or "apgraph")), format=RdfFormat.TURTLE))


@cache
def everything() -> tuple[Quad, ...]:
    """The quads of all modules. Blank nodes of different files get different labels from the parser."""
    return tuple(quad for name in ("", *MODULES) for quad in module(name))


def text(term: object) -> str:
    """IRI or lexical form."""
    assert isinstance(term, NamedNode | BlankNode | Literal)
    return term.value


class Graph:
    """Values by subject and predicate."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = tuple(quads)
        self.by_subject: dict[str, dict[str, list[NamedNode | BlankNode | Literal]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for quad in self.quads:
            assert isinstance(quad.object, NamedNode | BlankNode | Literal)
            self.by_subject[text(quad.subject)][quad.predicate.value].append(quad.object)

    def values(self, subject: str, predicate: str) -> list[str]:
        return [text(value) for value in self.by_subject.get(subject, {}).get(predicate, [])]

    def of_type(self, *types: str) -> set[str]:
        return {
            text(quad.subject)
            for quad in self.quads
            if quad.predicate.value == A and text(quad.object) in types
        }


NAMING = {
    APG + name for name in ("isAbout", "concernsTerm", "hasSubjectTerm", "hasRelationTerm", "hasObjectTerm")
}
TERM_TYPES = (
    OWL + "Class",
    OWL + "ObjectProperty",
    OWL + "DatatypeProperty",
    OWL + "AnnotationProperty",
    OWL + "NamedIndividual",
)
PROPERTY_TYPES = TERM_TYPES[1:4]
EXCEPTED = re.compile(re.escape(APGS) + r"(C\d{3}|C\d{3}-span\d+|section-.*)$")
"""Statements and segments: their own tests look after them."""


def our_terms(graph: Graph) -> set[str]:
    """Classes, properties and individuals in our namespaces, statements and segments apart."""
    return {
        term
        for term in graph.of_type(*TERM_TYPES)
        if term.startswith((APG, APGX, APGS)) and not EXCEPTED.match(term)
    }


def faults(quads: Iterable[Quad]) -> Iterator[tuple[str, str]]:
    """Rule and term of every breach of the rules for terms."""
    graph = Graph(quads)
    labels: Counter[str] = Counter()
    definitions: Counter[str] = Counter()
    classes = graph.of_type(OWL + "Class")
    properties = graph.of_type(*PROPERTY_TYPES)
    for term in sorted(our_terms(graph)):
        found = graph.by_subject[term]
        for predicate, rule in ((LABEL, "label"), (DEFINITION, "definition")):
            values = found[predicate]
            if len(values) != 1 or not isinstance(values[0], Literal) or values[0].language != "en":
                yield f"one English {rule}", term
        label, definition = "".join(graph.values(term, LABEL)), "".join(graph.values(term, DEFINITION))
        labels[label.casefold()] += 1
        definitions[definition.casefold()] += 1
        if label != " ".join(label.split()):
            yield "label whitespace", term
        if not definition.endswith(".") or not definition[:1].isupper() or " " not in definition:
            yield "definition is a sentence", term
        defined_by = graph.values(term, RDFS + "isDefinedBy")
        if len(defined_by) != 1 or defined_by[0] not in {f"{BASE}/{name}" for name in MODULES}:
            yield "one module", term
        grounds = graph.values(term, DCTERMS + "source") + graph.values(term, DCTERMS + "conformsTo")
        if not any(re.match(re.escape(APGS) + r"(C\d{3}|R\d{2}|req-[a-z-]+)$", ground) for ground in grounds):
            yield "ground", term
        local = re.split(r"[#/]", term)[-1]
        if term in classes:
            named = re.fullmatch(r"([A-Z]+[a-z]+)+", local)
        elif term in properties or term.startswith(APGX):
            named = re.fullmatch(r"[a-z][A-Za-z0-9]+", local)
        else:
            named = re.fullmatch(r"[A-Za-z][A-Za-z0-9-]+", local)
        if not named:
            yield "name", term
        if term.startswith(APG) is not bool(term in classes or term in properties):
            yield "namespace", term
    for rule, counter in (("unique label", labels), ("unique definition", definitions)):
        for value, count in sorted(counter.items()):
            if value and count > 1:
                yield rule, value
    declared = graph.of_type(*TERM_TYPES) | graph.of_type(OWL + "Ontology")
    used = {quad.predicate.value for quad in graph.quads} | {
        text(quad.object) for quad in graph.quads if quad.predicate.value == A
    }
    ours = {
        text(node)
        for quad in graph.quads
        for node in (quad.subject, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith((APG, APGX))
    }
    builtin = (RDF, RDFS, OWL, XSD)
    for iri in sorted(used | ours):
        if iri not in declared and not iri.startswith(builtin) and iri != APG and iri != APGX:
            yield "declared", iri
    kinds: dict[str, set[str]] = {
        kind: graph.of_type(kind) for kind in (*TERM_TYPES[:4], OWL + "NamedIndividual")
    }
    for term in sorted(graph.of_type(*TERM_TYPES)):
        if sum(term in members for members in kinds.values()) > 1:
            yield "one kind", term
    for quad in graph.quads:
        for node in (quad.predicate, quad.object):
            if isinstance(node, NamedNode) and node.value in BEYOND_PROFILE:
                yield "profile", text(quad.subject)
        if quad.predicate.value in {RDFS + "domain", RDFS + "range"} and isinstance(quad.object, BlankNode):
            yield "profile", text(quad.subject)
        if (
            quad.predicate.value == RDFS + "range"
            and text(quad.object).startswith((XSD, RDFS))
            and text(quad.object) not in DATATYPES
        ):
            yield "datatype", text(quad.subject)


GOOD = """
apg:Cat a owl:Class ; rdfs:label "cat"@en ; skos:definition "An animal that purrs."@en ;
    dcterms:source apgs:C001 ; rdfs:isDefinedBy <https://w3id.org/apgraph/core> .
apg:chases a owl:ObjectProperty ; rdfs:label "chases"@en ; skos:definition "Names what is run after."@en ;
    rdfs:domain apg:Cat ; dcterms:conformsTo apgs:req-cats ; rdfs:isDefinedBy <https://w3id.org/apgraph/core> .
apgx:tom a owl:NamedIndividual , apg:Cat ; rdfs:label "Tom"@en ; skos:definition "The cat of the yard."@en ;
    dcterms:source apgs:C001 ; rdfs:isDefinedBy <https://w3id.org/apgraph/core> .
skos:definition a owl:AnnotationProperty . dcterms:source a owl:AnnotationProperty .
dcterms:conformsTo a owl:AnnotationProperty .
"""
BAD = {
    "one English label": ('"cat"@en', '"cat"@en , "kitty"@en'),
    "one English definition": ('"Names what is run after."@en', '"Names what is run after."'),
    "label whitespace": ('"cat"@en', '"cat "@en'),
    "definition is a sentence": ("that purrs.", "that purrs"),
    "one module": ("apgraph/core> .\napgx", "apgraph/kernel> .\napgx"),
    "ground": ("apgs:C001 ; rdfs:isDefinedBy", "<urn:x:1> ; rdfs:isDefinedBy"),
    "name": ("apg:Cat", "apg:Cat_1"),
    "namespace": ("apgx:tom", "apg:tom"),
    "unique label": ('"Tom"@en', '"cat"@en'),
    "unique definition": ("The cat of the yard.", "An animal that purrs."),
    "declared": ("rdfs:domain apg:Cat", "rdfs:domain apg:Dog"),
    "one kind": (
        "apg:chases a owl:ObjectProperty",
        "apg:chases a owl:ObjectProperty , owl:AnnotationProperty",
    ),
    "profile": ("apg:chases a owl:ObjectProperty", "apg:chases a owl:ObjectProperty , owl:SymmetricProperty"),
    "datatype": ("rdfs:domain apg:Cat", "rdfs:range xsd:boolean"),
}


def parsed(body: str) -> list[Quad]:
    """Quads of a Turtle text with our prefixes."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return list(parse(head + body, format=RdfFormat.TURTLE))


def test_no_fault_in_the_ontology() -> None:
    assert sorted(set(faults(everything()))) == []


def test_no_fault_in_the_good_example() -> None:
    assert list(faults(parsed(GOOD))) == []


@pytest.mark.parametrize("rule", BAD)
def test_each_rule_has_an_example_that_breaks_it(rule: str) -> None:
    old, new = BAD[rule]
    changed = GOOD.replace(old, new)
    assert changed != GOOD
    assert {found for found, _ in faults(parsed(changed))} == {rule}


@pytest.mark.parametrize("name", ["", *MODULES])
def test_header(name: str) -> None:
    iri = f"{BASE}/{name}".rstrip("/")
    graph = Graph(module(name))
    assert graph.of_type(OWL + "Ontology") == {iri}
    missing = HEADER - set(graph.by_subject[iri])
    assert not missing, f"{name or 'apgraph'}: {sorted(missing)}"
    imports = {value.removeprefix(BASE + "/") for value in graph.values(iri, OWL + "imports")}
    assert imports == IMPORTS[name]
    (version,) = graph.values(iri, OWL + "versionInfo")
    assert graph.values(iri, OWL + "versionIRI") == [f"{iri}/{version}"]


def test_headers_say_what_the_package_says(root: Path) -> None:
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    author = re.search(r'^authors = \[\{ name = "(.+)" \}\]$', project, re.MULTILINE)
    assert version is not None
    assert author is not None
    for name in ("", *MODULES):
        graph, iri = Graph(module(name)), f"{BASE}/{name}".rstrip("/")
        assert graph.values(iri, OWL + "versionInfo") == [version[1]]
        assert graph.values(iri, DCTERMS + "creator") == [author[1]]


def test_terms_are_in_the_module_that_defines_them() -> None:
    for name in MODULES:
        graph = Graph(module(name))
        for term in our_terms(graph):
            assert graph.values(term, RDFS + "isDefinedBy") == [f"{BASE}/{name}"], term


def test_a_module_uses_only_what_it_declares_or_imports() -> None:
    for name in MODULES:
        seen: set[str] = set()
        waiting = {name}
        while waiting:
            seen.add(current := waiting.pop())
            waiting |= IMPORTS[current] - seen
        declared = Graph(quad for other in seen for quad in module(other)).of_type(*TERM_TYPES)
        used = {
            text(node)
            for quad in module(name)
            # Notes may name terms of later modules: what a note names, it does not use.
            for node in (
                quad.predicate,
                *(() if quad.predicate.value in NAMING else (quad.subject, quad.object)),
            )
            if isinstance(node, NamedNode) and node.value.startswith((APG, APGX))
        }
        assert sorted(used - declared) == [], name


def test_core_is_light() -> None:
    graph = Graph(module("core"))
    assert len({term for term in graph.of_type(OWL + "Class") if not term.startswith("_")}) <= 30
    assert not graph.of_type(OWL + "Restriction")


def test_every_claim_named_is_among_the_statements() -> None:
    statements = Graph(module("evidence")).of_type(OWL + "NamedIndividual")
    named = {
        text(quad.object)
        for quad in everything()
        if quad.predicate.value == DCTERMS + "source"
        and re.match(re.escape(APGS) + r"[CR]\d", text(quad.object))
    }
    assert sorted(named - statements) == []
    requirements = Graph(module("core")).of_type(APG + "Requirement")
    called = {text(quad.object) for quad in everything() if quad.predicate.value == DCTERMS + "conformsTo"}
    assert sorted(called - requirements) == []


def test_requirements_are_explained(root: Path) -> None:
    page = (root / "docs" / "requirements.md").read_text(encoding="utf-8")
    for requirement in Graph(module("core")).of_type(APG + "Requirement"):
        assert f"`apgs:{requirement.removeprefix(APGS)}`" in page
    served = {text(quad.object) for quad in everything() if quad.predicate.value == DCTERMS + "conformsTo"}
    assert Graph(module("core")).of_type(APG + "Requirement") <= served


def test_properties_made_by_chains_keep_the_profile() -> None:
    graph = Graph(everything())
    chains = [quad for quad in graph.quads if quad.predicate.value == OWL + "propertyChainAxiom"]
    assert [text(quad.subject) for quad in chains] == [APG + "hasSupportingPractice"]
    for quad in chains:
        steps: list[str] = []
        cell = text(quad.object)
        while cell != RDF + "nil":
            steps += graph.values(cell, RDF + "first")
            (cell,) = graph.values(cell, RDF + "rest")
        # OWL 2 EL: the last step must have the range of the property that the chain makes.
        assert graph.values(steps[-1], RDFS + "range") == graph.values(text(quad.subject), RDFS + "range")


def test_tops_are_disjoint() -> None:
    graph = Graph(everything())
    lists = []
    for node in graph.of_type(OWL + "AllDisjointClasses"):
        (cell,) = graph.values(node, OWL + "members")
        members: list[str] = []
        while cell != RDF + "nil":
            members += graph.values(cell, RDF + "first")
            (cell,) = graph.values(cell, RDF + "rest")
        lists.append({member.removeprefix(APG) for member in members})
    everyone = max(lists, key=len)
    assert {"Organisation", "Person", "Observation", "EvidenceItem", "Architecture"} < everyone
    assert len(everyone) == 17
    assert all(members <= everyone for members in lists)
    # Left overlapping on purpose: the source does not set them apart.
    assert not everyone & {"Teacher", "Manager", "CommunityOfPractice", "Constellation", "Team"}


def test_the_inference_module_is_made_from_the_models() -> None:
    made = turtle.write(inference_turtle_quads((*module("core"), *module("framework"))), PREFIXES)
    assert ontology_module("inference").read_text(encoding="utf-8") == made


def test_a_fifth_model_gets_a_class_in_its_own_namespace() -> None:
    defined = model_class("https://example.org/ext#rovingModel", "roving model", [APGX + "worksInTeams"])
    assert defined.iri == "https://example.org/ext#RovingArrangement"
    assert defined.values == ((APG + "exhibitsFeature", APGX + "worksInTeams"),)


def words(passage: str) -> list[str]:
    """Words in lower case, without punctuation."""
    return re.findall(r"[a-z0-9]+", passage.lower())


def test_no_six_words_of_the_source(shared: Path) -> None:
    source = words((shared / "source" / "ap-model.txt").read_text(encoding="utf-8"))
    taken = {tuple(source[i : i + 6]) for i in range(len(source) - 5)}
    prose = {
        DEFINITION,
        SKOS + "scopeNote",
        DCTERMS + "description",
        APG + "ambiguityNote",
        APG + "analyticalNote",
    }
    for quad in everything():
        if quad.predicate.value in prose:
            own = words(text(quad.object))
            shared_words = [own[i : i + 6] for i in range(len(own) - 5) if tuple(own[i : i + 6]) in taken]
            assert not shared_words, f"{text(quad.subject)}: {' '.join(shared_words[0])}"


def test_what_the_source_leaves_open_about_the_models_no_note_decides() -> None:
    notes = {text(q.object) for q in everything() if q.predicate.value == SKOS + "scopeNote"}
    (of_models,) = (note for note in notes if "form stages" in note)
    assert of_models.startswith(
        "Whether the models exclude one another, have an order or form stages is not said"
    )
    assert not any("neither exclusive" in note for note in notes)


def test_every_numbered_question_is_a_requirement(root: Path) -> None:
    page = (root / "docs" / "requirements.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (Q\d\d) \| \[`([a-z-]+)`\]\(\.\./queries/\2\.rq\) \|", page, re.MULTILINE))
    numbered: dict[str, str] = {}
    for file in sorted((root / "queries").glob("*.rq")):
        if number := re.search(r"^#\+ number: (Q\d\d)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            numbered[number[1]] = file.stem
    assert listed == numbered
