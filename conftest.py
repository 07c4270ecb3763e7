"""What pytest leaves alone, so that bpy never enters the process that tests."""

from __future__ import annotations

from pathlib import Path

collect_ignore = [  # they run in a child
    "tests/blender_scenes/light_scenes.py",
    "tests/blender_scenes/make_exr_files.py",
    "tests/blender_scenes/make_external_scenes.py",
    "tests/blender_scenes/make_opened_scenes.py",
    "tests/blender_scenes/make_scenes.py",
    "tests/blender_scenes/number_many.py",
    "tests/blender_scenes/make_lens_scenes.py",
    "tests/blender_scenes/make_truth_scenes.py",
    "tests/blender_scenes/trace_sides.py",
]
collect_ignore_glob = ["tests/ui/drive*.py", "tests/ui/[es]*.py"]  # in a Blender

BLENDER_SCENES = Path(__file__).parent / "blender_scenes"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Import a module of Blender's side only if it has a doctest to run."""
    if BLENDER_SCENES not in collection_path.parents or collection_path.is_dir():
        return None
    has_doctest = ">>>" in collection_path.read_text(encoding="utf-8", errors="replace")
    return None if has_doctest else True
