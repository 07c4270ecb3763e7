"""An environment is asked once, in the background, whether it has the pipeline."""

from __future__ import annotations

import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from blender_scenes.addon.dataset import pipeline_check
from blender_scenes.addon.dataset.pipeline_check import EnvironmentCheck

ROOT = Path(__file__).parents[3]


@pytest.fixture
def check() -> Iterator[EnvironmentCheck]:
    check = EnvironmentCheck()
    yield check
    check.forget()


def test_this_environment_has_the_pipeline(check: EnvironmentCheck) -> None:
    assert not check.ask(sys.executable).is_known
    answer = check.wait(sys.executable)
    assert answer.is_ready
    assert answer.folder == ROOT


def test_an_answer_is_kept(
    check: EnvironmentCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = check.wait(sys.executable)
    monkeypatch.setattr(pipeline_check, "ChildProcess", None)
    assert check.ask(sys.executable) == answer


def test_a_forgotten_answer_is_asked_for_again(check: EnvironmentCheck) -> None:
    check.wait(sys.executable)
    check.forget()
    assert not check.ask(sys.executable).is_known


def test_a_bare_python_lacks_luigi(check: EnvironmentCheck, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    python = str(tmp_path / "bare/bin/python")
    answer = check.wait(python)
    assert not answer.is_ready
    assert answer.problem == f"{python} lacks luigi"
    assert "make setup" in answer.hint


@pytest.mark.parametrize("python", ["", "/gone/python"])
def test_no_python_is_said_at_once(check: EnvironmentCheck, python: str) -> None:
    answer = check.ask(python)
    assert python in answer.problem
    assert answer.hint


def test_what_is_no_python_is_said(check: EnvironmentCheck, tmp_path: Path) -> None:
    text = tmp_path / "python"
    text.write_text("no program", encoding="utf-8")
    answer = check.wait(str(text))
    assert str(text) in answer.problem
    assert not answer.is_ready
