"""The Python environment of the pipeline: asked once what it has."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from blender_scenes.addon.preview.job import ChildProcess

MARK = "@environment "
TIME_LIMIT_S = 120.0  # a first import from a slow disk
INSTALL_HINT = (
    "In the folder of the pipeline run make setup; then set its .venv/bin/python in "
    "the preferences"
)

# Imported as the pipeline will be; bpy is only looked for, since importing it is slow.
_QUESTION = f"""
import importlib.util, json, pathlib
answer = {{"folder": "", "missing": ""}}
try:
    import luigi, pipeline
    answer["folder"] = str(pathlib.Path(pipeline.__file__).resolve().parents[1])
    pipeline.BuildDataset
    if importlib.util.find_spec("bpy") is None:
        answer["missing"] = "bpy"
except ImportError as error:
    answer["missing"] = error.name or str(error)
except AttributeError:
    answer["missing"] = "BuildDataset"
print("{MARK}" + json.dumps(answer), flush=True)
"""


@dataclass(frozen=True)
class Environment:
    """What a Python environment was found to have.

    Parameters
    ----------
    python : str
        Its interpreter.
    folder : Path or None
        The pipeline's folder, where its commands are run; None until it is known.
    problem : str
        What is missing, in one line; "" if nothing is, or nothing is known yet.
    hint : str
        How to get it.
    """

    python: str
    folder: Path | None = None
    problem: str = ""
    hint: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether it can build data sets."""
        return self.folder is not None and not self.problem

    @property
    def is_known(self) -> bool:
        """Whether the question has been answered."""
        return self.folder is not None or bool(self.problem)


class EnvironmentCheck:
    """Asks an environment in the background, and keeps the answer."""

    def __init__(self) -> None:
        self._answer: Environment | None = None
        self._child: ChildProcess | None = None

    def ask(self, python: str) -> Environment:
        """Return what is known of an environment, asking it if need be; never waits."""
        if self._answer is None or self._answer.python != python:
            self.forget()
            self._answer = self._asked(python)
        if self._child is not None:
            self._listen(self._child)
        return self._answer

    def wait(self, python: str) -> Environment:
        """Return the answer of an environment, however long it takes."""
        while not (answer := self.ask(python)).is_known:
            time.sleep(0.05)
        return answer

    def forget(self) -> None:
        """Drop the answer, or the question if it is still open."""
        self._answer = None
        if self._child is not None:
            self._child.stop()
            self._child = None

    def _asked(self, python: str) -> Environment:
        if not python:
            return Environment(
                python,
                problem="No pipeline is set in the preferences",
                hint=INSTALL_HINT,
            )
        if not Path(python).is_file():
            return Environment(
                python, problem=f"{python}: no such file", hint=INSTALL_HINT
            )
        # Its own folder, so that no module lies in the working folder by chance.
        folder = Path(python).parent
        try:
            self._child = ChildProcess([python, "-c", _QUESTION], folder=folder)
        except OSError as error:
            problem = f"{python}: {error.strerror}"
            return Environment(python, problem=problem, hint=INSTALL_HINT)
        return Environment(python)

    def _listen(self, child: ChildProcess) -> None:
        assert self._answer is not None
        python = self._answer.python
        for line in child.new_lines():
            if line.startswith(MARK):
                self._answer = _understood(python, line.removeprefix(MARK))
        if child.exit_status is None and child.silence_s < TIME_LIMIT_S:
            return
        child.stop()
        self._child = None
        if not self._answer.is_known:
            said = child.last_lines[-1].strip() if child.last_lines else "no answer"
            self._answer = Environment(
                python, problem=f"{python}: {said}", hint=INSTALL_HINT
            )


def _understood(python: str, line: str) -> Environment:
    """Return the answer that an environment gave."""
    answer = json.loads(line)
    folder = Path(answer["folder"])
    if answer["missing"]:
        problem = f"{python} lacks {answer['missing']}"
        return Environment(python, problem=problem, hint=INSTALL_HINT)
    if not (folder / "luigi.cfg").is_file():
        problem = f"{folder} has no luigi.cfg: not the pipeline's own folder"
        return Environment(python, problem=problem, hint=INSTALL_HINT)
    return Environment(python, folder)
