"""The zip: what is in it, that it is always the same, and that it needs nothing."""

import ast
import importlib.util
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_BYTES = 300_000
MAX_SCRIPT_S = 120


@pytest.fixture(scope="module")
def builder():
    """Return the module of the build script, which is in no package."""
    spec = importlib.util.spec_from_file_location(
        "build_addon", ROOT / "tools/build_addon.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sources(tmp_path):
    """Return the smallest tree that can be packed."""
    addon = tmp_path / "blender_scenes/addon"
    (addon / "part").mkdir(parents=True)
    (tmp_path / "dp_model").mkdir()
    manifest = 'id = "dual_pixel"\nversion = "1.2.3"\n'
    (addon / "blender_manifest.toml").write_text(manifest)
    (addon / "__init__.py").write_text("")
    (addon / "part/__init__.py").write_text("")
    (tmp_path / "LICENSE").write_text("model's")
    (addon / "LICENSE").write_text("addon's")
    for name in ("__init__", "far", "near", "unused", "near_by"):
        (tmp_path / f"dp_model/{name}.py").write_text("")
    return tmp_path


def packed(builder, root):
    return {name: data.decode() for name, data in builder.packed_files(root).items()}


def test_equal_sources_give_equal_bytes(builder, addon_zip, tmp_path) -> None:
    assert builder.build(tmp_path).read_bytes() == addon_zip.read_bytes()


def test_the_zip_is_small(addon_zip) -> None:
    assert addon_zip.stat().st_size < MAX_BYTES


def test_blenders_own_tool_accepts_the_zip(blender_ext, addon_zip) -> None:
    done = blender_ext("validate", addon_zip)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_zip_holds_sources_and_both_licences(addon_zip) -> None:
    with zipfile.ZipFile(addon_zip) as archive:
        names = archive.namelist()
        assert b"GENERAL PUBLIC LICENSE" in archive.read("LICENSE")
        assert b"Apache License" in archive.read("dp_model/LICENSE")
    assert {"__init__.py", "blender_manifest.toml", "dp_model/render.py"} <= set(names)
    assert all(Path(name).suffix in {".py", ".toml", ""} for name in names)
    assert not [name for name in names if "__pycache__" in name]


def test_modules_differ_from_their_sources_by_imports_only(addon_zip) -> None:
    with zipfile.ZipFile(addon_zip) as archive:
        for name in (n for n in archive.namelist() if n.endswith(".py")):
            folder = ROOT if name.startswith("dp_model/") else ROOT / "blender_scenes"
            source = (folder / ("addon" if folder != ROOT else "") / name).read_text()
            pairs = zip(
                source.splitlines(), archive.read(name).decode().splitlines(),
                strict=True,
            )  # fmt: skip
            changed = [(old, new) for old, new in pairs if old != new]
            assert all(old.lstrip().startswith("from ") for old, _ in changed), name
            assert all(new.lstrip().startswith("from .") for _, new in changed), name


def test_nothing_in_the_zip_imports_our_packages_by_name(addon_zip) -> None:
    with zipfile.ZipFile(addon_zip) as archive:
        for name in (n for n in archive.namelist() if n.endswith(".py")):
            for node in ast.walk(ast.parse(archive.read(name))):
                if isinstance(node, ast.ImportFrom) and node.level == 0:
                    assert node.module.split(".")[0] not in {
                        "dp_model", "blender_scenes"
                    }, name  # fmt: skip


def test_the_camera_model_of_the_zip_runs_on_numpy_alone(addon_zip, tmp_path) -> None:
    shutil.unpack_archive(addon_zip, tmp_path / "dual_pixel")
    code = """
import sys
for name in ("bpy", "scipy", "cv2", "array_api_compat", "OpenEXR", "dp_model"):
    sys.modules[name] = None
sys.path.insert(0, sys.argv[1])
import numpy as np
from dual_pixel.camera_values import CameraValues
from dual_pixel.dp_model.camera import CAMERA_SETS
from dual_pixel.dp_model.psf import PAPER_BANK
from dual_pixel.dp_model.render import render_dual_pixel
views = render_dual_pixel(
    np.ones((24, 32, 3), np.float32), np.full((24, 32), 3.0), CAMERA_SETS["3"],
    PAPER_BANK[0],
)
assert np.allclose(views.left, 1.0, atol=1e-5)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=MAX_SCRIPT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_only_what_is_needed_of_the_model_is_packed(builder, sources) -> None:
    addon = sources / "blender_scenes/addon"
    (addon / "part/panel.py").write_text("from dp_model.near import x\n")
    (sources / "dp_model/near.py").write_text("from dp_model import far\n")
    names = set(builder.packed_files(sources))
    assert {"dp_model/__init__.py", "dp_model/near.py", "dp_model/far.py"} <= names
    assert not {"dp_model/unused.py", "dp_model/near_by.py"} & names


def test_imports_become_relative_at_every_depth(builder, sources) -> None:
    addon = sources / "blender_scenes/addon"
    (addon / "top.py").write_text(
        "from blender_scenes.addon import part\n"
        "from dp_model.near import x\n"
        "def late():\n"
        "    from blender_scenes.addon.part.panel import draw\n"
    )
    (addon / "part/panel.py").write_text(
        "from blender_scenes.addon.top import (\n    late,\n)\n"
        "from dp_model.near_by import y\n"
    )
    files = packed(builder, sources)
    assert files["top.py"] == (
        "from . import part\n"
        "from .dp_model.near import x\n"
        "def late():\n"
        "    from .part.panel import draw\n"
    )
    assert files["part/panel.py"] == (
        "from ..top import (\n    late,\n)\nfrom ..dp_model.near_by import y\n"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "import scipy",
        "from cv2 import resize",
        "import array_api_compat",
        "import OpenEXR",
        "from blender_scenes.frames import Frame",
        "import blender_scenes.addon.part",
        "import dp_model.near",
        "from pipeline.cameras import CameraSet",
        "import torch",
    ],
)
def test_what_blender_lacks_is_refused(builder, sources, statement) -> None:
    path = sources / "blender_scenes/addon/wrong.py"
    path.write_text(f"import bpy\n{statement}\n")
    with pytest.raises(builder.BuildError, match=r"wrong\.py, line 2: imports"):
        builder.packed_files(sources)


def test_a_missing_module_of_the_model_is_refused(builder, sources) -> None:
    path = sources / "blender_scenes/addon/wrong.py"
    path.write_text("from dp_model.nothing import x\n")
    with pytest.raises(builder.BuildError, match="does not exist"):
        builder.packed_files(sources)


def test_left_over_bytecode_is_not_packed(builder, sources) -> None:
    folder = sources / "blender_scenes/addon/__pycache__"
    folder.mkdir()
    (folder / "top.cpython-311.pyc").write_bytes(b"\0")
    assert not [name for name in builder.packed_files(sources) if "pyc" in name]
