"""The preferences name the Python of the pipeline and say what is missing."""

import sys

import pytest


@pytest.mark.blender
def test_the_state_of_the_environment_is_shown(in_blender, tmp_path) -> None:
    answer = in_blender(
        """
import time
from pathlib import Path
preferences = part("preferences")
name = preferences.preferences_module()
own = bpy.context.preferences.addons[name].preferences


def note(key, path):
    own.python_path = path
    preferences._problem.cache_clear()
    notes = Layout()
    type(own).draw(type("Panel", (), {
        "layout": notes, "python_path": path, "bl_rna": own.bl_rna
    })(), bpy.context)
    answer[key] = [
        preferences.pipeline_python(bpy.context),
        *[(x["label"], x["icon"]) for x in notes.notes if "label" in x],
    ]


note("unset", "")
note("missing", sys.argv[2])
note("there", sys.executable)
answer["name"] = name
""",
        tmp_path / "python",
    )
    assert answer["name"] == "bl_ext.user_default.dual_pixel"
    assert answer["unset"] == [
        "",
        ["Not set: only building data sets needs it", "INFO"],
    ]
    missing = str(tmp_path / "python")
    assert answer["missing"] == [missing, [f"There is no Python at {missing}", "ERROR"]]
    there = [sys.executable, ["The pipeline is installed there", "CHECKMARK"]]
    assert answer["there"] == there


@pytest.mark.blender
def test_without_preferences_no_python_is_set(in_blender) -> None:
    answer = in_blender("""
preferences = part("preferences")
preferences.__package__ = "some.other"
answer["python"] = preferences.pipeline_python(bpy.context)
""")
    assert answer == {"python": ""}
