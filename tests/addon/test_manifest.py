"""What the manifest promises to Blender and to its extension platform."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADDON = ROOT / "blender_scenes/addon"


@pytest.fixture(scope="module")
def manifest():
    return tomllib.loads((ADDON / "blender_manifest.toml").read_text())


def test_blenders_own_tool_accepts_the_folder(blender_ext) -> None:
    done = blender_ext("validate", ADDON)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_add_on_and_the_model_name_their_licences(manifest) -> None:
    assert manifest["license"] == ["SPDX:GPL-3.0-or-later", "SPDX:Apache-2.0"]
    assert "GNU GENERAL PUBLIC LICENSE" in (ADDON / "LICENSE").read_text()


def test_the_name_leaves_blenders_alone(manifest) -> None:
    assert "blender" not in manifest["name"].lower()


def test_version_is_that_of_the_project(manifest) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert manifest["version"] == project["version"]


def test_it_runs_from_blender_4_2_on_with_files_as_its_only_right(manifest) -> None:
    assert manifest["blender_version_min"] == "4.2.0"
    assert list(manifest["permissions"]) == ["files"]
    assert "wheels" not in manifest
