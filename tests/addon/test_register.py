"""The add-on comes and goes without leaving anything behind."""

import pytest

import blender_scenes.addon
from blender_scenes.addon import register

WHAT_IS_LEFT = """
def left():
    '''Return all that is of the add-on in Blender.'''
    found = [x for x in dir(bpy.types) if x.startswith("DUAL_PIXEL")]
    found += [x.__name__ for x in bpy.types.PropertyGroup.__subclasses__()
              if x.is_registered and "dual_pixel" in x.__module__]
    found += [x for x in ("Camera", "Scene", "WindowManager")
              if hasattr(getattr(bpy.types, x), "dual_pixel")]
    found += [x for x in dir(bpy.ops) if x == "dual_pixel" and dir(bpy.ops.dual_pixel)]
    for name in dir(bpy.app.handlers):
        handlers = getattr(bpy.app.handlers, name)
        if isinstance(handlers, list):
            found += [x.__name__ for x in handlers if "dual_pixel" in x.__module__]
    found += [x.name for x in bpy.data.images if x.name.startswith("DP ")]
    return sorted(found)


name = "bl_ext.user_default.dual_pixel"
"""


@pytest.mark.blender
def test_nothing_is_left_after_disabling_twice(in_blender) -> None:
    answer = in_blender(
        WHAT_IS_LEFT
        + """
answer["enabled"], answer["disabled"] = [], []
for repetition in range(3):
    answer["enabled"].append(left())
    bpy.ops.preferences.addon_disable(module=name)
    answer["disabled"].append(left())
    bpy.ops.preferences.addon_enable(module=name)
"""
    )
    first, *others = answer["enabled"]
    assert {"DUAL_PIXEL_PT_camera", "Camera", "Scene", "WindowManager"} <= set(first)
    assert others == [first, first]
    assert answer["disabled"] == [[], [], []]


@pytest.mark.blender
def test_values_survive_disabling(in_blender) -> None:
    answer = in_blender("""
name = "bl_ext.user_default.dual_pixel"
bpy.data.cameras[0].dual_pixel.alpha = 0.5
bpy.ops.preferences.addon_disable(module=name)
bpy.ops.preferences.addon_enable(module=name)
answer["alpha"] = bpy.data.cameras[0].dual_pixel.alpha
""")
    assert answer == {"alpha": 0.5}


@pytest.mark.blender
def test_a_file_without_the_add_on_values_opens(in_blender) -> None:
    answer = in_blender(
        """
bpy.ops.wm.read_homefile(use_empty=True)
answer["camera"] = drawn("DUAL_PIXEL_PT_camera") if hasattr(
    bpy.context, "camera") else None
answer["problem"] = part("camera_values").camera_problem(bpy.context.scene)
"""
    )
    assert answer == {"camera": None, "problem": "The scene has no camera: add one"}


class Part:
    """A module of the add-on that notes when it comes and goes."""

    def __init__(self, name: str, notes: list[str], *, is_broken: bool = False):
        self.name, self.notes, self.is_broken = name, notes, is_broken

    def register(self) -> None:
        if self.is_broken:
            raise RuntimeError(self.name)
        self.notes.append(f"+{self.name}")

    def unregister(self) -> None:
        self.notes.append(f"-{self.name}")


def test_if_one_part_fails_none_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[str] = []
    parts = [Part("a", notes), Part("b", notes), Part("c", notes, is_broken=True)]
    monkeypatch.setattr(blender_scenes.addon, "_modules", lambda: parts)
    with pytest.raises(RuntimeError, match="c"):
        register()
    assert notes == ["+a", "+b", "-b", "-a"]
