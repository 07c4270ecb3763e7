import sys
from pathlib import Path

import pytest

from blender_scenes.addon.environment import environment_problem, environment_python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="laid out for Unix")


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return a folder that looks like a virtual environment with the pipeline."""
    folder = tmp_path / "project/.venv"
    packages = folder / "lib/python3.11/site-packages"
    (packages / "dual_pixel_pipeline-0.1.0.dist-info").mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin/python").symlink_to(sys.executable)
    return folder


def test_an_environment_with_the_pipeline_has_no_problem(environment) -> None:
    assert environment_problem(environment / "bin/python") == ""


def test_this_environment_has_no_problem() -> None:
    assert environment_problem(Path(sys.executable)) == ""


def test_python_is_found_from_its_environment_or_the_folder_above(environment) -> None:
    python = environment / "bin/python"
    assert environment_python(python) == python
    assert environment_python(environment) == python
    assert environment_python(environment.parent) == python


def test_the_link_of_an_environment_is_not_followed(environment) -> None:
    assert environment_python(environment).is_symlink()


def test_what_is_missing_is_named(environment, tmp_path) -> None:
    nowhere = tmp_path / "nowhere"
    assert environment_problem(nowhere) == f"There is no Python at {nowhere}"
    empty = environment_python(tmp_path)
    assert environment_problem(empty) == f"There is no Python at {empty}"
    next(environment.rglob("*.dist-info")).rmdir()
    assert environment_problem(environment / "bin/python") == (
        f"The pipeline is not installed in {environment}"
    )
