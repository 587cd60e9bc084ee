"""The benchmark of validation: its data is always the same, and the engines that it compares agree on it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "benchmarks/validation/corpus.py"


def python(*arguments: str | Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], check=False, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_corpus_is_the_same_for_the_same_seed_and_no_other(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.nt", "again.nt", "other.nt")]
    made = [python(CORPUS, file, "20000", seed) for file, seed in zip(files, ("1", "1", "2"), strict=True)]
    first, again, other = (file.read_bytes() for file in files)
    assert first == again
    assert made[0] == made[1]
    assert first != other
    triples = first.count(b"\n")
    assert 20_000 <= triples < 20_300
    claims = first.count(b"<urn:bench:Claim> .")
    for way, number in json.loads(made[0]).items():
        if way.startswith("Claim: "):
            assert 0.002 < number / claims < 0.02


def test_by_hand_by_apgraph_and_by_pyshacl_the_results_are_the_same(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    told = python(
        ROOT / "benchmarks/shacl.py",
        *("--sizes", "6000", "--runs", "1", "--peers", "hand", "sets", "command", "pyshacl", "--json"),
        kept,
    )
    figures = json.loads(kept.read_text(encoding="utf-8"))
    assert figures["problems"] == []
    assert set(figures["figures"]["6000"]) == {"hand", "sets", "command", "pyshacl"}
    assert min(figures["results"]["6000"].values()) == max(figures["results"]["6000"].values()) >= 5
    assert "pySHACL" in told
    for engine in ("hand", "sets", "pyshacl"):
        assert figures["figures"]["6000"][engine]["check"] > 0


def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "JENA_LIB": str(tmp_path)}
    done = subprocess.run(
        [
            sys.executable,
            ROOT / "benchmarks/shacl.py",
            "--sizes",
            "200",
            "--runs",
            "1",
            "--peers",
            "hand",
            "jena",
        ],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert f"Jena shacl validate: skipped: no jena-cmds in {tmp_path}" in done.stdout


def test_reasoners_are_compared_by_their_triples_and_not_by_how_many_there_are() -> None:
    spec = importlib.util.spec_from_file_location("reasoning_benchmark", ROOT / "benchmarks/reasoning.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    ns, kind = benchmark.NS, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    triples = [
        (f"{ns}a", kind, f"{ns}Person"),
        (f"{ns}b", kind, f"{ns}Person"),
        (f"{ns}a", f"{ns}reaches", f"{ns}c"),
    ]
    own = benchmark.summed(triples)
    assert [own[name][0] for name in ("Person", "reaches")] == [2, 1]
    same = benchmark.summed([*reversed(triples), triples[0], ("_:x", kind, "http://example.org/Other")])
    assert benchmark.differences(own, same) == []
    other = benchmark.summed([*triples[:2], (f"{ns}c", f"{ns}reaches", f"{ns}a")])
    assert benchmark.differences(own, other) == ["reaches (other 1)"]
    fewer = benchmark.summed(triples[:2])
    assert benchmark.differences(own, fewer) == ["reaches (0 for 1)"]


def test_the_benchmark_of_reasoning_runs() -> None:
    told = python(ROOT / "benchmarks/reasoning.py", "500", "apgraph")
    assert "same triples" in told
