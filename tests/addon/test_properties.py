"""The values that the add-on keeps: explained, within what the model takes."""

import pytest

pytestmark = pytest.mark.blender


def test_every_property_says_what_it_is(in_blender) -> None:
    answer = in_blender("""
for group in (
    bpy.data.cameras[0].dual_pixel,
    bpy.context.scene.dual_pixel,
    bpy.context.window_manager.dual_pixel,
):
    for prop in group.bl_rna.properties:
        if prop.identifier in ("rna_type", "name") or prop.is_hidden:
            continue
        answer[prop.identifier] = [prop.name, prop.description]
        for item in getattr(prop, "enum_items", ()):
            answer[f"{prop.identifier}.{item.identifier}"] = [
                item.name, item.description
            ]
""")
    assert len(answer) > 50
    for name, (label, description) in answer.items():
        assert label, name
        assert len(description) > 10 or name == "noise_model.NONE", name
        assert not description.endswith("."), name  # Blender adds the full stop


def test_the_ends_of_every_range_make_a_camera(in_blender) -> None:
    answer = in_blender("""
values_of = part("camera_values").camera_values
scene = bpy.context.scene
own = scene.camera.data.dual_pixel
own.use_sensor_pitch = False
for name in (
    "pixel_pitch_um", "order", "alpha", "beta", "kappa", "noise_sigma", "sharp_coc_px"
):
    default = getattr(own, name)
    for end in (-1e9, 1e9):
        setattr(own, name, int(end) if name == "order" else end)
        values_of(scene, scene.camera).psf.kernels(3.0)
        answer[f"{name} {end}"] = getattr(own, name)
    setattr(own, name, default)
for name in ("psf_shape", "noise_model"):
    for item in own.bl_rna.properties[name].enum_items:
        setattr(own, name, item.identifier)
        values_of(scene, scene.camera)
""")
    assert answer["kappa 1000000000.0"] < 1
    assert answer["sharp_coc_px -1000000000.0"] > 0


def test_what_is_shown_is_told_to_listeners(in_blender) -> None:
    answer = in_blender("""
listeners = part("state_properties").state_listeners
state = bpy.context.window_manager.dual_pixel
heard = []
listeners.append(lambda context: heard.append(state.view))
state.view = "LEFT"
state.view = "COC"
state.flip_rate = 5.0
listeners.pop()
answer["heard"] = heard
""")
    assert answer == {"heard": ["LEFT", "COC", "COC"]}


def test_opening_a_file_brings_back_what_is_shown_at_first(in_blender) -> None:
    answer = in_blender("""
state = bpy.context.window_manager.dual_pixel
state.view, state.use_wipe = "COC", True
bpy.ops.wm.save_as_mainfile(filepath="kept.blend")
bpy.ops.wm.open_mainfile(filepath="kept.blend")
state = bpy.context.window_manager.dual_pixel
answer["state"] = [state.view, state.use_wipe]
""")
    assert answer == {"state": ["COMBINED", False]}
