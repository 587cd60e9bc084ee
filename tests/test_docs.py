"""Every code block of the documentation runs, from a folder that holds nothing but examples/."""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[a-z-]*)(?P<rest>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```",
    re.MULTILINE | re.DOTALL,
)

# What a block is, by its language. `text` shows something that nothing can run.
LANGUAGES = {"console", "json", "python", "rq", "sh", "sparql", "text", "toml", "turtle", "yaml"}


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the words behind it, its line and its text."""

    page: Path
    language: str
    words: tuple[str, ...]
    line: int
    body: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, m["language"], tuple(m["rest"].split()), text[: m.start()].count("\n") + 1, m["body"])
        for m in FENCE.finditer(text)
    ]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command line as a reader would, with this interpreter's commands first on the path."""
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    env |= {"PYTHONUTF8": "1", "COLUMNS": "120"}
    env.pop("CI", None)
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def check_console(block: Block, folder: Path) -> None:
    """Run each `$ command` and compare what it prints; `...` stands for any text, `[exit N]` for the code."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command = f"{command[:-1]}{more}"
        wanted = re.search(r"^\[exit (\d+)\]\n?", shown, re.MULTILINE)
        shown = re.sub(r"^\[exit \d+\]\n?", "", shown, flags=re.MULTILINE)
        done = run(command, folder)
        place = f"{block.page.name}:{block.line}: $ {command}"
        assert done.returncode == int(wanted[1] if wanted else 0), f"{place}\n{done.stdout}\n{done.stderr}"
        if shown.strip():
            got = done.stdout + done.stderr
            same = doctest.OutputChecker().check_output(
                shown, got, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            )
            assert same, f"{place}\nshown:\n{shown}\nprinted:\n{got}"


def check_data(block: Block, folder: Path) -> None:
    """Parse a block of data, and run a block of SPARQL on the framework."""
    import pyoxigraph
    import yaml

    if block.language == "json":
        json.loads(block.body)
    elif block.language == "yaml":
        yaml.safe_load(block.body)
    elif block.language == "turtle":
        assert list(pyoxigraph.parse(block.body, pyoxigraph.RdfFormat.TURTLE, base_iri="urn:docs:"))
    elif block.language in {"sparql", "rq"}:
        file = folder / "block.rq"
        file.write_text(block.body, encoding="utf-8")
        done = run("apgraph query block.rq", folder)
        assert done.returncode == 0, f"{block.page.name}:{block.line}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_runs(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    space: dict[str, object] = {"__name__": "__docs__"}
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        for block in blocks(page):
            place = f"{page.name}:{block.line}"
            assert block.language in LANGUAGES, (
                f"{place}: name the block's language, one of {sorted(LANGUAGES)}"
            )
            # The gate itself runs the two install lines, in a virtual environment made for them.
            if block.language == "text" or "gate" in block.words:
                continue
            if block.language == "python":
                exec(compile(block.body, place, "exec"), space)  # the page's own code is what is tested
            elif block.language == "sh":
                done = run(f"set -e\n{block.body}", tmp_path)
                assert done.returncode == 0, f"{place}\n{done.stdout}\n{done.stderr}"
            elif block.language == "console":
                check_console(block, tmp_path)
            else:
                check_data(block, tmp_path)
    finally:
        os.chdir(before)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [file.name[:4] for file in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []
