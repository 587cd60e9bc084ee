"""Alignments: the table and the files agree, the terms exist, and loading them harms nobody."""

from __future__ import annotations

import csv
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from apgraph.errors import InputError, ParseError
from apgraph.lexicon import Lexicon
from apgraph.questions.answers import example_files, stocked_store
from apgraph.questions.catalogue import Catalogue
from apgraph.questions.inquiry import ask
from apgraph.reasoning import check_profile, reason_dl
from apgraph.release import Tree
from apgraph.release.alignments import alignments
from apgraph.release.mappings import TABLE
from apgraph.resources import MODULES, ontology_module
from apgraph.store import OxigraphStore
from apgraph.vocabulary import APG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "ontology" / "alignments"
SHARED = Path(os.environ.get("APGRAPH_SHARED", ROOT.parent / "shared"))
FILES = sorted(FOLDER.glob("*.ttl"))
SKOS, OWL, RDFS, PROV = (PREFIXES[each] for each in ("skos", "owl", "rdfs", "prov"))
A = NamedNode(PREFIXES["rdf"] + "type")
# Where a vocabulary's own file is, and how it is written.
OWN = {
    "cob.owl": "obo",
    "dcterms.ttl": "dcterms",
    "dfe-establishment.ttl": "est",
    "foaf.ttl": "foaf",
    "gist.ttl": "gist",
    "prov.ttl": "prov",
    "sosa.ttl": "sosa",
}


@cache
def read(file: Path) -> tuple[Quad, ...]:
    form = RdfFormat.RDF_XML if file.suffix == ".owl" else RdfFormat.TURTLE
    return tuple(parse(file.read_bytes(), format=form))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t"))


def namespaces() -> dict[str, str]:
    return {row["prefix"]: row["namespace"] for row in table("vocabularies.tsv")}


def full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return {**PREFIXES, **namespaces()}[prefix] + local


def aligned() -> list[Quad]:
    return [quad for file in FILES for quad in read(file)]


def modules() -> list[Quad]:
    return [quad for module in MODULES for quad in read(ontology_module(module))]


def test_there_is_a_file_for_every_vocabulary_that_is_to_have_one() -> None:
    assert {file.stem for file in FILES} == {"dcterms", "est", "foaf", "org", "prov", "schema", "sosa"}
    assert {row["prefix"] for row in table("vocabularies.tsv") if row["file"] == "no"} == {"gist", "obo"}


def test_what_the_modules_say_of_other_vocabularies_the_table_says_too() -> None:
    """A relation in a module binds whoever imports it, one in the table whoever loads an alignment."""
    foreign = tuple(namespaces().values())
    said = {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in modules()
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.subject.value.startswith(APG)
        and quad.object.value.startswith(foreign)
        and quad.predicate.value in {RDFS + "subPropertyOf", RDFS + "subClassOf", OWL + "equivalentClass"}
    }
    mapped = {
        tuple(full(row[each]) for each in ("subject_id", "predicate_id", "object_id"))
        for row in table("apgraph.sssom.tsv")
        if row["object_id"] != "sssom:NoTermFound"
    }
    assert said
    assert said <= mapped


def test_the_table_and_the_files_say_the_same() -> None:
    own = {row["prefix"] for row in table("vocabularies.tsv") if row["file"] == "yes"}
    rows = {
        (full(row["subject_id"]), full(row["predicate_id"]), full(row["object_id"]), row["comment"])
        for row in table("apgraph.sssom.tsv")
        if row["object_id"] != "sssom:NoTermFound"
        if row["object_id"].partition(":")[0] in own and row["predicate_modifier"] != "Not"
    }
    parts: dict[str, dict[str, str]] = {}
    for quad in aligned():
        if isinstance(quad.subject, BlankNode) and quad.predicate != A:
            assert isinstance(quad.object, NamedNode | Literal)
            parts.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    names = (OWL + "annotatedSource", OWL + "annotatedProperty", OWL + "annotatedTarget", SKOS + "note")
    assert {tuple(axiom[name] for name in names) for axiom in parts.values()} == rows
    stated = {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in aligned()
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.subject.value.startswith(APG)
        # The rest is what our own modules say of the term.
        and quad.object.value.startswith(tuple(namespaces().values()))
    }
    assert stated == {row[:3] for row in rows}


def test_every_row_has_what_sssom_asks_for_and_a_reason() -> None:
    head = (FOLDER / "apgraph.sssom.tsv").read_text(encoding="utf-8")
    assert head.startswith("#curie_map:")
    assert "#license: https://creativecommons.org/licenses/by/4.0/\n" in head
    assert "#mapping_set_id: https://w3id.org/apgraph/alignments/apgraph.sssom.tsv\n" in head
    needed = (
        "subject_id",
        "subject_label",
        "predicate_id",
        "object_id",
        "mapping_justification",
        "author_label",
        "confidence",
        "comment",
    )
    rows = table("apgraph.sssom.tsv")
    assert all(row[name] for row in rows for name in needed)
    keys = [(row["subject_id"], row["predicate_id"], row["object_id"], row["object_source"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys, key=lambda key: (key[0], key[2], key[1], key[3]))


def test_sources_are_short_names_of_the_vocabularies() -> None:
    """As a reference to an entity, a source is a CURIE in SSSOM's table."""
    text = (FOLDER / "apgraph.sssom.tsv").read_text(encoding="utf-8")
    prefixes = dict(
        line.removeprefix("#  ").split(": ", 1) for line in text.splitlines() if line.startswith("#  ")
    )
    found = set()
    for row in table("apgraph.sssom.tsv"):
        for name in ("subject_source", "object_source"):
            prefix, _, local = row[name].partition(":")
            found.add(prefixes[prefix] + local)
    assert found == {"https://w3id.org/apgraph"} | {row["source"] for row in table("vocabularies.tsv")}


def listed() -> dict[str, str]:
    """The terms of theirs that are used, with their kinds; versions and sources are in the list of vocabularies."""
    return {row["term"]: row["kind"] for row in table("terms.tsv")}


@cache
def kinds_in(name: str) -> dict[str, frozenset[str]]:
    """The kinds of each term that a vocabulary's own file declares."""
    found: dict[str, set[str]] = {}
    for quad in read(SHARED / "vocabularies" / name):
        if quad.predicate == A and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            for ending, kind in (("Class", "class"), ("Property", "property")):
                if quad.object.value.endswith(ending):
                    found.setdefault(quad.subject.value, set()).add(kind)
    return {iri: frozenset(kinds) for iri, kinds in found.items()}


def faults_by_file(kinds: dict[str, str]) -> list[str]:
    """Say which terms the vocabularies' own files do not declare as what the list says."""
    told = []
    for name, prefix in OWN.items():
        for term, kind in kinds.items():
            if term.partition(":")[0] == prefix and kind not in kinds_in(name).get(full(term), ()):
                told.append(term)
    return told


def faults_by_rdflib(kinds: dict[str, str]) -> list[str]:
    """Say which terms of ORG and schema.org are not there, or of another kind.

    Rdflib lists the names that the vocabularies declare; of what kind they are shows in the first letter, a capital for
    classes. What it makes of a name that is not in the list differs: an error for ORG, a warning for schema.org.
    """
    from rdflib.namespace import ORG, SDO

    told = []
    for term, kind in kinds.items():
        prefix, _, local = term.partition(":")
        if prefix in {"org", "schema"}:
            names = {"org": ORG, "schema": SDO}[prefix].__annotations__
            is_class = local[:1].isupper()
            if local not in names or is_class != (kind == "class"):
                told.append(term)
    return told


def test_the_list_of_their_terms_is_what_the_table_names_each_of_one_vocabulary() -> None:
    used = {row["object_id"] for row in table("apgraph.sssom.tsv")} - {"sssom:NoTermFound"}
    assert used == set(listed())
    assert set(listed().values()) == {"class", "property"}
    assert {term.partition(":")[0] for term in listed()} == set(namespaces())
    assert set(namespaces()) == {*OWN.values(), "org", "schema"}
    assert all(row["version"] and row["source"] for row in table("vocabularies.tsv"))


def test_terms_of_org_and_schema_are_in_the_lists_of_rdflib() -> None:
    assert faults_by_rdflib(listed()) == []


def test_every_other_term_of_theirs_is_in_the_file_of_its_vocabulary() -> None:
    folder = SHARED / "vocabularies"
    if not folder.is_dir():
        pytest.skip("the vocabularies themselves are not here (../shared/vocabularies)")
    assert faults_by_file(listed()) == []
    hashes = {row["prefix"]: row["sha256"] for row in table("vocabularies.tsv")}
    for name, prefix in OWN.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == hashes[prefix], name


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("org:Organisation", "class"),
        ("org:Membership", "property"),
        ("org:member", "class"),
        ("schema:Raport", "class"),
        ("schema:Report", "property"),
        ("schema:startDate", "class"),
        ("prov:Entitiy", "class"),
        ("prov:Entity", "property"),
        ("foaf:member", "class"),
        ("est:FurtherEducaton", "class"),
    ],
)
def test_a_name_or_a_kind_that_a_vocabulary_lacks_is_noticed(term: str, kind: str) -> None:
    if term.partition(":")[0] in OWN.values():
        if not (SHARED / "vocabularies").is_dir():
            pytest.skip("the vocabularies themselves are not here (../shared/vocabularies)")
        assert faults_by_file({**listed(), term: kind}) == [term]
    else:
        assert faults_by_rdflib({**listed(), term: kind}) == [term]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_imports_our_core_alone_and_stands_by_itself(file: Path) -> None:
    quads = read(file)
    imports = [q.object for q in quads if q.predicate == NamedNode(OWL + "imports")]
    assert imports == [NamedNode("https://w3id.org/apgraph/core")]
    assert check_profile([*read(ontology_module("core")), *quads], "DL") == ()


def test_all_together_they_keep_the_profile() -> None:
    together = [*modules(), *aligned()]
    for profile in ("DL", "RL", "EL"):
        assert check_profile(together, profile) == ()


def test_all_together_with_the_cases_they_contradict_nothing() -> None:
    examples = [quad for file in example_files() for quad in read(file)]
    result = reason_dl([*modules(), *aligned(), *examples])
    assert result.consistent
    assert result.unsatisfiable == ()


def test_with_the_vocabularies_themselves_they_contradict_nothing() -> None:
    """Every class that theirs declare disjoint is one that no term of ours falls under twice."""
    folder = SHARED / "vocabularies"
    if not folder.is_dir():
        pytest.skip("the vocabularies themselves are not here (../shared/vocabularies)")
    store = Store()
    for quads in (modules(), aligned(), *(read(folder / f"{n}.ttl") for n in ("foaf", "prov", "sosa"))):
        store.extend(quads)
    clashes = store.query(
        f"SELECT DISTINCT ?ours ?one ?other {{ ?one <{OWL}disjointWith> ?other . "
        f"?ours <{RDFS}subClassOf>+ ?one , ?other FILTER(STRSTARTS(STR(?ours), '{APG}')) }}"
    )
    assert [str(row) for row in clashes] == []  # type: ignore[union-attr]
    assert store.query(f"ASK {{ ?x <{OWL}disjointWith> ?y }}")


# PROV-O of 2013-04-30 as far as the table names it; the file at hand has names alone, without these axioms.
PROV_O = """
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix : <http://www.w3.org/ns/prov#> .
    :Activity owl:disjointWith :Entity . :Entity owl:disjointWith :InstantaneousEvent .
    :Person rdfs:subClassOf :Agent . :Organization rdfs:subClassOf :Agent .
    :wasAttributedTo rdfs:domain :Entity ; rdfs:range :Agent .
    :wasAssociatedWith rdfs:domain :Activity ; rdfs:range :Agent .
    :wasDerivedFrom rdfs:domain :Entity ; rdfs:range :Entity .
    :wasGeneratedBy rdfs:domain :Entity ; rdfs:range :Activity .
"""


def clashes(quads: Iterable[Quad]) -> list[str]:
    """Say where a property of ours, on a thing or leading to one that it may, puts it into two disjoint classes."""
    pairs: dict[str, set[tuple[str, str]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            pairs.setdefault(quad.predicate.value, set()).add((quad.subject.value, quad.object.value))

    def above(name: str, start: set[str]) -> set[str]:
        found = set(start)
        while more := {o for s, o in pairs[RDFS + name] if s in found} - found:
            found |= more
        return found

    disjoint = pairs[OWL + "disjointWith"]
    disjoint |= {(other, one) for one, other in disjoint}
    classes = {s for s, _ in pairs[RDFS + "subClassOf"] if s.startswith(APG)}
    told = []
    for ours in sorted({s for s, _ in pairs[RDFS + "subPropertyOf"] if s.startswith(APG)}):
        properties = above("subPropertyOf", {ours})
        for end, also in (("domain", "domainIncludes"), ("range", "rangeIncludes")):
            implied = {o for s, o in pairs[RDFS + end] if s in properties}
            declared = {o for s, o in pairs[RDFS + end] if s == ours}
            named = {o for s, o in pairs.get(PREFIXES["schema"] + also, ()) if s == ours}
            # Without a word on what it is for, it may stand at anything.
            allowed = named or {c for c in classes if declared <= above("subClassOf", {c})}
            for each in sorted(allowed):
                types = above("subClassOf", {each} | implied)
                told += [f"{ours} {end} {each}" for one, other in disjoint if {one, other} <= types][:1]
    return told


def test_no_property_of_ours_puts_a_thing_where_it_must_not_be() -> None:
    folder = SHARED / "vocabularies"
    theirs = list(parse(PROV_O.encode(), format=RdfFormat.TURTLE))
    if folder.is_dir():
        theirs += [quad for name in ("dcterms", "foaf", "sosa") for quad in read(folder / f"{name}.ttl")]
    together = [*modules(), *aligned(), *theirs]
    assert clashes(together) == []
    # Were whoever asserts a thing one to whom it is ascribed, no study could have one: studies are activities.
    ascribed = Quad(
        NamedNode(APG + "assertedBy"), NamedNode(RDFS + "subPropertyOf"), NamedNode(PROV + "wasAttributedTo")
    )
    assert f"{APG}assertedBy domain {APG}ResearchStudy" in clashes([*together, ascribed])


def test_a_study_can_be_asserted_beside_prov() -> None:
    text = f"""@prefix apg: <{APG}> . @prefix owl: <{OWL}> . @prefix : <https://example.org/> .
        :study a owl:NamedIndividual, apg:ResearchStudy ; apg:assertedBy :me ; apg:conductedBy :us .
        :me a owl:NamedIndividual, apg:Person . :us a owl:NamedIndividual, apg:Organisation ."""
    mine = [quad for each in (PROV_O, text) for quad in parse(each.encode(), format=RdfFormat.TURTLE)]
    assert reason_dl([*modules(), *read(FOLDER / "prov.ttl"), *mine]).consistent


def answers(store: OxigraphStore) -> dict[str, list[list[object]]]:
    lexicon = Lexicon(store)
    return {
        f"{question.id} {example}": [
            list(map(str, row.cells)) for row in ask(store, lexicon, question, example)
        ]
        for question in Catalogue()
        for example in question.header.examples
    }


def test_loading_all_of_them_changes_no_answer_of_the_catalogue() -> None:
    store = stocked_store(example_files())
    assert isinstance(store, OxigraphStore)
    before = answers(store)
    for file in FILES:
        store.load(file, format=RdfFormat.TURTLE, graph=f"urn:test:{file.stem}", name=file.name)
    after = answers(store)
    assert len(before) > 150
    assert after == before


def test_a_case_reads_as_organisations_and_memberships_of_org() -> None:
    store = Store()
    for quads in (modules(), read(FOLDER / "org.ttl"), *map(read, example_files())):
        store.extend(quads)
    org, ours = namespaces()["org"], []
    theirs = [
        [str(term) for term in row]
        for row in store.query(  # type: ignore[union-attr]
            f"""SELECT DISTINCT ?membership ?member ?organisation ?role {{
              ?membership a/<{RDFS}subClassOf>* <{org}Membership> .
              ?m <{RDFS}subPropertyOf>* <{org}member> . ?o <{RDFS}subPropertyOf>* <{org}organization> .
              ?r <{RDFS}subPropertyOf>* <{org}role> .
              ?membership ?m ?member ; ?o ?organisation ; ?r ?role . }} ORDER BY ?membership"""
        )
    ]
    ours = [
        [str(term) for term in row]
        for row in store.query(  # type: ignore[union-attr]
            f"""SELECT DISTINCT ?a ?p ?o ?r {{ ?a a <{APG}Appointment> ; <{APG}isAppointmentOf> ?p ;
              <{APG}isAppointmentAt> ?o ; <{APG}isAppointmentTo> ?r . }} ORDER BY ?a"""
        )
    ]
    assert theirs == ours
    assert len(ours) > 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("apg:Team\tteam\t", "apg:Teams\tteam\t", "no term of the ontology"),
        ("org:Membership\tMembership", "org:Membershop\tMembership", "is not in terms.tsv"),
        (
            "rdfs:subClassOf\t\torg:Membership",
            "rdfs:subPropertyOf\t\torg:Membership",
            "no relation for a class",
        ),
        ("\t0.95\t", "\tmuch\t", "confidence is no number"),
        ("\t0.95\t", "\t", "more or fewer cells"),
        ("\tw3:org#\t", "\tw3:organisation#\t", "none of the vocabularies"),
        ("\tw3:org#\t", "\thttp://www.w3.org/ns/org#\t", "begins with no prefix"),
        ("#curie_map:\n", "#curie_maps:\n", "has no curie_map"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(old: str, new: str, problem: str) -> None:
    tree = Tree(ROOT)
    text = tree.read(TABLE).decode()
    assert old in text
    tree.make(TABLE, text.replace(old, new, 1))
    with pytest.raises(ParseError, match=rf"apgraph.sssom.tsv, line \d+: .*{problem}"):
        alignments(tree)


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "ontology").mkdir()
    for module in (*MODULES, "apgraph"):
        (tmp_path / "ontology" / f"{module}.ttl").write_bytes(ontology_module(module).read_bytes())
    with pytest.raises(InputError, match=r"terms.tsv: .*restore the file"):
        alignments(Tree(tmp_path))
