"""Flow, depth, labels and instances of things that move, in rendered frames."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.frames import LABEL_IDS
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec

pytestmark = pytest.mark.blender

REPOSITORY = Path(__file__).parents[2]
SIZE = {"width": 120, "height": 68, "margin_px": 0, "samples": 1, "device": "cpu"}
# Half precision keeps 11 significant bits; the rest is the single precision of
# Blender's matrices.
HALF_ROUNDING = 2**-11
FLOW_TOLERANCE_PX = 1e-3
SHORT_FLOW_PX = 2.0

PLATES = """
import json, math, sys
from pathlib import Path
import bpy, numpy as np
from blender_scenes.city.motion import motion

folder = Path(sys.argv[1])
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.world = bpy.data.worlds.new("world")
scene.frame_start, scene.frame_end = 1, 2
camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
camera.rotation_euler = (math.pi / 2, 0, 0)
scene.collection.objects.link(camera)
scene.camera = camera
plates = {  # name: centre, half width, half height, step per frame
    "wall": ((0, 12, 0), 30, 30, (0.0, 0.02, 0.11)),
    "near": ((-0.9, 5, 0.2), 0.8, 0.6, (0.03, -0.02, 0.01)),
    "disc": ((1.1, 4, -0.3), 0.7, 0.7, (-0.025, 0.03, 0.015)),
}
for name, (centre, width, height, step) in plates.items():
    mesh = bpy.data.meshes.new(name)
    if name == "disc":
        turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        corners = [(width * np.cos(a), 0, width * np.sin(a)) for a in turn]
    else:
        corners = [(x, 0, z) for x, z in (
            (-width, -height), (width, -height), (width, height), (-width, height))]
    mesh.from_pydata(corners, [], [range(len(corners))])
    thing = bpy.data.objects.new(name, mesh)
    scene.collection.objects.link(thing)
    frames = np.arange(0, 4)
    matrices = np.tile(np.eye(4), (4, 1, 1))
    matrices[:, :3, 3] = np.array(centre) + np.outer(frames - 1, step)
    motion.key_matrices(thing, frames, matrices)
bpy.ops.wm.save_as_mainfile(filepath=str(folder / "plates.blend"))
(folder / "plates.json").write_text(json.dumps(plates))
"""

STREET = """
import dataclasses, json, sys
from pathlib import Path
import bpy, numpy as np
from blender_scenes.city.motion import motion, moving
from blender_scenes.city.shapes.blender_data import add_object, blender_mesh
from blender_scenes.city.motion.drive import Drive
from blender_scenes.city.layout import plan_street
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.plan import Footprint, Rider
from blender_scenes.city.road import Bend, Road
from blender_scenes.city.shapes.shapes import box
from blender_scenes.spec import SceneSpec

folder = Path(sys.argv[1])
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.world = bpy.data.worlds.new("world")
plan = plan_street(SceneSpec("street", seed=3, frame_range=(10, 11)))
walker = next(p for p in plan.people if p.is_walking)
drive = Drive(-0.5, 0.5, tuple(4.0 * n for n in range(-1, 9)))
cycling = Footprint(-1.2, 10.0, 0.4, 0.9, 0.0, 4.0)
rider = Rider("bicycle", cycling, 0.0, 0.0, 1.75, 7)
plan = dataclasses.replace(
    plan,
    road=Road((Bend(0.0, 40.0, 0.7),)),
    camera=dataclasses.replace(plan.camera, x_m=1.5, drive=drive),
    vehicles=tuple(
        dataclasses.replace(plan.vehicles[0], model="hatchback", heading_rad=h,
                            footprint=Footprint(x, y, 0.9, 2.2, 0.0, v))
        for x, y, v, h in ((-4.6, 18.0, -3.0, np.pi), (1.6, 13.0, 6.0, 0.0))),
    people=(dataclasses.replace(
        walker, heading_rad=0.0, footprint=Footprint(4.0, 11.0, 0.4, 0.5, 0.0, 1.5)),),
    riders=(rider,),
)
scene.frame_start, scene.frame_end = 10, 11
ground = MeshBuilder()
ground.add(box((-80, 80), (-80, 80), (-0.2, 0.0)), "painted")
add_object(scene, blender_mesh("ground", ground.mesh()), "Road")
for number, (x, y) in enumerate(((-8.0, 16.0), (8.0, 22.0), (-14.0, 34.0))):
    block = MeshBuilder()
    block.add(box((-2, 2), (-2, 2), (0.0, 6.0)), "painted")
    add_object(scene, blender_mesh(f"block_{number}", block.mesh()), "Building",
               plan.road.placement(x, y))
moving.add_vehicles(scene, plan)
moving.add_people(scene, plan)
moving.add_riders(scene, plan)
motion.add_camera(scene, plan)
things = [o for o in scene.objects if o.type == "MESH"]
for thing in things:
    thing.pass_index = thing["label"]
matrices = {}
for frame in (10, 11, 12):
    scene.frame_set(frame)
    matrices[frame] = {o.name: [list(row) for row in o.matrix_world] for o in things}
labels = {o.name: o["label"] for o in things}
wholes = {o.name: o.get("instance_of") for o in things}
(folder / "street.json").write_text(json.dumps(
    {"matrices": matrices, "labels": labels, "wholes": wholes}))
keys = {}
for thing in (*things, scene.camera):
    if thing.animation_data:
        action = thing.animation_data.action
        keys[thing.name] = [
            [[key.co[0], key.interpolation] for key in curve.keyframe_points]
            for curve in action.layers[0].strips[0].channelbags[0].fcurves]
(folder / "keys.json").write_text(json.dumps(keys))
scene.frame_set(10)
bpy.ops.wm.save_as_mainfile(filepath=str(folder / "whole.blend"))
for thing in things:
    if "instance_of" in thing:
        del thing["instance_of"]
bpy.ops.wm.save_as_mainfile(filepath=str(folder / "parts.blend"))
"""


def make_and_render(script, names, folder, child):
    """Run a script that makes .blend files, then render each; return them by name."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rendered = {}
    for name in names:
        spec = SequenceSpec(
            SceneSpec(name, blend_file=str(folder / f"{name}.blend")),
            RenderSpec(**SIZE),
        )
        spec_file = folder / f"{name}.json5"
        spec_file.write_text(spec.to_json())
        rendered[name] = child(spec_file, folder / f"{name}_frames")
        assert rendered[name].status == 0, rendered[name].log[-3000:]
    return rendered


@pytest.fixture(scope="module")
def plates(tmp_path_factory, finish_child):
    folder = tmp_path_factory.mktemp("plates")
    rendered = make_and_render(PLATES, ["plates"], folder, finish_child)
    return rendered["plates"], json.loads((folder / "plates.json").read_text())


@pytest.fixture(scope="module")
def street(tmp_path_factory, finish_child):
    folder = tmp_path_factory.mktemp("street")
    rendered = make_and_render(STREET, ["whole", "parts"], folder, finish_child)
    facts = json.loads((folder / "street.json").read_text())
    facts["keys"] = json.loads((folder / "keys.json").read_text())
    return rendered, facts


def camera(rendered, number):
    entry = next(e for e in rendered.manifest.frames if e.number == number)
    return np.array(entry.intrinsics), np.array(entry.world_from_camera)


def seen_points(rendered, number):
    """Return pixel centres (H, W, 2) and the points (H, W, 3) of the world there."""
    K, pose = camera(rendered, number)
    depth = rendered.frame(number).depth_m
    rows, columns = np.indices(depth.shape) + 0.5
    pixels = np.stack([columns, rows, np.ones(depth.shape)], axis=-1)
    directions = pixels @ np.linalg.inv(K).T @ pose[:3, :3].T
    with np.errstate(invalid="ignore"):
        return pixels[..., :2], pose[:3, 3] + directions * depth[..., None]


def projected(rendered, number, points):
    """Return pixel coordinates of points of the world in a frame."""
    K, pose = camera(rendered, number)
    seen = (points - pose[:3, 3]) @ pose[:3, :3] @ K.T
    return seen[..., :2] / seen[..., 2:]


def part_masks(rendered, number):
    """Return name -> mask of every object, each being an instance of its own."""
    frame = rendered.frame(number)
    return {
        row["name"]: frame.instance == int(key)
        for key, row in rendered.manifest.instances.items()
    }


def test_flow_at_constant_velocity_equals_the_closed_form_up_to_the_silhouette(plates):
    rendered, facts = plates
    frame = rendered.frame(1)
    K, _ = camera(rendered, 1)
    pixels, points = seen_points(rendered, 1)
    explained = np.zeros(frame.depth_m.shape, bool)
    for centre, _, _, step in facts.values():
        # The camera looks along +y: depth is y, columns x, rows -z.
        surface = np.abs(frame.depth_m - centre[1]) < 1e-3
        x, z = points[surface][:, 0] + step[0], points[surface][:, 2] + step[2]
        depth = centre[1] + step[1]
        column = K[0, 2] + K[0, 0] * x / depth
        row = K[1, 2] - K[1, 1] * z / depth
        expected = np.stack([column, row], -1) - pixels[surface]
        assert np.abs(expected).max() < SHORT_FLOW_PX
        assert np.abs(expected).max() > 0.3
        # Every pixel whose depth is this surface's, those at its edge included.
        error = np.abs(frame.flow_px[surface] - expected)
        assert error.max() < FLOW_TOLERANCE_PX
        explained |= surface
    assert explained.all()


def test_flow_changes_at_the_very_pixel_where_the_depth_does(plates):
    rendered, _ = plates
    frame = rendered.frame(1)
    depth_edge = np.abs(np.diff(frame.depth_m, axis=1)) > 1.0
    flow_edge = np.linalg.norm(np.diff(frame.flow_px, axis=1), axis=-1) > 0.3
    assert depth_edge.sum() > 40
    np.testing.assert_array_equal(depth_edge, flow_edge)


def test_flow_of_the_still_world_on_a_bend_follows_from_depth_and_poses(street):
    rendered, number = street[0]["parts"], 10
    frame = rendered.frame(number)
    pixels, points = seen_points(rendered, number)
    masks = part_masks(rendered, number)
    still = np.any([masks[n] for n in masks if n.startswith(("ground", "block"))], 0)
    still &= frame.depth_m < 60.0
    assert still.sum() > 2000
    expected = projected(rendered, number + 1, points[still]) - pixels[still]
    assert np.abs(expected).max() > 3.0
    np.testing.assert_allclose(
        frame.flow_px[still],
        expected,
        rtol=HALF_ROUNDING,
        atol=FLOW_TOLERANCE_PX,
    )


def test_flow_of_every_wheel_and_limb_is_that_of_a_rigid_part(street):
    (rendered, facts), number = (street[0]["parts"], street[1]), 10
    frame = rendered.frame(number)
    pixels, points = seen_points(rendered, number)
    spread = {}
    for name, mask in part_masks(rendered, number).items():
        if not mask.any() or facts["wholes"][name] is None:
            continue
        now, after = (
            np.array(facts["matrices"][str(number + ahead)][name]) for ahead in (0, 1)
        )
        motion = after @ np.linalg.inv(now)
        moved = points[mask] @ motion[:3, :3].T + motion[:3, 3]
        expected = projected(rendered, number + 1, moved) - pixels[mask]
        np.testing.assert_allclose(
            frame.flow_px[mask],
            expected,
            rtol=HALF_ROUNDING,
            atol=FLOW_TOLERANCE_PX,
            err_msg=name,
        )
        whole = facts["wholes"][name]
        angle = np.arccos(np.clip((np.trace(motion[:3, :3]) - 1) / 2, -1, 1))
        spread.setdefault(whole, []).append(float(angle))
    assert {"vehicle_000", "vehicle_001", "person_000", "rider_000"} <= set(spread)
    # The parts of a thing turn by themselves: wheels about half a radian a frame.
    assert max(spread["vehicle_001"]) > 0.3
    assert min(spread["vehicle_001"]) < 0.05
    assert np.ptp(spread["person_000"]) > 0.02


def test_what_moves_has_a_linear_key_per_frame_and_one_beyond_both_ends(street):
    keys = street[1]["keys"]
    assert {"street_camera", "vehicle_000_00", "person_000_00"} <= set(keys)
    for name, curves in keys.items():
        assert curves, name
        for curve in curves:
            assert curve == [[frame, "LINEAR"] for frame in (9, 10, 11, 12)]


def test_a_thing_is_one_instance_and_its_parts_are_where_they_were(street):
    whole, parts = street[0]["whole"], street[0]["parts"]
    facts = street[1]
    rows = whole.manifest.instances
    frame, split = whole.frame(10), parts.frame(10)
    np.testing.assert_array_equal(frame.depth_m, split.depth_m)
    np.testing.assert_array_equal(frame.flow_px, split.flow_px)
    np.testing.assert_array_equal(frame.label, split.label)
    for name, mask in part_masks(parts, 10).items():
        if not mask.any():
            continue
        (number,) = np.unique(frame.instance[mask])
        row = rows[str(number)]
        assert row["name"] == (facts["wholes"][name] or name)
        assert row["label"] == facts["labels"][name]
        assert (frame.label[mask] == row["label"]).all()
    names = [(row["name"], row["label"]) for row in rows.values()]
    assert len(names) == len(set(names))
    cars = [row for row in rows.values() if row["name"].startswith("vehicle")]
    assert len(cars) == 2
    assert {row["label"] for row in cars} == {LABEL_IDS["Car"]}


def test_the_manifest_knows_a_rider_and_what_is_ridden_apart(street):
    rows = street[0]["whole"].manifest.instances.values()
    labels = {row["label"] for row in rows if row["name"] == "rider_000"}
    assert labels == {LABEL_IDS["Rider"], LABEL_IDS["Bicycle"]}
