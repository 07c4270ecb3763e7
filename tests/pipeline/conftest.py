"""A pipeline whose Blender is a stand-in, so that its failures can be staged."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import luigi
import pytest

from pipeline import BuildDataset, blender_process
from tests.pipeline.fuzzing import COUNTS, PER_TARGET

# Luigi reads the one of the working directory, where a test need not be.
luigi.configuration.add_config_path(str(Path(__file__).parents[2] / "luigi.cfg"))

FAKE_BLENDER = Path(__file__).with_name("fake_blender.py")


@pytest.fixture(scope="session")
def fake_blender() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        command = (sys.executable, str(FAKE_BLENDER))
        patch.setattr(blender_process, "CHILD", command)
        yield


def small(folder: Path) -> dict[str, Any]:
    """Return the parameters of a dataset of two scenes, one camera, two frames."""
    return {
        "scene": "street-1,street-2",
        "camera_set": "3",
        "frames": "2",
        "size": "48x32",
        "nearest": 10.0,
        "work_dir": str(folder / "work"),
        "datasets_dir": str(folder / "datasets"),
    }


@pytest.fixture
def small_dataset(fake_blender: None, tmp_path: Path) -> dict[str, Any]:
    return small(tmp_path)


def build(parameters: dict[str, Any], workers: int = 1) -> tuple[bool, BuildDataset]:
    """Run the dataset task as the command line would; return its success too."""
    task = BuildDataset(**parameters)
    done = luigi.build([task], workers=workers, local_scheduler=True)
    return bool(done), task


def contents(folder: Path) -> dict[str, str]:
    """Return a checksum of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def finished(fake_blender: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished dataset and its work; to look at, not to change."""
    folder = tmp_path_factory.mktemp("finished")
    done, _ = build(small(folder))
    assert done
    return folder


@pytest.fixture(scope="session")
def dataset(finished: Path) -> Path:
    """The finished dataset itself."""
    return BuildDataset(**small(finished)).folder()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many inputs `make fuzz` tried, and what came of them."""
    if not PER_TARGET:
        return
    terminalreporter.section("inputs at random")
    for target in sorted({target for target, _ in COUNTS}):
        ends = {end: n for (name, end), n in sorted(COUNTS.items()) if name == target}
        words = ", ".join(f"{count} {end}" for end, count in ends.items())
        terminalreporter.line(f"{target}: {sum(ends.values())} inputs, {words}")
    terminalreporter.line(f"all: {sum(COUNTS.values())} inputs")
