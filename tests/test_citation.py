"""Whatever is exported says what it rests on: framework and version, data, engine, date."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.questions.display import comment_line
from apgraph.questions.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = Path(__file__).parents[1] / "examples"
RIVERSIDE, HILLSIDE = (str(EXAMPLES / f"{name}.ttl") for name in ("riverside", "hillside"))
MODELS = "SELECT ?m { ?m a apg:DeploymentModel }"
COMMANDS: dict[str, Sequence[str]] = {
    "profile": ("profile", RIVERSIDE),
    "profiles": ("profile", str(EXAMPLES)),
    "compare": ("compare", RIVERSIDE, HILLSIDE),
    "compare over time": ("compare", RIVERSIDE, "--over-time"),
    "select": ("query", MODELS, "-d", RIVERSIDE),
    "construct": ("query", "CONSTRUCT WHERE { ?m a apg:DeploymentModel }", "-d", RIVERSIDE),
}
CITED = re.compile(
    r"apgraph (?P<what>question SPARQL sha256:[0-9a-f]{64}|profile|compare)(?P<how> \([^)]*\))?; "
    r"ontology https://w3id\.org/apgraph/\d+\.\d+\.\d+; data sha256:(?P<data>[0-9a-f]{64}); "
    r"oxigraph \(pyoxigraph [\d.]+\); apgraph [\w.]+; \d{4}-\d\d-\d\d"
)


def written(arguments: Sequence[str], layout: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run([*arguments, "-f", layout]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_export_carries_its_citation(
    arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    *table, last = written(arguments, "csv", capsys).splitlines()
    in_csv = CITED.fullmatch(last.removeprefix("# "))
    assert in_csv is not None, last
    assert not any(line.startswith("#") for line in table)
    head, *rows = csv.reader(table)
    assert {len(row) for row in rows} == {len(head)}
    # A backslash keeps what Markdown would take for a mark.
    last = written(arguments, "md", capsys).splitlines()[-1].replace("\\", "")
    assert CITED.fullmatch(last), last
    record = json.loads(written(arguments, "json", capsys))
    cited = (record[0] if isinstance(record, list) else record)["citation"]
    assert cited["ontology"].startswith("https://w3id.org/apgraph/")
    assert cited["data"] == f"sha256:{in_csv['data']}"
    assert (cited.get("command") or f"question {cited['question']}") == in_csv["what"]
    assert not CITED.search(written(arguments, "table", capsys))


def test_the_page_carries_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for source, how in ((RIVERSIDE, " (case=riverside)"), (str(EXAMPLES), None)):
        text = re.sub(r"<[^>]*>", "", written(("profile", source), "html", capsys)).replace("&#x27;", "'")
        found = CITED.search(text.replace("\u200b", ""))
        assert found is not None
        assert found["how"] == how
    assert run(["profile", RIVERSIDE, "-f", "html", "-o", str(tmp_path / "page.html")]) == 0


def test_python_has_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    graph = Graph()
    graph.load(RIVERSIDE)
    profile = graph.profile(on="2023")
    compared = graph.compare(over_time=True)
    asked = graph.ask("cases")
    result = graph.query(MODELS)
    assert isinstance(result, Result)
    data = {each.citation().data for each in (profile, compared, asked, result)}
    assert len(data) == 1
    assert str(profile.citation()).startswith("apgraph profile (case=riverside, on=2023); ontology https://")
    assert str(compared.citation()).startswith("apgraph compare (over_time=yes); ontology https://")
    assert str(profile.citation()).replace("_", "\\_") in profile.to_markdown()
    assert str(profile.citation()) not in profile.to_text()
    assert compared.to_csv().endswith(f"# {compared.citation()}\n")
    assert "#" not in compared.to_csv(citation=False) + result.to_csv(citation=False)
    assert str(result.citation()) in result._repr_html_()
    assert json.loads(profile.to_json())["citation"] == profile.citation().to_record()
    later, other = graph.profile(on="2023"), graph.compare(over_time=True)
    graph.load(HILLSIDE)
    assert later.citation().data == other.citation().data == "changed since the question was asked"
    assert profile.citation().data == data.pop()


def test_a_service_is_named_and_not_read(fuseki_server: str, capsys: pytest.CaptureFixture[str]) -> None:
    last = written(
        ("query", "SELECT ?x { VALUES ?x { 1 } }", "-d", fuseki_server), "csv", capsys
    ).splitlines()[-1]
    assert f"; data at {fuseki_server}, not hashed; service; " in last


def test_no_part_of_a_comment_is_a_formula() -> None:
    line = comment_line("apgraph profile (case=a,=1+1, b; -2,\n@x)")
    assert line.startswith("# ")
    for cell in re.split("[,;]", line):
        assert not cell.lstrip().startswith(tuple("=+-@"))
    assert next(csv.reader(io.StringIO(line)))[1] == "'=1+1"
