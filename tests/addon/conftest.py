"""Builds the add-on once and runs scripts with it in Blender's Python.

bpy never enters the pytest process: every script is a child.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
MODULE = "bl_ext.user_default.dual_pixel"
BLENDER_EXT = "5.0/scripts/addons_core/bl_pkg/cli/blender_ext.py"

INSTALL = """
import sys
import bpy
bpy.ops.extensions.package_install_files(
    filepath=sys.argv[1], repo="user_default", enable_on_install=True, overwrite=True
)
assert {module!r} in bpy.context.preferences.addons
"""
PRELUDE = """
import importlib
import json
import sys
import bpy
bpy.ops.wm.read_factory_settings(use_empty={is_empty})
bpy.ops.preferences.addon_enable(module={module!r})
assert {module!r} in bpy.context.preferences.addons


def part(name):
    '''Return a module of the installed add-on.'''
    return importlib.import_module({module!r} + "." + name)


class Layout:
    '''Notes what a panel draws: texts, properties, operators and values, in order.'''

    def __init__(self, notes=None):
        self.notes = [] if notes is None else notes
        self.enabled = self.active = True

    def label(self, text="", icon="NONE", icon_value=0, **_):
        self.notes.append({{"label": text, "icon": icon}})

    def prop(self, owner, name, text=None, **_):
        assert name in owner.bl_rna.properties, (owner, name)
        self.notes.append({{"prop": name, "text": text, "enabled": self.enabled}})

    def operator(self, name, text=None, **_):
        module, _, function = name.partition(".")
        getattr(getattr(bpy.ops, module), function).get_rna_type()
        self.notes.append({{"operator": name, "text": text}})
        return type("Settings", (), {{}})()

    def template_icon(self, icon_value=0, scale=1.0):
        self.notes.append({{"icon_value": icon_value}})

    def _nested(self, *_, **__):
        return Layout(self.notes)

    row = column = box = split = grid_flow = column_flow = _nested

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


def drawn(panel, context=None):
    '''Return what a panel of that name draws, None where it does not show.'''
    kind = getattr(bpy.types, panel)
    context = bpy.context if context is None else context
    if hasattr(kind, "poll") and not kind.poll(context):
        return None
    layout = Layout()
    instance = type(panel, (), {{"layout": layout}})()
    for name in ("draw_header", "draw"):
        if hasattr(kind, name):
            getattr(kind, name)(instance, context)
    return layout.notes


answer = {{}}
"""
EPILOGUE = """
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(answer, file)
"""


def blender_environment(folder: Path) -> dict[str, str]:
    """Return the environment of a Blender that keeps its settings in that folder."""
    return {
        **os.environ,
        "BLENDER_USER_RESOURCES": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture(scope="session")
def blender_ext() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs Blender's own tool for extensions."""
    (bpy_folder,) = Path(sys.prefix).glob("lib/python3*/site-packages/bpy")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(bpy_folder / BLENDER_EXT), *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture(scope="session")
def addon_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the zip that `make addon` makes."""
    folder = tmp_path_factory.mktemp("zip")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/build_addon.py"), str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return Path(done.stdout.strip())


@pytest.fixture(scope="session")
def blender_user(addon_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of settings in which the zip was installed as a person would."""
    folder = tmp_path_factory.mktemp("blender_user")
    script = folder / "install.py"
    script.write_text(INSTALL.format(module=MODULE), encoding="utf-8")
    _run_child([str(script), str(addon_zip)], folder, folder, timeout_s=300)
    return folder


@pytest.fixture
def in_blender(blender_user: Path, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that runs a script in Blender with the add-on enabled.

    The script finds ``bpy``, ``part(name)`` (a module of the add-on), ``drawn(panel)``
    and a dictionary ``answer``, which it fills with what can be JSON and the function
    returns.  ``arguments`` are in ``sys.argv[2:]``.  A traceback, or a warning that
    names the add-on, fails the test.
    """

    def run(
        script: str, *arguments: object, is_empty: bool = False, timeout_s: float = 300
    ) -> dict[str, Any]:
        path, answer = tmp_path / "script.py", tmp_path / "answer.json"
        prelude = PRELUDE.format(module=MODULE, is_empty=is_empty)
        path.write_text(prelude + script + EPILOGUE, encoding="utf-8")
        command = [str(path), str(answer), *map(str, arguments)]
        _run_child(command, blender_user, tmp_path, timeout_s)
        return json.loads(answer.read_text(encoding="utf-8"))

    return run


def _run_child(command: list[str], user: Path, folder: Path, timeout_s: float) -> None:
    """Run a script in a child, in a folder, and refuse any sign of trouble."""
    done = subprocess.run(
        [sys.executable, "-W", "default", *command],
        cwd=folder,
        env=blender_environment(user),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "Traceback" not in output, output
    warned = [x for x in output.splitlines() if "Warning" in x and "dual_pixel" in x]
    assert not warned, output


@pytest.fixture
def stand_in() -> Callable[..., tuple[Any, Any]]:
    """Return a function that makes what `camera_values` reads of Blender.

    Its result is a scene and a camera object at the origin that looks along -Z, with
    the defaults of Blender and of the add-on; ``camera``, ``focus``, ``own``,
    ``render``, ``units`` and ``view`` replace single values.
    """

    def make(
        *,
        camera: dict[str, Any] | None = None,
        focus: dict[str, Any] | None = None,
        own: dict[str, Any] | None = None,
        render: dict[str, Any] | None = None,
        units: dict[str, Any] | None = None,
        view: dict[str, Any] | None = None,
    ) -> tuple[Any, Any]:
        own_values = {
            "last_preset": "OWN", "use_sensor_pitch": True, "pixel_pitch_um": 18.75,
            "psf_shape": "BUTTERWORTH", "order": 3, "alpha": 0.8, "beta": 0.2,
            "kappa": 0.14, "use_distortion": False, "distortion": (0.0, 0.0, 0.0),
            "noise_model": "NONE", "noise_sigma": 0.05, "sharp_coc_px": 1.0,
            **(own or {}),
        }  # fmt: skip
        focus_values = {
            "focus_object": None, "focus_subtarget": "", "focus_distance": 10.0,
            "aperture_fstop": 2.8, **(focus or {}),
        }  # fmt: skip
        data = SimpleNamespace(
            **{
                "type": "PERSP", "lens": 50.0, "sensor_fit": "AUTO",
                "sensor_width": 36.0, "sensor_height": 24.0, **(camera or {}),
            },
            dof=SimpleNamespace(**focus_values),
            dual_pixel=SimpleNamespace(**own_values),
        )  # fmt: skip
        picture = {
            "resolution_x": 1920, "resolution_y": 1080, "resolution_percentage": 100,
            "pixel_aspect_x": 1.0, "pixel_aspect_y": 1.0, **(render or {}),
        }  # fmt: skip
        scene = SimpleNamespace(
            render=SimpleNamespace(**picture),
            unit_settings=SimpleNamespace(
                **{"system": "METRIC", "scale_length": 1.0, **(units or {})}
            ),
            view_settings=SimpleNamespace(
                **{"exposure": 0.0, "gamma": 1.0, **(view or {})}
            ),
        )
        camera_object = SimpleNamespace(
            name="Camera", type="CAMERA", data=data, matrix_world=np.eye(4)
        )
        scene.camera = camera_object
        return scene, camera_object

    return make
