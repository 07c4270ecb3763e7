"""Runs Blender children for the tests; bpy never enters the pytest process."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from blender_scenes.frames import FrameSequence, frame_file, read_frame
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec

ROOT = Path(__file__).parents[2]
SMALL = {"width": 40, "height": 24, "margin_px": 6, "samples": 1, "device": "cpu"}


@dataclass(frozen=True)
class RenderedFolder:
    """What a finished child left behind."""

    status: int
    output: str
    log: str
    folder: Path

    @property
    def events(self):
        lines = self.output.splitlines()
        return [json.loads(x.removeprefix("@event ")) for x in lines if x]

    @property
    def error(self):
        assert self.status == 2, self.log
        (message,) = [e["message"] for e in self.events if e["event"] == "error"]
        assert "Traceback" not in self.log
        return message

    @property
    def notes(self):
        return [e["message"] for e in self.events if e["event"] in ("note", "message")]

    def codes(self, level="note"):
        """Return the codes of the kept notes of a level."""
        return {note.code for note in self.manifest.notes if note.level == level}

    @property
    def manifest(self):
        return FrameSequence.load(self.folder)

    def frame(self, number):
        return read_frame(self.folder / frame_file(number))


@dataclass(frozen=True)
class SceneFolder:
    """The .blend files of `make_scenes` and Blender's own facts about them."""

    folder: Path
    facts: dict

    def spec_file(self, path, name, frame_range=None, scene=None, **settings):
        """Write a small specification of one of the .blend files; return its path."""
        blend = str(self.folder / f"{name}.blend")
        values = {"name": name, "blend_file": blend, "frame_range": frame_range}
        spec = SequenceSpec(
            SceneSpec(**{**values, **(scene or {})}),
            RenderSpec(**{**SMALL, **settings}),
        )
        path.write_text(spec.to_json())
        return path


def child_command(spec_file, folder, *flags):
    return [
        sys.executable, "-m", "blender_scenes.cli", str(spec_file), str(folder), *flags,
    ]  # fmt: skip


def run_child(spec_file, folder, **options):
    """Run the child to its end."""
    done = subprocess.run(
        child_command(spec_file, folder, "--detached"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,
    )
    return RenderedFolder(done.returncode, done.stdout, done.stderr, folder)


@pytest.fixture(scope="session")
def scenes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenes")
    script = Path(__file__).with_name("make_scenes.py")
    subprocess.run(
        [sys.executable, str(script), str(folder)], check=True, capture_output=True
    )
    return SceneFolder(folder, json.loads((folder / "facts.json").read_text()))


@pytest.fixture(scope="session")
def render(scenes, tmp_path_factory):
    """Return a function that renders one of the .blend files in a new folder."""

    def render(name, frame_range=None, scene=None, **settings):
        folder = tmp_path_factory.mktemp(name)
        spec_file = scenes.spec_file(
            folder / "spec.json", name, frame_range, scene, **settings
        )
        return run_child(spec_file, folder / "frames")

    return render


@pytest.fixture(scope="session")
def truth_scenes(tmp_path_factory):
    """The .blend files of `make_truth_scenes`."""
    folder = tmp_path_factory.mktemp("truth")
    script = Path(__file__).with_name("make_truth_scenes.py")
    subprocess.run(
        [sys.executable, str(script), str(folder)], check=True, capture_output=True
    )
    return SceneFolder(folder, {})


@pytest.fixture(scope="session")
def render_truth(truth_scenes, tmp_path_factory):
    """Return a function that renders one of them in a new folder."""

    def render(name, **settings):
        folder = tmp_path_factory.mktemp(name)
        spec_file = truth_scenes.spec_file(
            folder / "spec.json", name, denoiser="none", **settings
        )
        rendered = run_child(spec_file, folder / "frames")
        assert rendered.status in (0, 2), rendered.log
        return rendered

    return render


@pytest.fixture(scope="session")
def start_child():
    """Return a function that starts a child and hands over its pipes."""

    def start(spec_file, folder):
        return subprocess.Popen(
            child_command(spec_file, folder),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    return start


@pytest.fixture(scope="session")
def finish_child():
    """Return `run_child`, for a folder that may hold frames already."""
    return run_child
