"""What a store reads beside its caller."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from apgraph.graph import Graph
from apgraph.store import OxigraphStore
from apgraph.store.background import Background
from apgraph.store.loading import format_of

if TYPE_CHECKING:
    from pathlib import Path


def _file(folder: Path, number: int) -> Path:
    file = folder / "many.nt"
    file.write_text("".join(f"<urn:s{i}> <urn:p> <urn:o> .\n" for i in range(number)), encoding="utf-8")
    return file


def test_what_is_asked_first_waits_for_all_of_it(tmp_path: Path) -> None:
    file = _file(tmp_path, 20_000)
    for ask in (
        len,
        lambda store: store.size("urn:g"),
        lambda store: len(store.select("SELECT ?s { GRAPH <urn:g> { ?s ?p ?o } }")),
        lambda store: sum(1 for _ in store.quads("urn:g")),
        lambda store: len(store.graphs()) * 20_000,
    ):
        store = OxigraphStore()
        store.load_as_stored([(file, format_of(file))], graph="urn:g")
        assert ask(store) == 20_000


def test_several_threads_may_wait(tmp_path: Path) -> None:
    file = _file(tmp_path, 20_000)
    store = OxigraphStore()
    store.load_as_stored([(file, format_of(file))], graph="urn:g")
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(store.size("urn:g"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [20_000] * 4


def test_what_goes_wrong_is_raised_by_whatever_asks(tmp_path: Path) -> None:
    file = tmp_path / "gone.nt"
    store = OxigraphStore()
    store.load_as_stored([(file, format_of(file))], graph="urn:g")
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            len(store)


def test_work_that_nobody_asks_for_is_done_at_the_end_of_the_process() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from apgraph.graph import Graph; Graph(); print('ended')"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_process_that_forks_takes_the_whole_framework_along() -> None:
    code = (
        "import os, sys\n"
        "from apgraph.graph import Graph\n"
        "whole = len(Graph())\n"
        "graph = Graph()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    os._exit(0 if len(graph) == whole else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    for _ in range(3):
        assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_an_error_is_kept_for_each_who_waits() -> None:
    def work() -> None:
        raise ValueError("no")

    background = Background(work)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            background.wait()


def test_a_graph_is_whole_for_whoever_asks_at_once() -> None:
    assert len({len(Graph()) for _ in range(5)}) == 1
