"""The command line as a process of its own: time limits, interruptions, pipes, noise, permissions, completion."""

from __future__ import annotations

import ctypes
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("apgraph"))
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MAIN = ("ask", "practices-supporting", "--model", "pan-organisational")


def apgraph(
    *arguments: str, env: dict[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", **(env or {})},
    )


def assert_one_line(done: subprocess.CompletedProcess[str], code: int) -> None:
    assert done.returncode == code, done
    assert done.stdout == ""
    assert done.stderr.startswith("apgraph: ")
    assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_a_query_that_never_ends_is_cut(engine: str) -> None:
    started = time.monotonic()
    done = apgraph("query", ENDLESS, "--timeout", "1", "--engine", engine)
    assert_one_line(done, 3)
    assert time.monotonic() - started < 60
    assert "--timeout" in done.stderr or "1 s" in done.stderr


def test_an_interruption_ends_a_query_with_130() -> None:
    # A shell ignores the signal for what it runs in the background, and what it runs inherits that.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [COMMAND, "query", ENDLESS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, usual)
    try:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (130, "", "apgraph: interrupted\n")


def _endless_validation(folder: Path) -> tuple[str, ...]:
    """Write data and shapes whose validation does not end, and return the command."""
    (folder / "data.ttl").write_text(
        "".join(f"<urn:x:s{n}> <urn:x:p> {n} .\n" for n in range(400)), encoding="utf-8"
    )
    (folder / "shapes.ttl").write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n<urn:x:shape> sh:targetNode <urn:x:s1> ; sh:sparql [ sh:select "
        '"SELECT $this WHERE { $this ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(?c + ?f + ?i + ?l + ?o < 0) }" ] .',
        encoding="utf-8",
    )
    return ("validate", "data.ttl", "--shapes", "shapes.ttl", "-f", "ttl")


def test_an_interruption_ends_a_validation_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    command = _endless_validation(tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    before = sorted(tmp_path.rglob("*"))
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [COMMAND, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(scratch)},
        )
    finally:
        signal.signal(signal.SIGINT, usual)
    try:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (130, "", "apgraph: interrupted\n")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_validation_that_takes_long_says_so_on_a_terminal(tmp_path: Path) -> None:
    command = _endless_validation(tmp_path)
    shown = on_a_terminal(*command, folder=tmp_path, interrupt_after=5)
    assert re.search(r"\(\d s\)", shown), shown
    assert shown.rstrip().endswith("apgraph: interrupted")


@pytest.mark.parametrize("arguments", [("ask",), ("query", "SELECT * { ?s ?p ?o }", "-f", "csv")])
def test_a_reader_that_goes_away_is_no_error(arguments: tuple[str, ...]) -> None:
    shown = subprocess.run(
        ["bash", "-c", f'"{COMMAND}" "$@" | head -n 1; exit "${{PIPESTATUS[0]}}"', "x", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.count("\n") == 1


@pytest.mark.parametrize("name", ["noise.ttl", "noise.nt", "noise.rdf", "noise.jsonld", "noise.rq"])
def test_a_hundred_megabytes_of_noise(name: str, tmp_path: Path) -> None:
    with (tmp_path / name).open("wb") as file:
        block = os.urandom(1_000_000)
        for _ in range(100):
            file.write(block)
    arguments = ("query", name) if name.endswith(".rq") else ("validate", name)
    started = time.monotonic()
    done = apgraph(*arguments, folder=tmp_path)
    assert_one_line(done, 2)
    assert name in done.stderr
    assert time.monotonic() - started < 60


def _as_others() -> None:
    """Take from a child of root what lets root read everything."""
    libc = ctypes.CDLL(None, use_errno=True)
    drop_from_bounding_set = 24
    override_permissions, read_everything = 1, 2
    for capability in (override_permissions, read_everything):
        if libc.prctl(drop_from_bounding_set, capability, 0, 0, 0) != 0:
            os._exit(99)


@pytest.mark.parametrize(
    "arguments", [("validate", "{}"), ("query", "ASK {{}}", "-d", "{}"), ("query", "{}/q.rq")]
)
def test_a_folder_that_may_not_be_read(arguments: tuple[str, ...], tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "q.rq").write_text("ASK {}", encoding="utf-8")
    (closed / "case.ttl").write_text("<urn:a:a> <urn:a:b> <urn:a:c> .", encoding="utf-8")
    closed.chmod(0)
    try:
        done = subprocess.run(
            [COMMAND, *(argument.format(closed) for argument in arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            preexec_fn=_as_others if os.geteuid() == 0 else None,
        )
    finally:
        closed.chmod(0o700)
    assert_one_line(done, 2)
    assert str(closed) in done.stderr
    assert "permission" in done.stderr.lower()


def test_an_ascii_locale_does_not_end_an_answer(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text('<urn:a:a> <urn:a:b> "café ☕" .', encoding="utf-8")
    done = apgraph(
        "query", "SELECT ?x { <urn:a:a> <urn:a:b> ?x }", "-d", "data.ttl", "-f", "csv",
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0
    assert "caf" in done.stdout


def test_a_query_comes_from_standard_input() -> None:
    done = subprocess.run(
        [COMMAND, "query", "-"], input="ASK { ?m a apg:DeploymentModel }",
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "yes\n")


def complete(words: str) -> list[str]:
    """Return what bash would offer for the last word."""
    done = apgraph(
        env={"_APGRAPH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    )
    assert done.returncode == 0, done
    return done.stdout.split()


def test_the_shell_completes_commands_questions_options_and_values() -> None:
    assert complete("apgraph va") == ["validate"]
    assert "practices-supporting" in complete("apgraph ask practices-s")
    assert complete("apgraph ask practices-supporting --mo") == ["--model"]
    assert complete("apgraph ask practices-supporting --model def") == ["deficit-model"]
    assert complete("apgraph query x -f js") == ["json"]


def test_the_value_that_the_shell_completes_is_taken() -> None:
    assert apgraph("ask", "practices-supporting", "--model", "deficit-model").returncode == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_shown(shell: str) -> None:
    done = apgraph("--show-completion", shell)
    assert done.returncode == 0
    assert "_APGRAPH_COMPLETE" in done.stdout


def on_a_terminal(*arguments: str, folder: Path | None = None, interrupt_after: float | None = None) -> str:
    """Run with a terminal on all three streams and return what it shows."""
    controller, terminal = pty.openpty()
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [COMMAND, *arguments],
            stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder,
            env={**os.environ, "COLUMNS": "100", "TERM": "xterm"},
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, usual)
    os.close(terminal)
    if interrupt_after is not None:
        time.sleep(interrupt_after)
        process.send_signal(signal.SIGINT)
    shown = b""
    while select.select([controller], [], [], 30)[0]:
        try:
            part = os.read(controller, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait(timeout=30)
    os.close(controller)
    return shown.decode()


def test_a_terminal_sees_the_table_and_what_takes_long() -> None:
    assert "professional learning" in on_a_terminal(*MAIN)
    shown = on_a_terminal("query", ENDLESS, "--timeout", "4")
    assert re.search(r"the query is running \(\d s\)", shown)
    assert shown.endswith("\r\n")


def test_start_up_imports_nothing_heavy() -> None:
    for arguments in (("--help",), ("ask", "--help"), MAIN):
        code = (
            "import sys\nfrom apgraph.cli.entry import run\n"
            f"code = run({list(arguments)!r})\n"
            "heavy = {'pydantic', 'rich', 'rdflib', 'pyshacl', 'networkx', 'owlready2', 'pandas'} & set(sys.modules)\n"
            "sys.exit(f'imports {sorted(heavy)}' if heavy else code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_command_is_installed() -> None:
    assert shutil.which(COMMAND)


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    "query",
    {
        "braces": "ASK" + "{" * 100_000 + "}" * 100_000,
        "brackets": "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
        "nots": "ASK { FILTER(" + "!" * 200_000 + "true) }",
        "sum": "ASK { FILTER(" + "1+" * 100_000 + "1 > 1) }",
        "path": "ASK { ?s " + "a/" * 100_000 + "a ?o }",
    }.items(),
    ids=lambda item: item[0],
)
def test_a_query_nested_deep_does_not_kill_the_process(
    query: tuple[str, str], engine: str, tmp_path: Path
) -> None:
    (tmp_path / "deep.rq").write_text(query[1], encoding="utf-8")
    done = apgraph("query", "deep.rq", "--timeout", "2", "--engine", engine, folder=tmp_path)
    assert done.returncode in {0, 2, 3}, done
    assert done.stderr.count("\n") == (done.returncode > 0)
    assert "went wrong" not in done.stderr


def test_reasoning_that_takes_too_long_is_cut(tmp_path: Path) -> None:
    below = "<urn:c{}> a owl:Class ; rdfs:subClassOf <urn:c{}> .\n"
    head = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    chain = head + "".join(below.format(n, n + 1) for n in range(400))
    (tmp_path / "chain.ttl").write_text(
        chain + "".join(f"<urn:i{n}> a <urn:c0> .\n" for n in range(200)), encoding="utf-8"
    )
    started = time.monotonic()
    assert_one_line(apgraph("reason", "chain.ttl", "--timeout", "1", folder=tmp_path), 3)
    assert time.monotonic() - started < 60


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "apgraph", *MAIN],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "COLUMNS": "100"},
    )
    assert done.stdout == apgraph(*MAIN).stdout


def test_a_report_by_the_standard_is_the_same_with_and_without_waivers(tmp_path: Path) -> None:
    """Without waivers no words are looked for, which must change neither the report nor the exit code."""
    file = Path(__file__).parent / "cases" / "rule-01-no-compile-date.ttl"
    waivers = tmp_path / "none.yaml"
    waivers.write_text(
        "- rule: rule-1\n  thing: https://example.org/nothing\n  reason: no such thing\n"
        "  accepted_by: curator\n  expires: 9999-12-31\n",
        encoding="utf-8",
    )
    plain = apgraph("validate", str(file), "-f", "ttl")
    told = apgraph("validate", str(file), "-f", "ttl", "--waivers", str(waivers))
    assert "sh:ValidationResult" in plain.stdout
    assert (plain.stdout, plain.returncode) == (told.stdout, told.returncode)
