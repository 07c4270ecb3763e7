"""Flow that means nothing is NaN, and other flow is not."""

import numpy as np
import pytest

from blender_scenes.flow_validity import UnknownFlow
from blender_scenes.frames import frame_file, sha256_of
from blender_scenes.instances import Instance, InstanceTable
from blender_scenes.output_folder import is_whole_frame
from blender_scenes.spec import RenderSpec

blender = pytest.mark.blender
# A wave of 0.3 m at 5 m in a picture of 40 px, focal length 50 / 36 of its width.
PUSH_PX = -0.3 / 5 * 40 * 50 / 36
FLOW_TOLERANCE_PX = 0.01


def is_nan(frame):
    return np.isnan(frame.flow_px).all(axis=-1)


@blender
def test_what_is_hidden_in_the_next_frame_has_no_flow_and_nor_has_a_cut(render_truth):
    rendered = render_truth("vanishing")
    assert not is_nan(rendered.frame(1)).any()
    second = rendered.frame(2)  # frame 3 hides the square
    near = second.depth_m < 10
    assert near.any()
    np.testing.assert_array_equal(is_nan(second), near)
    assert is_nan(rendered.frame(3)).all()  # frame 4 is another camera's
    assert rendered.codes() == {"flow-object", "flow-cut"}
    texts = " ".join(note.message for note in rendered.manifest.notes)
    assert "flow of 'near' is NaN in frame 2: hidden in the next frame" in texts
    assert "flow is NaN in frame 3: the next is another camera's" in texts


@blender
def test_copies_of_an_instancer_that_is_hidden_next_have_no_flow(render_truth):
    rendered = render_truth("instancer")
    assert not is_nan(rendered.frame(1)).any()
    second = rendered.frame(2)
    np.testing.assert_array_equal(is_nan(second), second.depth_m < 10)


@blender
@pytest.mark.parametrize("name", ["sleeper", "unseen_sleeper"])
def test_what_a_modifier_begins_to_move_has_no_flow(name, render_truth):
    rendered = render_truth(name)
    seen = rendered.frame(1).depth_m < 10
    assert not is_nan(rendered.frame(1)).any()
    np.testing.assert_array_equal(is_nan(rendered.frame(2)), seen)
    # In frame 3 it is awake: Cycles knows where it goes.
    third = rendered.frame(3)
    assert not is_nan(third).any()
    flow = third.flow_px[third.depth_m < 10]
    np.testing.assert_allclose(flow[:, 0], PUSH_PX, atol=FLOW_TOLERANCE_PX)


@blender
def test_what_has_other_vertices_in_the_next_frame_has_no_flow(render_truth):
    rendered = render_truth("growing")
    assert not is_nan(rendered.frame(1)).any()
    second = rendered.frame(2)
    np.testing.assert_array_equal(is_nan(second), second.depth_m < 10)
    assert not is_nan(rendered.frame(3)).any()


@blender
def test_a_metaball_that_changes_its_shape_has_no_flow(render_truth):
    rendered = render_truth("ball")
    for number in (1, 2):
        frame = rendered.frame(number)
        np.testing.assert_array_equal(is_nan(frame), np.isfinite(frame.depth_m))


@blender
def test_frames_with_unknown_flow_are_whole_and_come_out_alike_alone(
    render_truth, tmp_path
):
    rendered = render_truth("vanishing")
    small = RenderSpec(**rendered.manifest.source["render"])
    for number in (2, 3):
        assert is_whole_frame(rendered.folder / frame_file(number), small)
    alone = render_truth("vanishing", frame_range=(2, 2))
    assert sha256_of(alone.folder / frame_file(2)) == sha256_of(
        rendered.folder / frame_file(2)
    )


def test_the_sky_keeps_its_flow_where_objects_without_number_lose_theirs():
    unknown = UnknownFlow(objects={4: frozenset({0})})
    flow = np.zeros((1, 2, 2), np.float32)
    instance = np.zeros((1, 2), np.uint32)
    masked = unknown.masked(flow, 4, instance, np.array([[True, False]]))
    np.testing.assert_array_equal(np.isnan(masked[..., 0]), [[False, True]])
    assert unknown.masked(flow, 5, instance, np.array([[True, False]])) is flow


def test_a_note_names_few_objects_and_counts_the_others():
    names = [f"leaf {n}" for n in range(9)]
    table = InstanceTable(tuple(Instance(name, 0) for name in names))
    reasons = {"hidden in the next frame": {n + 1: (3,) for n in range(9)}}
    (note,) = UnknownFlow(reasons=reasons).notes(table)
    assert "'leaf 5' and 3 more is NaN in frame 3" in note.message
