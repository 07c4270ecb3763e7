import math
from types import SimpleNamespace

import numpy as np
import pytest

from blender_scenes.addon.camera_values import (
    CameraProblem,
    camera_problem,
    camera_values,
    depth_along_axis_m,
    focus_distance_m,
)
from blender_scenes.cameras import opencv_pose
from dp_model.camera import ThinLensCamera
from dp_model.distortion import DivisionDistortion
from dp_model.psf import ButterworthPsf, RampDiskPsf


def test_blender_values_become_metres_and_pixels(stand_in) -> None:
    values = camera_values(*stand_in())
    assert values.camera.focal_length_m == pytest.approx(0.05)
    assert values.camera.f_number == 2.8
    assert values.camera.focus_distance_m == 10.0
    assert values.camera.pixel_pitch_m == pytest.approx(36e-3 / 1920)
    assert values.psf == ButterworthPsf(3, 0.8, 0.2, 0.14)
    assert values.distortion is None
    assert (values.noise_model, values.noise_sigma) == ("none", 0.05)
    assert (values.width_px, values.height_px) == (1920, 1080)


@pytest.mark.parametrize(
    ("fit", "size", "pitch_m"),
    [
        ("AUTO", (1920, 1080), 36e-3 / 1920),
        ("AUTO", (1080, 1920), 36e-3 / 1920),  # the width lies along the longer side
        ("HORIZONTAL", (1080, 1920), 36e-3 / 1080),
        ("VERTICAL", (1920, 1080), 24e-3 / 1080),
    ],
)
def test_sensor_fit_decides_the_pitch(stand_in, fit, size, pitch_m) -> None:
    render = {"resolution_x": size[0], "resolution_y": size[1]}
    values = camera_values(*stand_in(camera={"sensor_fit": fit}, render=render))
    assert values.camera.pixel_pitch_m == pytest.approx(pitch_m)


def test_single_precision_leaves_no_trace(stand_in) -> None:
    def single(value: float) -> float:
        return float(np.float32(value))

    values = camera_values(
        *stand_in(
            camera={"lens": single(4.44), "sensor_width": single(5.6448)},
            focus={"aperture_fstop": single(1.8), "focus_distance": single(0.7)},
            own={key: single(v) for key, v in (("alpha", 0.6), ("kappa", 0.14))},
        )
    )
    assert values.camera == ThinLensCamera(4.44e-3, 1.8, 0.7, 5.6448e-3 / 1920)
    assert values.psf == ButterworthPsf(3, 0.6, 0.2, 0.14)


def test_half_the_resolution_doubles_the_pitch_of_the_sensor(stand_in) -> None:
    values = camera_values(*stand_in(render={"resolution_percentage": 50}))
    assert (values.width_px, values.height_px) == (960, 540)
    assert values.camera.pixel_pitch_m == pytest.approx(36e-3 / 960)


def test_an_own_pitch_is_in_micrometres(stand_in) -> None:
    own = {"use_sensor_pitch": False, "pixel_pitch_um": 5.36}
    assert camera_values(*stand_in(own=own)).camera.pixel_pitch_m == pytest.approx(
        5.36e-6
    )


def test_blur_in_pixels_scales_with_the_width(stand_in) -> None:
    values = camera_values(*stand_in())
    small = values.at_width(480)
    assert (small.width_px, small.height_px) == (480, 270)
    assert small.camera.coc_radius_px(2.0) == pytest.approx(
        values.camera.coc_radius_px(2.0) / 4
    )


def turned(x: float, y: float, z: float) -> np.ndarray:
    """Return the matrix of a camera at a place, looking along +X, scaled by 3."""
    matrix = np.eye(4)
    matrix[:3, :3] = 3 * np.array([[0, 0, -1], [-1, 0, 0], [0, 1, 0]])
    matrix[:3, 3] = x, y, z
    return matrix


def test_depth_is_along_the_axis_of_a_turned_and_scaled_camera(stand_in) -> None:
    scene, camera_object = stand_in(units={"scale_length": 0.1})
    camera_object.matrix_world = turned(1, 2, 3)
    assert depth_along_axis_m(scene, camera_object, (6, 9, -4)) == pytest.approx(0.5)
    assert depth_along_axis_m(scene, camera_object, (0, 2, 3)) == pytest.approx(-0.1)


def test_a_camera_scaled_to_nothing_is_told(stand_in) -> None:
    scene, camera_object = stand_in()
    camera_object.data.dof.focus_object = camera_object
    camera_object.matrix_world = np.zeros((4, 4))
    assert "scaled to 0" in camera_problem(scene)


def test_focus_is_at_the_object_along_the_axis(stand_in) -> None:
    place = np.eye(4)
    place[:3, 3] = 4, 7, 1
    target = SimpleNamespace(type="EMPTY", matrix_world=place)
    scene, camera_object = stand_in(focus={"focus_object": target})
    camera_object.matrix_world = turned(1, 2, 3)
    assert focus_distance_m(scene, camera_object) == pytest.approx(3.0)


def test_focus_is_at_the_bone_that_is_named(stand_in) -> None:
    bone = np.eye(4)
    bone[:3, 3] = 2, 0, 0
    place = np.eye(4)
    place[:3, 3] = 4, 7, 1
    target = SimpleNamespace(
        type="ARMATURE",
        matrix_world=place,
        pose=SimpleNamespace(bones={"head": SimpleNamespace(matrix=bone)}),
    )
    focus = {"focus_object": target, "focus_subtarget": "head"}
    scene, camera_object = stand_in(focus=focus)
    camera_object.matrix_world = turned(1, 2, 3)
    assert focus_distance_m(scene, camera_object) == pytest.approx(5.0)


def test_focus_distance_is_in_units_of_the_scene(stand_in) -> None:
    scene, camera_object = stand_in(units={"scale_length": 0.01})
    assert focus_distance_m(scene, camera_object) == pytest.approx(0.1)
    scene, camera_object = stand_in(units={"system": "NONE", "scale_length": 0.01})
    assert focus_distance_m(scene, camera_object) == 10.0


def test_distortion_and_shape_follow_the_switches(stand_in) -> None:
    own = {
        "psf_shape": "RAMP_DISK", "use_distortion": True,
        "distortion": (0.02, 0.001, 0.0), "noise_model": "SHOT_READ",
    }  # fmt: skip
    values = camera_values(*stand_in(own=own))
    assert values.psf == RampDiskPsf()
    assert values.distortion == DivisionDistortion((0.02, 0.001, 0.0))
    assert values.noise_model == "shot-read"


def test_distortion_without_coefficients_is_none(stand_in) -> None:
    assert camera_values(*stand_in(own={"use_distortion": True})).distortion is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"camera": {"type": "ORTHO"}}, "orthographic"),
        ({"camera": {"type": "PANO"}}, "panoramic"),
        ({"camera": {"type": "CUSTOM"}}, "custom"),
        ({"focus": {"aperture_fstop": 0.0}}, "f-number is 0"),
        ({"focus": {"focus_distance": 0.05}}, r"0\.05 m is within .* 50 mm"),
        ({"focus": {"focus_distance": 0.0}}, "within the focal length"),
        ({"focus": {"focus_distance": math.inf}}, "focus_distance_m must be finite"),
        ({"render": {"pixel_aspect_x": 2.0}}, "not square"),
        (
            {"own": {"use_distortion": True, "distortion": (0.5, 0.5, 0.5)}},
            "distortion folds",
        ),
    ],
)
def test_an_impossible_camera_is_told_in_one_line(stand_in, changes, words) -> None:
    scene, camera_object = stand_in(**changes)
    with pytest.raises(CameraProblem, match=words):
        camera_values(scene, camera_object)
    assert "\n" not in camera_problem(scene)


def test_a_scene_without_a_camera_is_told(stand_in) -> None:
    scene, camera_object = stand_in()
    assert camera_problem(scene) == ""
    scene.camera = None
    assert "no camera" in camera_problem(scene)
    camera_object.type = "MESH"
    scene.camera = camera_object
    assert "not a camera" in camera_problem(scene)


@pytest.mark.blender
def test_pitch_is_that_of_blenders_own_projection(in_blender) -> None:
    """Blender's projection matrix has the focal length in halves of the width."""
    answer = in_blender("""
values_of = part("camera_values").camera_values
scene, thing = bpy.context.scene, bpy.context.scene.camera
answer["pairs"] = []
for fit in ("AUTO", "HORIZONTAL", "VERTICAL"):
    for size in ((1920, 1080), (600, 801), (400, 400)):
        thing.data.sensor_fit = fit
        thing.data.sensor_height = 20
        scene.render.resolution_x, scene.render.resolution_y = size
        scene.render.resolution_percentage = 50
        values = values_of(scene, thing)
        width, height = values.width_px, values.height_px
        graph = bpy.context.evaluated_depsgraph_get()
        matrix = thing.calc_matrix_camera(graph, x=width, y=height)
        focal_px = matrix[0][0] * width / 2
        pair = values.camera.focal_length_m / values.camera.pixel_pitch_m, focal_px
        answer["pairs"].append(pair)
""")
    for ours, blenders in answer["pairs"]:
        assert ours == pytest.approx(blenders, rel=1e-5)


@pytest.mark.blender
def test_depth_is_that_of_blenders_camera_space(in_blender) -> None:
    answer = in_blender("""
scene, thing = bpy.context.scene, bpy.context.scene.camera
scene.unit_settings.scale_length = 0.5
thing.scale = (2, 2, 2)
target = bpy.data.objects["Cube"]
target.location = (1.0, -2.0, 0.3)
thing.data.dof.focus_object = target
bpy.context.view_layer.update()
rigid = thing.matrix_world.to_quaternion().to_matrix().to_4x4()
rigid.translation = thing.matrix_world.translation
answer["blender"] = -(rigid.inverted() @ target.matrix_world.translation).z * 0.5
answer["ours"] = part("camera_values").focus_distance_m(scene, thing)
""")
    assert answer["ours"] == pytest.approx(answer["blender"], rel=1e-5)


def test_exposure_and_gamma_are_those_of_the_view(stand_in) -> None:
    values = camera_values(*stand_in(view={"exposure": float(np.float32(-6.1))}))
    assert (values.exposure_stops, values.gamma) == (-6.1, 1.0)
    values = camera_values(*stand_in(view={"gamma": 2.0}))
    assert (values.exposure_stops, values.gamma) == (0.0, 2.0)


def test_a_gamma_of_nothing_is_refused(stand_in) -> None:
    with pytest.raises(CameraProblem, match="gamma of the view is 0"):
        camera_values(*stand_in(view={"gamma": 0.0}))


@pytest.mark.parametrize(
    ("matrix", "complaint"),
    [
        (np.diag([-1.0, 1.0, 1.0, 1.0]), "mirrored (negative scale)"),
        (np.diag([1.0, 1.0, -2.0, 1.0]), "mirrored (negative scale)"),
        (np.diag([-1.0, -1.0, -1.0, 1.0]), "mirrored (negative scale)"),
        (np.diag([0.0, 1.0, 1.0, 1.0]), "scaled to 0"),
        (np.eye(4) + 0.1 * np.eye(4, k=1), "sheared"),
    ],
)
def test_a_camera_without_a_rigid_pose_is_refused(stand_in, matrix, complaint) -> None:
    scene, camera_object = stand_in()
    camera_object.matrix_world = matrix
    assert f"Camera 'Camera': {complaint}; expected" in camera_problem(scene)


@pytest.mark.parametrize("scales", [(-1, 1, 1), (1, -1, 1), (1, 1, -1), (-2, -2, -2)])
def test_a_mirrored_camera_is_refused_in_the_words_of_the_pipeline(
    stand_in, scales
) -> None:
    scene, camera_object = stand_in()
    camera_object.matrix_world = np.diag([*map(float, scales), 1.0])
    with pytest.raises(ValueError, match="mirrored") as refusal:
        opencv_pose(camera_object.matrix_world, 1.0)
    assert str(refusal.value) in camera_problem(scene)
