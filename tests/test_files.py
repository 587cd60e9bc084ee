"""What is no file with an end is refused in one line, wherever a file is read."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from apgraph.cli.entry import run
from apgraph.errors import InputError
from apgraph.files import replace_folder, replaced, require_regular

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither named pipes nor devices here"
)

EXAMPLE = Path(__file__).parents[1] / "examples" / "riverside.ttl"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A short folder: the name of a socket may not be long."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield Path()
    os.chdir(before)


def test_what_is_no_file_is_not_replaced_by_one(place: Path) -> None:
    os.mkfifo("pipe")
    with (
        pytest.raises(InputError, match="pipe is a pipe, and would be replaced by a file"),
        replaced(Path("pipe")),
    ):
        pass
    assert Path("pipe").is_fifo()
    with pytest.raises(InputError, match="is a device"), replaced(Path(os.devnull)):
        pass


def test_a_link_is_written_through(place: Path) -> None:
    Path("folder").mkdir()
    Path("link").symlink_to("folder/target")
    with replaced(Path("link")) as beside:
        beside.write_text("new")
    assert Path("link").is_symlink()
    assert Path("folder/target").read_text() == "new"


def test_kinds(place: Path) -> None:
    os.mkfifo("pipe.ttl")
    Path("device.ttl").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind("socket.ttl")
        for name, kind in (("pipe", "a pipe"), ("device", "a device"), ("socket", "a socket")):
            with pytest.raises(InputError, match=f"^{name}.ttl is {kind}, not a file; save"):
                require_regular(f"{name}.ttl")
    require_regular(EXAMPLE)
    require_regular(place)
    require_regular("not there")
    require_regular("nought\0")


# Each of these reads what it is given; none may wait, and none may read for ever.
COMMANDS = {
    "data": ("ask", "cases", "-d", "NAME.ttl"),
    "large data": ("query", "ASK {}", "-d", "NAME.nt"),
    "context": ("validate", "NAME.jsonld"),
    "workbook": ("validate", "NAME.xlsx"),
    "table": ("validate", "NAME.csv"),
    "folder": ("validate", "folder"),
    "tables": ("validate", "tables"),
    "shapes": ("validate", str(EXAMPLE), "--shapes", "NAME.ttl"),
    "waivers": ("validate", str(EXAMPLE), "--waivers", "NAME.yaml"),
    "register": ("validate", str(EXAMPLE), "--register", "NAME.csv"),
    "workforce": ("validate", str(EXAMPLE), "--register", "NAME.xml"),
    "query": ("query", "NAME.rq"),
    "extension": ("check", "NAME.ttl"),
    "source": ("evidence", "C034", "--source", "NAME.txt"),
    "conversion": ("convert", "NAME.ttl", "out.xlsx"),
    "difference": ("diff", "NAME.ttl", str(EXAMPLE)),
}


@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_refuses_it(
    place: Path, kind: str, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name.replace("NAME", "it") for name in arguments if name.startswith("NAME")]
    if arguments[-1] in {"folder", "tables"}:
        place.joinpath(arguments[-1]).mkdir()
        names = ["folder/it.ttl"] if arguments[-1] == "folder" else ["tables/organisation.csv"]
    for name in names:
        if kind == "pipe":
            os.mkfifo(name)
        else:
            Path(name).symlink_to("/dev/zero")
    assert run([each.replace("NAME", "it") for each in arguments]) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1, told
    assert names[0] in told[0]
    assert f"is a {kind}, not a file" in told[0]


def test_what_the_shell_makes_of_a_command_is_refused_too() -> None:
    script = f"exec {sys.executable} -c 'import sys; from apgraph.cli.entry import run; sys.exit(run(sys.argv[1:]))' ask cases -d <(cat {EXAMPLE})"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is a pipe, not a file" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_folder_that_can_not_take_its_place_leaves_the_one_that_was_there(tmp_path: Path) -> None:
    old = tmp_path / "release"
    old.mkdir()
    (old / "kept.txt").write_text("kept", encoding="utf-8")
    # What should come in its place lies in it, so it is gone from there by the time of the second renaming.
    (old / "new").mkdir()
    with pytest.raises(FileNotFoundError):
        replace_folder(old / "new", old)
    assert [each.name for each in tmp_path.iterdir()] == ["release"]
    assert (old / "kept.txt").read_text(encoding="utf-8") == "kept"
    (tmp_path / "better").mkdir()
    replace_folder(tmp_path / "better", old)
    assert [each.name for each in tmp_path.iterdir()] == ["release"]
    assert list(old.iterdir()) == []
