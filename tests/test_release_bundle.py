"""A release: the same bytes each time, the same triples in each syntax, and redirects that Apache follows."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import apgraph
from apgraph.cli.entry import run
from apgraph.reasoning import check_profile
from apgraph.release.bundle import write_bundle
from apgraph.resources import MODULES, ontology_module
from apgraph.store import OxigraphStore
from apgraph.turtle import canonical_lines
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

OWL = PREFIXES["owl"]
A = NamedNode(PREFIXES["rdf"] + "type")
SITE = "https://example.org/apgraph"
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".nt": RdfFormat.N_TRIPLES,
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "one"
    assert run(["release", str(folder), "--site", SITE]) == 0
    return folder


def read(file: Path) -> list[Quad]:
    return list(parse(file.read_bytes(), format=FORMATS[file.suffix]))


def content(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_twice_is_the_same_bytes(released: Path, tmp_path: Path) -> None:
    # In a process of its own, whose hashes of strings are others.
    code = f"from apgraph.cli.entry import run; raise SystemExit(run(['release', 'two', '--site', '{SITE}']))"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert content(tmp_path / "two") == content(released)
    assert [p.name for p in tmp_path.iterdir()] == ["two"]


def test_every_syntax_has_the_same_triples(released: Path) -> None:
    files = sorted((released / "ontology").rglob("*.ttl"))
    assert len(files) > len(MODULES) + 4
    for file in files:
        wanted = canonical_lines(q.triple for q in read(file))
        assert wanted
        for ending in FORMATS:
            assert canonical_lines(q.triple for q in read(file.with_suffix(ending))) == wanted, (file, ending)


def test_the_modules_are_the_ones_of_the_ontology(released: Path) -> None:
    for name in (*MODULES, "apgraph"):
        own = list(parse(ontology_module(name).read_bytes(), format=RdfFormat.TURTLE))
        # But for the imports, which name versions.
        one, other = (
            canonical_lines(q.triple for q in quads if q.predicate != NamedNode(OWL + "imports"))
            for quads in (read(released / f"ontology/{name}.nt"), own)
        )
        assert one == other


def test_what_is_released_imports_by_version(released: Path) -> None:
    """And the catalog beside it knows every ontology of the release, with its version and without."""
    catalog = (released / "ontology/catalog-v001.xml").read_text(encoding="utf-8")
    known = dict(re.findall(r'<uri name="([^"]+)" uri="([^"]+)"/>', catalog))
    for file in (released / "ontology").rglob("*.ttl"):
        quads = read(file)
        this = header(quads)
        imports = [q.object for q in quads if q.predicate == NamedNode(OWL + "imports")]
        assert all(isinstance(each, NamedNode) and each.value.endswith("/1.0.0") for each in imports), file
        assert all(str(each)[1:-1] in known for each in imports)
        here = file.relative_to(released / "ontology").as_posix()
        assert known[this.value] == known[f"{this.value}/1.0.0"] == here


def test_all_shapes_are_in_one_file_too(released: Path) -> None:
    parts = [read(released / f"shapes/{name}.ttl") for name in ("case", "extension")]
    assert len(read(released / "shapes/apgraph-shapes.ttl")) == sum(map(len, parts))


def test_the_pages_lead_to_every_ontology_and_the_licence(released: Path) -> None:
    """By links that count from where the page lies."""
    text = (released / "site/index.html").read_text(encoding="utf-8")
    links = {
        (released / "site" / link).resolve()
        for link in re.findall(r'href="([^"#]+)"', text)
        if link[:2] == ".."
    }
    assert all(file.is_file() for file in links)
    offered = {file for file in (released / "ontology").rglob("*") if file.suffix in {".ttl", *FORMATS}}
    other = ("mappings/apgraph.sssom.tsv", "dataset.ttl", "LICENSE-ontology", "shapes/apgraph-shapes.ttl")
    assert {each.resolve() for each in (*offered, *(released / each for each in other))} <= links
    for iri in ("https://w3id.org/apgraph/1.0.0", "https://w3id.org/apgraph/apgraph-full/1.0.0"):
        assert f"<code>{iri}</code>" in text


def test_the_checksums_are_right_and_complete(released: Path) -> None:
    lines = (released / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    said = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    files = content(released)
    assert said == {
        path: hashlib.sha256(data).hexdigest() for path, data in files.items() if path != "SHA256SUMS"
    }


def header(quads: list[Quad]) -> NamedNode:
    (found,) = {q.subject for q in quads if q.predicate == A and q.object == NamedNode(OWL + "Ontology")}
    assert isinstance(found, NamedNode)
    return found


@pytest.mark.parametrize("view", ["base", "full", "classes"])
def test_a_view_stands_alone_and_keeps_the_profile(released: Path, view: str) -> None:
    quads = read(released / f"ontology/apgraph-{view}.ttl")
    assert not [q for q in quads if q.predicate == NamedNode(OWL + "imports")]
    this = header(quads)
    assert this.value == f"https://w3id.org/apgraph/apgraph-{view}"
    versions = [q.object for q in quads if q.subject == this and q.predicate == NamedNode(OWL + "versionIRI")]
    assert versions == [NamedNode(f"{this.value}/1.0.0")]
    assert check_profile(quads, "DL") == ()


def test_the_base_says_what_the_modules_say(released: Path) -> None:
    wanted = []
    for name in MODULES:
        quads = list(
            parse(
                (released / f"ontology/{name}.ttl").read_bytes(),
                format=RdfFormat.TURTLE,
                rename_blank_nodes=True,
            )
        )
        this = header(quads)
        wanted += [q.triple for q in quads if q.subject != this]
    quads = read(released / "ontology/apgraph-base.nt")
    this = header(quads)
    said = [q.triple for q in quads if q.subject != this]
    assert canonical_lines(said) == canonical_lines(wanted)


def test_the_class_view_has_every_class_and_no_individual(released: Path) -> None:
    base = read(released / "ontology/apgraph-base.ttl")
    view = read(released / "ontology/apgraph-classes.ttl")
    kinds = [
        NamedNode(OWL + kind)
        for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    ]
    for kind in kinds:
        members = [
            {q.subject for q in quads if q.object == kind and isinstance(q.subject, NamedNode)}
            for quads in (base, view)
        ]
        assert members[0] == members[1] != set()
    assert not [q for q in view if q.object == NamedNode(OWL + "NamedIndividual")]


def test_the_description_counts_what_is_there(released: Path) -> None:
    said = {
        q.predicate.value.rsplit("#", 1)[-1]: q.object
        for q in read(released / "dataset.ttl")
        if q.subject == NamedNode("https://w3id.org/apgraph/dataset")
    }
    assert said["triples"].value == str(len(read(released / "ontology/apgraph-base.nt")))  # type: ignore[union-attr]
    files = {q.object for q in read(released / "dataset.ttl") if q.predicate.value.endswith("#distribution")}
    assert files == {
        NamedNode(f"{SITE}/1.0.0/{path}")
        for path in content(released)
        if path not in {"dataset.ttl", "SHA256SUMS"}
    }


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    for arguments in (["release", str(tmp_path / "mine")], ["release", str(tmp_path / "mine"), "--force"]):
        assert run(arguments) == 2
        assert "there is such a folder already; give another" in capsys.readouterr().err
    assert content(tmp_path) == {"mine/letter.txt": b"dear"}


def test_force_replaces_a_release(released: Path, tmp_path: Path) -> None:
    shutil.copytree(released, tmp_path / "r")
    (tmp_path / "r" / "old.txt").write_text("old", encoding="utf-8")
    assert run(["release", str(tmp_path / "r")]) == 2
    assert run(["release", str(tmp_path / "r"), "--force", "--site", SITE]) == 0
    assert content(tmp_path / "r") == content(released)
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_it_holds_its_licence(released: Path, root: Path) -> None:
    assert (released / "LICENSE-ontology").read_bytes() == (root / "LICENSE-ontology").read_bytes()
    assert "  LICENSE-ontology\n" in (released / "SHA256SUMS").read_text(encoding="utf-8")


def test_without_an_address_none_is_made_up(
    released: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["release", str(tmp_path / "r")]) == 0
    assert "without --site there are no redirects" in " ".join(capsys.readouterr().err.split())
    got, wanted = content(tmp_path / "r"), content(released)
    assert set(wanted) - set(got) == {"w3id/.htaccess", "w3id/README.md"}
    told = {"dataset.ttl", "SHA256SUMS"}
    assert all(got[path] == wanted[path] for path in got if path not in told)
    assert SITE.encode() not in got["dataset.ttl"]
    # Read from where it will be published, it says what the other says of the files that both have.
    there = parse(got["dataset.ttl"], format=RdfFormat.TURTLE, base_iri=f"{SITE}/1.0.0/dataset.ttl")
    kept = [q.triple for q in read(released / "dataset.ttl") if "/w3id/" not in f"{q.subject} {q.object}"]
    assert canonical_lines(q.triple for q in there) == canonical_lines(kept)


def test_what_is_no_address_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["release", str(tmp_path / "r"), "--site", "my site"]) == 2
    assert "'my site' is no web address" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    graph = apgraph.Graph()
    nothing = OxigraphStore()
    # Without the framework there is nothing to make pages of.
    with pytest.raises(KeyError):
        write_bundle(tmp_path / "r", site=SITE, inferred=(), store=nothing, lexicon=graph.lexicon)
    assert list(tmp_path.iterdir()) == []


# -- redirects ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apache(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Apache with the rules in the folder that w3id.org gives a project; its port on 127.0.0.1."""
    program = shutil.which("apache2") or shutil.which("httpd")
    if program is None:
        pytest.skip("no Apache here (apache2 of Debian's apache2-bin), which follows the redirect rules")
    modules = next(
        p for p in map(Path, ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules")) if p.is_dir()
    )
    root = tmp_path_factory.mktemp("apache")
    (root / "www" / "apgraph").mkdir(parents=True)
    shutil.copy(released / "w3id" / ".htaccess", root / "www" / "apgraph")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loaded = [
        m for m in ("mpm_event", "unixd", "authz_core", "rewrite") if (modules / f"mod_{m}.so").is_file()
    ]
    (root / "httpd.conf").write_text(
        "\n".join(
            [
                f"ServerRoot {root}",
                "ServerName 127.0.0.1",
                f"Listen 127.0.0.1:{port}",
                f"PidFile {root}/pid",
                f"ErrorLog {root}/error.log",
                *(f"LoadModule {m}_module {modules}/mod_{m}.so" for m in loaded),
                f"DocumentRoot {root}/www",
                f"<Directory {root}/www>",
                "  AllowOverride All",
                "  Require all granted",
                "</Directory>",
            ]
        ),
        encoding="utf-8",
    )
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    for parent in root.parents:
        if parent.owner() != "root" or parent == Path("/tmp"):
            break
        parent.chmod(parent.stat().st_mode | 0o011)
    server = subprocess.Popen([program, "-X", "-f", str(root / "httpd.conf")])
    try:
        for _ in range(100):
            if server.poll() is not None:
                raise RuntimeError((root / "error.log").read_text(encoding="utf-8"))
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def sent_to(port: int, path: str, accept: str | None) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept": accept} if accept else {})
    answer = connection.getresponse()
    assert answer.status == 303, (path, accept, answer.status)
    where = answer.getheader("Location")
    connection.close()
    assert where is not None
    return where.removeprefix(f"{SITE}/")


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
JSON_LD = "application/ld+json, application/json"
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"


@pytest.mark.parametrize(
    ("path", "accept", "where"),
    [
        ("/apgraph/", BROWSER, "1.0.0/site/index.html"),
        ("/apgraph/", PROTEGE, "1.0.0/ontology/apgraph.rdf"),
        ("/apgraph/", JENA, "1.0.0/ontology/apgraph.ttl"),
        ("/apgraph/", JSON_LD, "1.0.0/ontology/apgraph.jsonld"),
        ("/apgraph/", "*/*", "1.0.0/ontology/apgraph.ttl"),
        ("/apgraph/", None, "1.0.0/ontology/apgraph.ttl"),
        ("/apgraph/1.0.0", PROTEGE, "1.0.0/ontology/apgraph.rdf"),
        ("/apgraph/2.3.4", JENA, "2.3.4/ontology/apgraph.ttl"),
        ("/apgraph/2.3.4", BROWSER, "2.3.4/site/index.html"),
        ("/apgraph/core", "application/n-triples", "1.0.0/ontology/core.nt"),
        ("/apgraph/core/1.0.0", RDFLIB, "1.0.0/ontology/core.rdf"),
        ("/apgraph/core/1.0.0", BROWSER, "1.0.0/site/index.html"),
        ("/apgraph/alignments/org", JENA, "1.0.0/ontology/alignments/org.ttl"),
        ("/apgraph/apgraph-base", JENA, "1.0.0/ontology/apgraph-base.ttl"),
        ("/apgraph/ns", JENA, "1.0.0/ontology/apgraph-base.ttl"),
        ("/apgraph/ns", BROWSER, "1.0.0/site/terms.html"),
        ("/apgraph/ref/coaching", BROWSER, "1.0.0/site/individuals.html#coaching"),
        ("/apgraph/ref/coaching", JENA, "1.0.0/ontology/apgraph-base.ttl"),
        ("/apgraph/src/C034", BROWSER, "1.0.0/site/evidence.html#C034"),
        ("/apgraph/src/C034", JSON_LD, "1.0.0/ontology/apgraph-base.jsonld"),
        ("/apgraph/alignments/apgraph.sssom.tsv", None, "1.0.0/mappings/apgraph.sssom.tsv"),
        ("/apgraph/alignments/apgraph.sssom.tsv", BROWSER, "1.0.0/site/alignments.html"),
        ("/apgraph/alignments/apgraph.sssom.tsv", JENA, "1.0.0/mappings/apgraph.sssom.tsv"),
        ("/apgraph/alignments/apgraph.sssom.tsv", "application/n-triples", "1.0.0/mappings/apgraph.sssom.nt"),
        ("/apgraph/shapes", JENA, "1.0.0/shapes/apgraph-shapes.ttl"),
        ("/apgraph/shapes/case", JENA, "1.0.0/shapes/case.ttl"),
        ("/apgraph/shapes/extension", JENA, "1.0.0/shapes/extension.ttl"),
        ("/apgraph/shapes/extension", BROWSER, "1.0.0/site/rules.html"),
        ("/apgraph/dataset", JENA, "1.0.0/dataset.ttl"),
        ("/apgraph/dataset", BROWSER, "1.0.0/site/index.html"),
        ("/apgraph/query/deployment-models", BROWSER, "1.0.0/site/questions.html#deployment-models"),
        ("/apgraph/query/deployment-models", JENA, "1.0.0/questions/catalogue.ttl"),
        ("/apgraph/core", "application/rdf+xml;q=0.5, text/html;q=0.1", "1.0.0/ontology/core.rdf"),
        ("/apgraph/core", "image/png, text/html", "1.0.0/site/index.html"),
    ],
)
def test_apache_sends_on_what_asks(
    apache: int, released: Path, path: str, accept: str | None, where: str
) -> None:
    assert sent_to(apache, path, accept) == where
    if where.startswith("1.0.0/") and "/site/" not in where:
        assert (released / where.removeprefix("1.0.0/")).is_file()


def test_what_is_not_ours_is_not_sent_anywhere(apache: int) -> None:
    for path in ("/apgraph/nothing", "/apgraph/core/../..", "/apgraph/ref/a/b", "/apgraph/ref/%0d%0aX"):
        connection = http.client.HTTPConnection("127.0.0.1", apache, timeout=30)
        connection.request("GET", path, headers={"Accept": "text/turtle"})
        assert connection.getresponse().status in {400, 403, 404}
        connection.close()
