"""Imports point one way: what each package may import, and what none may."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STANDARD = sys.stdlib_module_names | {"__future__"}

ALLOWED = {
    "dp_model": {"dp_model", "numpy", "array_api_compat", "scipy", "cv2"},
    # Goes into a zip of its own, and runs on what Blender brings along.
    "blender_scenes/addon": {
        "blender_scenes.addon",
        "dp_model",
        "numpy",
        "blf",
        "bpy",
        "bpy_extras",
        "gpu",
        "gpu_extras",
        "mathutils",
    },
    "blender_scenes": {
        "blender_scenes",  # but for the add-on: `test_nothing_imports_the_addon`
        "dp_model.psf",  # the shape of the pupil that rays are traced through
        "dp_model.pupil",
        "numpy",
        "oslquery",  # comes with Blender
        "OpenEXR",
        "bpy",
        "bpy_extras",
        "mathutils",
    },
    "pipeline": {
        "pipeline",
        "dp_model",
        "blender_scenes.spec",
        "blender_scenes.frames",  # the frame folder's format, no bpy in it
        "blender_scenes.notes",  # what is doubtful about frames, likewise
        "blender_scenes.own_names",  # of what is half written
        "blender_scenes.frame_facts",
        "blender_scenes.external_files",
        "blender_scenes.charts.names",  # so that a wrong name is refused at once
        "blender_scenes.view_pairs",  # likewise
        "OpenEXR",
        "filelock",
        "h5py",  # Hypersim
        "luigi",
        "numpy",
        "tqdm",
        "cv2",
        "PIL",
        "matplotlib",
        "psutil",
        "rdpd",  # inside run(), and where a network is fed
        "torch",  # likewise; never when the package is imported
    },
    "rdpd": {
        "rdpd",
        "numpy",
        "torch",
        "cv2",  # the one image reader
        "safetensors",
        "h5py",  # published weights
        "tensorboard",
        "tqdm",
    },
}
# Loaded by Blender's own Python, which has nothing else.
STANDARD_ONLY = (
    "blender_scenes/spec.py",
    "blender_scenes/notes.py",
    "blender_scenes/own_names.py",
    "blender_scenes/charts/names.py",
)
ACCELERATORS = {"scipy", "cv2"}


def modules(package: str) -> list[Path]:
    """Return the files of a package, without packages in it that have own rules."""
    others = [ROOT / other for other in ALLOWED if other.startswith(f"{package}/")]
    return sorted(
        path
        for path in (ROOT / package).rglob("*.py")
        if not any(path.is_relative_to(other) for other in others)
    )


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            # `from blender_scenes import frames` imports blender_scenes.frames.
            folder = ROOT / node.module.replace(".", "/")
            for alias in node.names:
                is_module = (folder / f"{alias.name}.py").exists()
                yield f"{node.module}.{alias.name}" if is_module else node.module


def is_allowed(name: str, allowed: set[str]) -> bool:
    parts = name.split(".")
    prefixes = {".".join(parts[: n + 1]) for n in range(len(parts))}
    return bool(prefixes & allowed) or parts[0] in STANDARD


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_packages_import_only_what_the_house_allows(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in imported(path)
        if not is_allowed(name, ALLOWED[package])
    ]
    assert not wrong


def test_nothing_imports_the_addon() -> None:
    for package in set(ALLOWED) - {"blender_scenes/addon"}:
        for path in modules(package):
            names = list(imported(path))
            assert not any(n.startswith("blender_scenes.addon") for n in names), path


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_every_package_was_found(package: str) -> None:
    assert len(modules(package)) > 5


@pytest.mark.parametrize("file", STANDARD_ONLY)
def test_the_wire_format_needs_the_standard_library_only(file: str) -> None:
    assert all(is_allowed(name, set()) for name in imported(ROOT / file))


def test_no_package_outside_blender_scenes_names_bpy() -> None:
    for package in ("dp_model", "pipeline"):
        for path in modules(package):
            assert not any(n.split(".")[0] == "bpy" for n in imported(path)), path


def test_accelerators_are_chosen_in_one_place() -> None:
    users = {
        path.name
        for path in modules("dp_model")
        if any(name.split(".")[0] in ACCELERATORS for name in imported(path))
    }
    assert len(users) <= 1


def run_blocked(blocked: str, statement: str) -> None:
    """Run a statement in a fresh interpreter in which some packages are missing."""
    code = (
        "import sys\n"
        f"for name in {blocked.split()!r}: sys.modules[name] = None\n"
        f"{statement}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_wire_format_loads_in_a_bare_python() -> None:
    run_blocked("bpy numpy scipy OpenEXR cv2 luigi torch", "import blender_scenes.spec")


def test_frames_are_read_without_blender() -> None:
    run_blocked("bpy scipy cv2 luigi torch", "import blender_scenes.frames")


def test_the_camera_model_runs_on_numpy_alone() -> None:
    """Blender's own Python brings NumPy but no SciPy and no OpenCV."""
    run_blocked(
        "bpy scipy cv2 luigi torch OpenEXR",
        "import numpy as np\n"
        "from dp_model.camera import CAMERA_SETS\n"
        "from dp_model.psf import PAPER_BANK\n"
        "from dp_model.render import render_dual_pixel\n"
        "views = render_dual_pixel(np.ones((24, 32, 3), np.float32),\n"
        "    np.full((24, 32), 3.0), CAMERA_SETS['3'], PAPER_BANK[0])\n"
        "assert np.allclose(views.left, 1.0, atol=1e-5)",
    )


def test_importing_the_pipeline_starts_no_blender() -> None:
    run_blocked("bpy torch", "import pipeline")


def test_blender_never_enters_the_process_that_tests() -> None:
    assert "bpy" not in sys.modules
