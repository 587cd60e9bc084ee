"""A load into a store on disk whose process is ended in the midst of it leaves nothing that could be believed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from apgraph.cli.entry import run
from apgraph.graph import Graph

if TYPE_CHECKING:
    from pathlib import Path

FORGED = """
@prefix apg: <https://w3id.org/apgraph/ns#> . @prefix apgs: <https://w3id.org/apgraph/source#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
apgs:C999 a apg:Claim ; rdfs:label "claim 999"@en .
"""
# Ends the process, as a power cut would, once the file is in the store and before anybody has looked through it.
KILLED = """
import os, sys
from apgraph.graph import Graph
from apgraph.holdings import Holdings
graph = Graph.open(sys.argv[1])
def ended(*_, **__):
    os._exit(9)
Holdings._admit = ended
graph.load(sys.argv[2])
"""


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    with Graph.open(folder) as graph:
        good = tmp_path / "good.ttl"
        good.write_text("<urn:a> <urn:p> <urn:b> .", encoding="utf-8")
        graph.load(good)
    file = tmp_path / "forged.ttl"
    file.write_text(FORGED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(file)], check=False, timeout=60, capture_output=True
    )
    assert done.returncode == 9, done.stderr
    return folder


def test_what_was_cut_short_is_removed_when_the_store_is_opened(cut: Path) -> None:
    with Graph.open(cut) as graph:
        assert len(graph.taken_back) == 1
        assert not graph.query("ASK { ?s rdfs:label 'claim 999'@en }")
        assert graph.query("ASK { <urn:a> <urn:p> <urn:b> }")
    with Graph.open(cut) as graph:
        assert graph.taken_back == ()
        assert graph.query("ASK { <urn:a> <urn:p> <urn:b> }")


def test_the_command_says_so(cut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("ask", "deployment-models", "--data", str(cut))) == 0
    told = capsys.readouterr().err
    assert "was being loaded when its program ended, and is removed; load it again" in told
    assert told.count("\n") == 1


def test_a_load_that_ends_leaves_no_note_of_itself(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text("<urn:a> <urn:p> <urn:b> .", encoding="utf-8")
    bad.write_text(FORGED, encoding="utf-8")
    with Graph.open(tmp_path / "store") as graph:
        graph.load(good)
        with pytest.raises(Exception, match="bad"):
            graph.load(bad)
        before = len(graph)
    with Graph.open(tmp_path / "store") as graph:
        assert graph.taken_back == ()
        assert len(graph) == before
