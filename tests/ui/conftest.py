"""Runs driver scripts in a Blender with a window, which `make test-ui` prepares."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENVIRONMENT = ROOT / ".venv"  # of the pipeline
WINDOW_PX = (1024, 800)  # a redraw's cost follows its size
LIMIT_S = 400
COMPLAINTS = ("Traceback", "Error: Python", "Exception in module", "Exception ignored")
PYTHON_OUTSIDE = """\
#!/bin/sh
# The pipeline's Python, which is not in this system but in the machine around it; with
# the pipeline of this checkout, wherever the environment was made for.
exec chroot /host env -C "$PWD" PYTHONPATH={root} {python} "$@"
"""


@dataclass(frozen=True)
class Session:
    """What a driver script found, in a folder that it shared with the tests."""

    facts: dict
    folder: Path
    log: str

    def arrays(self, name):
        with np.load(self.folder / f"{name}.npz") as stored:
            return dict(stored)


def blender_command(script, width, height):
    start = f"import sys; sys.path.insert(0, {str(HERE)!r}); import driver; "
    return [
        "blender", "-noaudio", "--factory-startup", "--enable-event-simulate",
        "--window-geometry", "0", "0", str(width), str(height),
        "--python-expr", f"{start}driver.run({script!r})",
    ]  # fmt: skip


def environment(folder):
    return [
        "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DISPLAY=:9",
        f"HOME={folder}/home",
        f"TMPDIR={folder}/tmp",
        f"BLENDER_USER_RESOURCES={folder}/home/blender",
        f"UI_SHARED={folder}",
        f"UI_ZIP={folder}/addon.zip",
        "LIBGL_ALWAYS_SOFTWARE=1",
        "MESA_SHADER_CACHE_DIR=/var/cache/mesa_shaders",  # halves the next start
    ]  # fmt: skip


def prepare(folder):
    """Lay the zip and a way to the pipeline's Python into the shared folder."""
    for name in ("home", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "addon.zip").write_bytes(Path(os.environ["UI_ZIP"]).read_bytes())
    inside = folder / "environment"
    (inside / "bin").mkdir(parents=True)
    (inside / "lib").symlink_to(ENVIRONMENT / "lib")
    wrapper = inside / "bin/python"
    wrapper.write_text(
        PYTHON_OUTSIDE.format(root=ROOT, python=ENVIRONMENT / "bin/python")
    )
    wrapper.chmod(0o755)


@pytest.fixture
def drive(tmp_path):
    """Return a function that runs a driver script to its end."""

    def run(script, window_px=WINDOW_PX):
        if "UI_SYSTEM" not in os.environ:
            pytest.fail("these tests need a Blender with a window: run 'make test-ui'")
        prepare(tmp_path)
        width, height = window_px
        system = os.environ["UI_SYSTEM"]
        command = [
            "sh", str(HERE / "in_chroot.sh"),
            system, str(ROOT), str(tmp_path), f"{width}x{height}",
            *environment(tmp_path), *blender_command(script, width, height),
        ]  # fmt: skip
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
        )
        log = done.stdout
        assert done.returncode == 0, f"{script}: exit {done.returncode}\n{log}"
        assert not any(complaint in log for complaint in COMPLAINTS), log
        facts = json.loads((tmp_path / "facts.json").read_text())
        return Session(facts, tmp_path, log)

    return run
