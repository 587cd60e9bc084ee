"""The pages of the site: what is on each, and the files beside them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from apgraph.cases.rules import counted, rules
from apgraph.description import describe
from apgraph.lexicon import curie
from apgraph.notices.document import STYLE
from apgraph.questions.catalogue import Catalogue
from apgraph.release.mappings import RELATIONS
from apgraph.release.site.articles import anchor, article
from apgraph.release.site.downloads import Downloads
from apgraph.release.site.elements import element, page
from apgraph.release.site.logic import Logic
from apgraph.resources import FRAMEWORK, resource_folder
from apgraph.shacl import load_shapes
from apgraph.sparql import names_used
from apgraph.vocabulary import APG, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from xml.etree import ElementTree as ET

    from apgraph.cases.rules import Rule
    from apgraph.description import Description
    from apgraph.lexicon import Lexicon
    from apgraph.questions.catalogue import Question
    from apgraph.release.site.downloads import Offered
    from apgraph.store import Store

__all__ = ["PAGES", "write_site"]

PAGES: Final = (
    "index.html",
    "terms.html",
    "individuals.html",
    "evidence.html",
    "questions.html",
    "rules.html",
    "alignments.html",
    "search.html",
)
"""The pages."""

_OWL: Final = PREFIXES["owl"]
_KINDS: Final = (
    ("Classes", "Class"),
    ("Object properties", "ObjectProperty"),
    ("Data properties", "DatatypeProperty"),
    ("Annotation properties", "AnnotationProperty"),
)
Aligned = tuple[str, str, str]


def write_site(
    put: Callable[[str, bytes], None],
    store: Store,
    lexicon: Lexicon,
    *,
    version: str,
    pictures: Mapping[str, tuple[bytes, str]],
    ontologies: Sequence[Offered] = (),
) -> None:
    """Write the site.

    Args:
        put: What takes the name of a file and its content.
        store: The framework.
        lexicon: Its names.
        version: Its version.
        pictures: Name of a picture to its content and to what it shows, in words.
        ontologies: What can be downloaded beside the pages; nothing is offered where there is none.
    """
    site = _Site(store, lexicon, version)
    for name, (content, _) in pictures.items():
        put(name, content)
    own = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    put("style.css", f"{STYLE.lstrip()}{own}".encode())
    put("search.js", Path(__file__).with_name("search.js").read_bytes())
    shown = {name: words for name, (_, words) in pictures.items()}
    put("index.html", site.index(shown, ontologies))
    put("terms.html", site.terms())
    put("individuals.html", site.individuals())
    put("evidence.html", site.evidence())
    put("questions.html", site.questions())
    put("rules.html", site.rules())
    put("alignments.html", site.alignments())
    put("search.html", site.search())
    put("index.js", site.entries())


class _Site:
    def __init__(self, store: Store, lexicon: Lexicon, version: str) -> None:
        self._store = store
        self._lexicon = lexicon
        self._version = version
        self._catalogue = sorted(Catalogue(), key=lambda question: question.id)
        self._rules: Sequence[Rule] = rules(load_shapes([resource_folder("shapes")]))
        iris = [
            term.value
            for (term,) in store.select(
                f"SELECT DISTINCT ?t WHERE {{ ?t <{PREFIXES['skos']}definition>|<{APG}claimId> ?d "
                "FILTER(isIRI(?t)) }"
            ).rows
            if isinstance(term, NamedNode) and term.value.startswith((APG, APGX, APGS))
        ]
        self._known = frozenset(iris)
        self._terms = {iri: describe(store, lexicon, iri) for iri in sorted(iris)}
        triples = [quad.triple for quad in store.quads(FRAMEWORK)]
        self._logic = Logic(triples, lexicon.members())
        self._aligned = _alignments()
        self._asked: dict[str, dict[str, str]] = defaultdict(dict)
        for question in self._catalogue:
            for iri in sorted(names_used(question.query, PREFIXES)):
                self._asked[iri][question.id] = question.text

    def _page(self, file: str, title: str, *content: object, scripts: Iterable[str] = ()) -> bytes:
        return page(file, title, self._version, *content, scripts=scripts)

    def _article(self, term: Description) -> ET.Element:
        return article(
            term,
            self._known,
            logic=self._logic.sentences(term.iri),
            aligned=self._aligned.get(term.iri, ()),
            asked=self._asked.get(term.iri),
        )

    def _of(self, namespace: str) -> list[Description]:
        found = [term for iri, term in self._terms.items() if iri.startswith(namespace)]
        return sorted(found, key=lambda term: (term.label.casefold(), term.iri))

    # -- pages --------------------------------------------------------------------------------------------

    def index(self, pictures: Mapping[str, str], ontologies: Sequence[Offered]) -> bytes:
        counts = ", ".join(
            f"{len(found)} {name}"
            for name, found in (
                ("classes and properties", self._of(APG)),
                ("reference individuals", self._of(APGX)),
                ("statements, sources and gaps", self._of(APGS)),
                ("questions", self._catalogue),
                # As a report counts them: two shapes may share a number.
                ("rules", {rule.number for rule in self._rules}),
            )
        )
        return self._page(
            "index.html",
            "The Advanced Practitioner framework",
            element(
                "p",
                "A published framework describes the Advanced Practitioner of English further education: a hybrid role "
                "between outward-facing communities of practice and the home organisation. Here it is as an ontology: "
                "every term leads to a claim of the source or to a stated requirement, hedges included, and what the "
                "source leaves open is recorded as open.",
            ),
            element("p", f"Version {self._version}: {counts}."),
            element(
                "p",
                "IRI ",
                element("code", FRAMEWORK),
                ", of this version ",
                element("code", f"{FRAMEWORK}/{self._version}"),
                "; licence: CC BY 4.0.",
                class_="facts",
            ),
            [
                element("figure", element("img", src=name, alt=words), element("figcaption", words))
                for name, words in pictures.items()
            ],
            element("h2", "Where to look"),
            element(
                "ul",
                [
                    element("li", element("a", text, href=file), f": {what}")
                    for file, text, what in (
                        ("terms.html", "Terms", "classes and properties, with their logic and evidence"),
                        (
                            "individuals.html",
                            "Reference",
                            "models, features, practices, conditions and further named things",
                        ),
                        (
                            "evidence.html",
                            "Evidence",
                            "what the source says, statement by statement, and what it leaves open",
                        ),
                        ("questions.html", "Questions", "what the graph answers, with the query of each"),
                        ("rules.html", "Rules", "what case data is checked for"),
                        (
                            "alignments.html",
                            "Alignments",
                            "how our terms relate to those of other vocabularies",
                        ),
                    )
                ],
            ),
            Downloads(ontologies).content() if ontologies else None,
        )

    def terms(self) -> bytes:
        groups = []
        for title, kind in _KINDS:
            members = {
                term.value
                for (term,) in self._store.select(f"SELECT ?t WHERE {{ ?t a <{_OWL}{kind}> }}").rows
                if isinstance(term, NamedNode)
            }
            groups.append((title, [term for term in self._of(APG) if term.iri in members]))
        return self._page("terms.html", "Terms", self._grouped(groups))

    def individuals(self) -> bytes:
        groups: dict[str, list[Description]] = defaultdict(list)
        for term in self._of(APGX):
            groups[term.kinds[0] if term.kinds else "other"].append(term)
        return self._page("individuals.html", "Reference individuals", self._grouped(sorted(groups.items())))

    def evidence(self) -> bytes:
        groups: dict[str, list[Description]] = defaultdict(list)
        for term in sorted(self._of(APGS), key=lambda term: term.iri):
            groups[term.kinds[0] if term.kinds else "other"].append(term)
        return self._page("evidence.html", "Evidence", self._grouped(sorted(groups.items())))

    def _grouped(self, groups: Iterable[tuple[str, Sequence[Description]]]) -> list[object]:
        made: list[object] = []
        for title, terms in groups:
            if terms:
                links = [element("li", element("a", t.label, href=f"#{anchor(t.iri)}")) for t in terms]
                made += [
                    element("h2", f"{title[0].upper()}{title[1:]}"),
                    element("ul", links, class_="columns") if len(terms) > 3 else None,
                    [self._article(term) for term in terms],
                ]
        return made

    def questions(self) -> bytes:
        links = [element("li", element("a", q.text, href=f"#{q.id}")) for q in self._catalogue]
        return self._page(
            "questions.html",
            "Questions",
            element("p", "On the command line, ", element("code", "apgraph ask NAME"), " answers one."),
            element("ul", links),
            [self._question(question) for question in self._catalogue],
        )

    def _question(self, question: Question) -> ET.Element:
        columns = [
            element("li", element("code", name), f": {what}") for name, what in question.columns.items()
        ]
        parameters = [
            element("li", element("code", f"--{name.replace('_', '-')}"), f": {parameter.about}")
            for name, parameter in question.parameters.items()
        ]
        return element(
            "article",
            element("h2", question.text, id=question.id),
            element(
                "p",
                element("code", question.id),
                f" · {question.number}" if question.number else "",
                class_="facts",
            ),
            [element("h3", "Parameters"), element("ul", parameters)] if parameters else None,
            element("h3", "Columns"),
            element("ul", columns),
            element("h3", "Query"),
            element("pre", question.query.strip(), tabindex="0"),
        )

    def rules(self) -> bytes:
        return self._page(
            "rules.html",
            "Rules for case data",
            element("p", "What ", element("code", "apgraph validate"), " checks, as SHACL shapes."),
            element("p", counted(self._rules)),
            [self._rule(rule) for rule in self._rules],
        )

    def _rule(self, rule: Rule) -> ET.Element:
        heads = ("Field", "Sheet", "Asks", "Says")
        return element(
            "article",
            element("h2", f"{rule.number}. {rule.title}", id=rule.anchor),
            element("p", rule.description),
            element("p", *_coded(f"{rule.severity.value}, for {', '.join(rule.targets)}"), class_="facts"),
            element(
                "div",
                element(
                    "table",
                    element(
                        "thead",
                        element(
                            "tr",
                            [element("th", name, scope="col") for name in heads],
                        ),
                    ),
                    element(
                        "tbody",
                        [
                            element(
                                "tr",
                                element("td", check.field or "", data_label=heads[0]),
                                element("td", check.sheet or "", data_label=heads[1]),
                                element("td", *_coded("; ".join(check.asks)), data_label=heads[2]),
                                element("td", check.message, data_label=heads[3]),
                            )
                            for check in rule.checks
                        ],
                    ),
                    class_="stacked",
                ),
                class_="wide",
                tabindex="0",
                role="region",
                aria_label=f"What rule {rule.number} looks at",
            ),
        )

    def alignments(self) -> bytes:
        heads = ("Our term", "Relation", "Their term", "Why")
        rows = [
            element(
                "tr",
                element(
                    "td",
                    element("a", self._terms[iri].label, href=f"terms.html#{anchor(iri)}"),
                    data_label=heads[0],
                ),
                element("td", how, data_label=heads[1]),
                element("td", element("code", them), data_label=heads[2]),
                element("td", why, data_label=heads[3]),
            )
            for iri, aligned in sorted(self._aligned.items(), key=lambda item: self._terms[item[0]].label)
            for how, them, why in aligned
        ]
        return self._page(
            "alignments.html",
            "Alignments",
            element(
                "p",
                "Each vocabulary has a file of its own that imports our core alone. Loading them changes no answer of the "
                "catalogue. The table of mappings also says what has no counterpart.",
            ),
            element(
                "div",
                element(
                    "table",
                    element("thead", element("tr", [element("th", name, scope="col") for name in heads])),
                    element("tbody", rows),
                    class_="stacked",
                ),
                class_="wide",
                tabindex="0",
                role="region",
                aria_label="All alignments",
            ),
        )

    def search(self) -> bytes:
        return self._page(
            "search.html",
            "Search",
            element(
                "p",
                element("label", "Words", for_="words"),
                " ",
                element("input", id="words", type="search", autocomplete="off"),
            ),
            element("p", id="count", role="status"),
            element("ul", id="found"),
            element(
                "noscript",
                element("p", "Searching needs JavaScript; the pages have every term in alphabetical order."),
            ),
            scripts=("index.js", "search.js"),
        )

    def entries(self) -> bytes:
        """Return what can be searched, as a script, since a page from a folder may not fetch a file."""
        from apgraph.release.site.articles import place

        found: list[list[str | None]] = [
            [term.label, ", ".join(term.kinds), term.definition, place(iri)]
            for iri, term in self._terms.items()
        ]
        found += [[q.text, "question", q.id, f"questions.html#{q.id}"] for q in self._catalogue]
        found += [[r.title, "rule", r.description, f"rules.html#{r.anchor}"] for r in self._rules]
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False).replace("</", "<\\/") for entry in found)
        return f'"use strict";\nconst SEARCH_INDEX = [\n{lines}\n];\n'.encode()


def _coded(text: str) -> list[object]:
    """Return a text with what stands between backticks as code."""
    return [element("code", part) if number % 2 else part for number, part in enumerate(text.split("`"))]


def _alignments() -> Mapping[str, Sequence[Aligned]]:
    """Return relation, foreign term and reason by our term, as the alignment files say it."""
    found: dict[str, list[Aligned]] = defaultdict(list)
    prefixes: dict[str, str] = {}
    for file in sorted((resource_folder("ontology") / "alignments").glob("*.ttl")):
        reader = parse(file.read_bytes(), format=RdfFormat.TURTLE)
        axioms: dict[str, dict[str, str]] = defaultdict(dict)
        for quad in reader:
            if isinstance(quad.subject, BlankNode) and not isinstance(quad.object, BlankNode):
                axioms[quad.subject.value][quad.predicate.value] = getattr(quad.object, "value", "")
        prefixes.update({namespace: prefix for prefix, namespace in reader.prefixes.items()})
        for axiom in axioms.values():
            them = axiom[_OWL + "annotatedTarget"]
            namespace = max((n for n in prefixes if them.startswith(n)), key=len, default="")
            short = f"{prefixes[namespace]}:{them[len(namespace) :]}" if namespace else curie(them)
            how = RELATIONS[curie(axiom[_OWL + "annotatedProperty"])]
            found[axiom[_OWL + "annotatedSource"]].append((how, short, axiom[PREFIXES["skos"] + "note"]))
    return {iri: sorted(rows, key=lambda row: row[1]) for iri, rows in found.items()}
