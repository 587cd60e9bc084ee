"""Registers of providers and workforce returns: what is taken from them, and that no file does harm."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apgraph import Graph
from apgraph.cases.registers import layout_of, read_register
from apgraph.cases.workforce import SMALLEST, read_workforce
from apgraph.cli.entry import run
from apgraph.errors import InputError
from apgraph.shacl import Severity

FILES = Path(__file__).parent / "registers"
GIAS = FILES / "edubasealldata20260101.csv"
OFSTED = FILES / "management-information.csv"
WORKFORCE = FILES / "workforce.xml"
HEAD = "URN,EstablishmentName,TypeOfEstablishment (code),UKPRN,GOR (name)\n"
CASE = """
@prefix : <urn:apgraph:case:{id}:> .
@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:org a apg:FurtherEducationProvider ; apg:isPartOfCase :record {more} .
:record a apg:CaseRecord ; apg:caseIdentifier "{id}" ; apg:compiledBy "lead" ; apg:compiledOn "2024"^^xsd:gYear ;
  apg:concernsOrganisation :org ; apg:isPartOfCase :record ; apg:sharingStatus "invented" ; apg:startsOn "2021"^^xsd:gYear .
"""


def case(folder: Path, **values: str) -> Path:
    """A case file whose organisation says what is given: property to value as Turtle."""
    more = "".join(f" ; {name.replace('_', ':')} {value}" for name, value in values.items())
    file = folder / "college.ttl"
    file.write_text(CASE.format(id="college", more=more), encoding="utf-8")
    return file


def found(file: Path, register: Path) -> list[tuple[Severity, str]]:
    graph = Graph()
    graph.load(file)
    report = graph.validate(register=register)
    explained = {e.finding.path_text: e for e in graph.explain(report)}
    assert all(e.title == "an organisation is not as the register has it" for e in explained.values())
    return [(f.severity, f.message) for f in report]


def test_a_gias_extract_is_read_as_windows_1252() -> None:
    register = read_register(GIAS)
    assert sorted(register.providers) == ["99999991", "99999992", "99999993", "99999994"]
    assert register.providers["99999992"].name == 'Coleg Sir Gârw – a fictional "café" college'
    assert register.providers["99999991"].name == "Riverside College", (
        "the closed one gives way to the open one"
    )
    assert register.providers["99999991"].type == "General Further Education College"
    assert register.providers["99999992"].type == "Further education"
    assert register.ambiguous == {"99999996": (8, 9)}
    assert any("once, in line 11" in note for note in register.notes)


def test_all_types_of_school_on_request() -> None:
    assert "99999995" in read_register(GIAS, further_education_only=False).providers


def test_management_information_has_its_headings_further_down() -> None:
    register = read_register(OFSTED)
    assert {p.ukprn: (p.type, p.region) for p in register.providers.values()} == {
        "99999991": ("General further education college", "South West"),
        "99999993": ("Sixth form college", "London"),
    }


def test_a_release_without_a_column_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Provider URN;Provider UKPRN;Provider name\n1;99999991;A college\n", encoding="utf-8")
    register = read_register(file)
    assert register.providers["99999991"].region == ""
    assert "there is no column 'Ofsted region' or 'Region'" in register.notes


@pytest.mark.parametrize("title", ["Management information", "Management information, in May, by region\n"])
def test_a_title_above_the_headings_does_not_tell_what_stands_between_cells(
    tmp_path: Path, title: str
) -> None:
    file = tmp_path / "a.csv"
    head = "Provider URN;Provider UKPRN;Provider name;Region"
    file.write_text(f"{title}\n{head}\n1;99999991;A college;London\n", encoding="utf-8")
    assert layout_of(file) is not None
    assert read_register(file).providers["99999991"].region == "London"


def test_a_number_shared_by_closed_providers_is_not_said_to_be_shared_by_open_ones(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "URN,EstablishmentName,TypeOfEstablishment (code),UKPRN,EstablishmentStatus (name)\n"
        "1,A,18,99999991,Closed\n2,B,18,99999991,Closed\n3,C,18,99999992,Open\n4,D,18,99999992,Open\n",
        encoding="utf-8",
    )
    said = [note for note in read_register(file).notes if "shared" in note]
    assert said == [
        "passed over: 1 UKPRN shared by several open providers, first 99999992 in lines 4 and 5",
        "passed over: 1 UKPRN shared by several closed providers, first 99999991 in lines 2 and 3",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HEAD}1,Coleg Gŵyr,18,99999991,x\n".replace("ŵ", "â"), encoding=encoding)
    assert read_register(file).providers["99999991"].name == "Coleg Gâyr"
    assert layout_of(file) is not None


def test_a_character_cut_by_the_end_of_a_piece(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    pad = "x" * ((1 << 20) - len(HEAD.encode()) - 3)
    lines = "".join(f"{pad[i : i + 900]},,,,\n" for i in range(0, len(pad), 906))
    text = (HEAD + lines).encode()[: (1 << 20) - 4].rpartition(b"\n")[0] + b"\n"
    text += b"y" * ((1 << 20) - 1 - len(text) - 8) + b",n,18,,\n"
    body = text + "â,Coleg Gâr,18,99999991,x\n".encode()
    assert len(text) == (1 << 20) - 1
    file.write_bytes(body)
    assert read_register(file).providers["99999991"].name == "Coleg Gâr"


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "begins with nothing"),
    "another table": (b"a,b\n1,2\n", "begins with a, b"),
    "headings alone": (HEAD.encode(), "no provider"),
    "no colleges": (HEAD.encode() + b"1,A school,01,99999991,x\n", "no provider with type code 18, 31, 32"),
    "no codes": (
        HEAD.replace("TypeOfEstablishment (code)", "t").encode() + b"1,A,18,99999991,x\n",
        "full extract",
    ),
    "NUL": (HEAD.encode() + b"1,A\0,18,99999991,x\n", "line 2: binary"),
    "not a text of any kind": (HEAD.encode() + b"1,A\x81\xff,18,99999991,x\n", "line 2: neither"),
    "quotation mark": (HEAD.encode() + b'1,"A,18,99999991,x\n2,B,18,99999992,x\n', "line 2"),
    "text after a quotation": (HEAD.encode() + b'1,"A"B,18,99999991,x\n', "line 2"),
    "cut short": (HEAD.encode() + b"1,A,18,99999991,x\n2,B,1", "line 3: the last line"),
    "columns without end": (HEAD.encode().strip() + b"," * 999_990 + b"\n", "columns"),
    "a line without end": (HEAD.encode() + b"x" * (3 << 20), "line 2"),
    "a cell without end": (HEAD.encode() + b'1,"' + b"x\n" * (1 << 20), "line 2"),
    "bad UKPRN alone": (HEAD.encode() + b"1,A,18,0123,x\n", "no provider"),
    "UTF-16 cut short": ((HEAD + "1,A,18,99999991,x\n").encode("utf-16")[:-1], "encoding"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused_with_one_line(tmp_path: Path, name: str) -> None:
    content, said = BAD[name]
    file = tmp_path / "register.csv"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_register(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_damage_gives_one_line_or_a_register(
    tmp_path_factory: pytest.TempPathFactory, more: bytes, at: int
) -> None:
    good = GIAS.read_bytes()
    file = tmp_path_factory.getbasetemp() / "damaged.csv"
    file.write_bytes(good[:at] + more + good[at:])
    try:
        read_register(file)
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("name", ["a.ods", "a.xlsx", "a.xml", "none.csv"])
def test_other_files(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name != "none.csv":
        file.write_bytes(b"PK")
    with pytest.raises(InputError, match=r"CSV|No such file"):
        read_register(file)


def test_load_tells_a_register_from_a_case(tmp_path: Path) -> None:
    for file in (GIAS, OFSTED, WORKFORCE):
        with pytest.raises(InputError, match="--register"):
            Graph().load(file)


# -- beside a case


def test_agreement_is_silent(tmp_path: Path) -> None:
    file = case(
        tmp_path,
        rdfs_label='"riverside college"@en',
        apg_ukprn='"99999991"',
        apg_region='"South West"',
        apg_providerType='"General further-education college"',
    )
    assert found(file, GIAS) == []


DISAGREES: dict[str, tuple[dict[str, str], Severity, str]] = {
    "name": (
        {"rdfs_label": '"Hillside"', "apg_ukprn": '"99999991"'},
        Severity.WARNING,
        "the name 'Riverside College'",
    ),
    "region": (
        {"apg_region": '"London"', "apg_ukprn": '"99999991"'},
        Severity.WARNING,
        "'South West' for 99999991, not",
    ),
    "type": ({"apg_providerType": '"school"', "apg_ukprn": '"99999991"'}, Severity.INFO, "type of provider"),
    "nothing given": ({"apg_ukprn": '"99999991"'}, Severity.INFO, "No region is given"),
    "not listed": (
        {"apg_ukprn": '"99999981"'},
        Severity.WARNING,
        "Did you mean 99999991 (Riverside College)?",
    ),
    "not listed, but the name is": (
        {"apg_ukprn": '"99999981"', "rdfs_label": '"Hillside Sixth Form Centre"'},
        Severity.WARNING,
        "Did you mean 99999993 (Hillside Sixth Form Centre)?",
    ),
    "not listed, and like several": (
        {"apg_ukprn": '"99999999"'},
        Severity.WARNING,
        "no further education provider 99999999.",
    ),
    "not listed, and like none": (
        {"apg_ukprn": '"99919981"'},
        Severity.WARNING,
        "no further education provider 99919981.",
    ),
    "listed twice": ({"apg_ukprn": '"99999996"'}, Severity.WARNING, "lines 8 and 9"),
    "a school": ({"apg_ukprn": '"99999995"'}, Severity.WARNING, "no further education provider 99999995"),
    "no number": (
        {"rdfs_label": '"Hillside Sixth Form Centre"'},
        Severity.INFO,
        "has 99999993 for this name",
    ),
}


@pytest.mark.parametrize("name", DISAGREES)
def test_disagreement(tmp_path: Path, name: str) -> None:
    values, severity, said = DISAGREES[name]
    assert [s for s, message in found(case(tmp_path, **values), GIAS) if said in message] == [severity]


def test_a_closed_provider_is_remarked_on(tmp_path: Path) -> None:
    register = tmp_path / "edubasealldata.csv"
    register.write_bytes(GIAS.read_bytes().replace(b'"1","Open"', b'"2","Closed"'))
    file = case(tmp_path, rdfs_label='"Hillside Sixth Form Centre"', apg_ukprn='"99999993"')
    said = f"{register}, line 4, has the status 'Closed' for 99999993."
    assert (Severity.INFO, said) in found(file, register)
    graph = Graph()
    graph.load(file)
    told = graph.report(graph.validate(register=register), redact=True).to_json()
    assert "The register has the status 'Closed'." in told
    assert "99999993" not in told
    # Nor is it one to propose by its name.
    file = case(tmp_path, rdfs_label='"Hillside Sixth Form Centre"')
    assert not [message for _, message in found(file, register) if "for this name" in message]


def test_a_pseudonym_is_not_looked_up(tmp_path: Path) -> None:
    file = case(tmp_path, rdfs_label='"Riverside College"', apg_isPseudonymous="true")
    assert found(file, GIAS) == []
    named = case(tmp_path, apg_isPseudonymous="true", apg_ukprn='"99999991"')
    graph = Graph()
    graph.load(named)
    assert {f.severity for f in graph.validate(register=GIAS)} == {Severity.VIOLATION}
    with pytest.raises(InputError, match="pseudonym"):
        graph.fill_from(GIAS)


def test_what_is_open_is_filled_and_nothing_else(tmp_path: Path) -> None:
    graph = Graph()
    graph.load(case(tmp_path, apg_ukprn='"99999993"', apg_region='"somewhere else"'))
    filled = graph.fill_from(GIAS)
    assert [(f.property.rpartition("#")[2], f.value) for f in filled] == [
        ("label", "Hillside Sixth Form Centre"),
        ("providerType", "Sixth form centres"),
    ]
    assert graph.fill_from(GIAS) == ()
    assert [s for s, _ in [(f.severity, f.message) for f in graph.validate(register=GIAS)]] == [
        Severity.WARNING
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [({}, "gives no UKPRN"), ({"apg_ukprn": '"99999996"'}, "lists no"), ({"apg_ukprn": '"1"'}, "gives no")],
)
def test_nothing_to_fill_from(tmp_path: Path, values: dict[str, str], said: str) -> None:
    graph = Graph()
    graph.load(case(tmp_path, **values))
    with pytest.raises(InputError, match=said):
        graph.fill_from(GIAS)


def test_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in (GIAS, WORKFORCE):
        shutil.copy(file, tmp_path)
    case(tmp_path, rdfs_label='"Riverside College"@en', apg_ukprn='"99999991"', apg_region='"London"')
    assert run(("convert", "college.ttl", "college.xlsx")) == 0
    options = ("--register", GIAS.name, "--register", WORKFORCE.name)
    assert run(("validate", "college.xlsx", *options, "--fail-on", "warning", "-f", "csv")) == 1
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    places = {row["place"] for row in rows if "South West" in row["message"]}
    assert places == {"college.xlsx, sheet Organisation, cell G5 (region)"}
    assert "6 of them advanced practitioners" in err
    assert run(("convert", "college.xlsx", "filled.ttl", "--register", GIAS.name)) == 0
    assert "type of provider 'General Further Education College' taken over" in capsys.readouterr().err
    written = (tmp_path / "filled.ttl").read_text(encoding="utf-8")
    assert 'apg:providerType "General Further Education College"' in written
    assert 'apg:region "London"' in written
    assert run(("validate", "college.xlsx", "--register", GIAS.name, "--register", GIAS.name)) == 2


@pytest.mark.parametrize("name", DISAGREES)
def test_redacted_reports_keep_what_the_case_says_and_name_nobody(tmp_path: Path, name: str) -> None:
    """What only the register knows of who it is (number, name, line) goes; the case's own words stay."""
    values, severity, _ = DISAGREES[name]
    graph = Graph()
    graph.load(case(tmp_path, **values))
    report = graph.validate(register=GIAS)
    told = graph.report(report, redact=True)
    texts = [told.to_json(), told.to_html(), told.report.to_turtle(), json.dumps(told.to_records())]
    assert severity in {finding.severity for finding in told.report}
    for text in texts:
        assert not re.search(r"\b9999999?\d\b|line \d+, has|Riverside", text)
    if name == "region":
        assert any("has the region 'South West', not 'London'." in each.message for each in told.notices)
    if name == "name":
        assert [each.value for each in told.notices if each.field == "name"] == ["Hillside"]


def test_redacted_exports_take_no_name_from_a_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = case(tmp_path, apg_ukprn='"99999991"')
    target = tmp_path / "out.ttl"
    assert run(("convert", str(file), str(target), "--register", str(GIAS), "--redact")) == 0
    assert "no name is taken over" in capsys.readouterr().err
    written = target.read_text(encoding="utf-8")
    assert 'apg:region "South West"' in written
    assert not re.search("Riverside|99999991", written)


# -- the workforce return


def test_counts_by_main_role_without_small_ones() -> None:
    counts = read_workforce(WORKFORCE)
    assert (counts.ukprn, counts.staff, counts.practitioners) == ("99999991", 52, 6)
    assert counts.roles == {
        "": None,
        "quality assurance manager": None,
        "advanced practitioner": 6,
        "lecturer": 31,
        # With this one told, the total would tell that three people are in the first two.
        "teacher": None,
    }


def test_nothing_of_a_person_is_kept() -> None:
    assert "INVENTED" not in repr(read_workforce(WORKFORCE))


def staff(*roles: str) -> bytes:
    return (
        "<r>" + "".join(f"<StaffData><MainRole>{r}</MainRole></StaffData>" for r in roles) + "</r>"
    ).encode()


@given(st.lists(st.sampled_from(["16", "17", "19", "21", "30", ""]), min_size=1, max_size=60))
def test_no_small_group_can_be_worked_out(tmp_path_factory: pytest.TempPathFactory, roles: list[str]) -> None:
    if not any(roles):
        return
    file = tmp_path_factory.getbasetemp() / "few.xml"
    file.write_bytes(staff(*roles))
    counts = read_workforce(file)
    shown = [number for number in counts.roles.values() if number is not None]
    assert all(number >= SMALLEST for number in shown)
    hidden = sum(number is None for number in counts.roles.values())
    if counts.staff is not None and hidden:
        assert counts.staff - sum(shown) >= SMALLEST or not shown
        assert hidden > 1 or not shown


LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 50 + b'">]><r>&b;</r>'
XML: dict[str, tuple[bytes, str]] = {
    "entity expansion": (LAUGHS, "document type"),
    "external entity": (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "document type"),
    "cut short": (staff("17")[:-9], "not well-formed"),
    "another document": (b"<rdf/>", "its root is rdf"),
    "no main role": (staff(""), "none with a MainRole"),
    "nested without end": (b"<a>" * 100_000, "64 deep"),
    "an attribute without end": (b'<a b="' + b"x" * (20 << 20), "more than 8 MB"),
    "empty": (b"", "not well-formed"),
    "codes without end": (staff(*map(str, range(2_000))), "codes of MainRole"),
}


@pytest.mark.parametrize("name", XML)
def test_a_hostile_return_is_refused_with_one_line(tmp_path: Path, name: str) -> None:
    content, said = XML[name]
    file = tmp_path / "few.xml"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_workforce(file)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


# -- size


def _large(file: Path, rows: int) -> None:
    with file.open("w", encoding="cp1252", newline="") as stream:
        stream.write(HEAD.strip() + "".join(f",Column {i}" for i in range(125)) + "\r\n")
        rest = ',"about ten letters"' * 125
        for i in range(rows):
            stream.write(f'"{i}","College {i}","{18 if i % 130 == 0 else 1}","{99000000 + i}","x"{rest}\r\n')


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    code = (
        "import sys, pathlib, tracemalloc\nfrom apgraph.cases.registers import read_register\ntracemalloc.start()\n"
        "n = len(read_register(pathlib.Path(sys.argv[1])).providers)\nprint(n, tracemalloc.get_traced_memory()[1] >> 10)"
    )
    for rows in (1_000, 8_000):
        file = tmp_path / f"{rows}.csv"
        _large(file, rows)
        done = subprocess.run(
            [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
        )
        number, peak = map(int, done.stdout.split())
        assert number == -(-rows // 130)
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 2_000, "kilobytes, of a file that grew by 16 MB"
