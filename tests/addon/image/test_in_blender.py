"""The Image Editor's tab in a Blender without a window."""

import pytest

pytestmark = pytest.mark.blender

PANELS = """
PANELS = (
    "DUAL_PIXEL_PT_image_preview",
    "DUAL_PIXEL_PT_image_views",
    "DUAL_PIXEL_PT_image_legend",
)


def labels():
    '''Return all texts of all panels, as one.'''
    with in_editor("UI"):
        notes = [note for panel in PANELS for note in drawn(panel, bpy.context)]
    return " | ".join(note["label"] for note in notes if "label" in note)
"""


def test_the_panels_draw_whatever_is_missing(in_editor) -> None:
    answer = in_editor(
        PANELS
        + """
answer["nothing"] = labels()
preview()
answer["preview"] = labels()
for image in list(bpy.data.images):
    bpy.data.images.remove(image)
answer["no images"] = labels()
bpy.context.scene.camera = None
answer["no camera"] = labels()
answer["no editor"] = [drawn(panel) is not None for panel in PANELS]
area.ui_type = "UV"
with in_editor("UI"):
    answer["UV"] = [drawn(panel, bpy.context) for panel in PANELS]
"""
    )
    assert answer["nothing"].count("No preview yet") == 2
    assert (
        "Frame 7 | Not the current frame | Camera | Largest blur" in answer["preview"]
    )
    assert "Largest blur" in answer["no images"]
    assert "camera" in answer["no camera"]
    assert answer["no editor"] == [True] * 3
    assert answer["UV"] == [None] * 3


def test_the_panel_shows_progress_and_cancel_while_rendering(in_editor) -> None:
    answer = in_editor("""
operators = part("preview.operators")
operators._running.append(None)
with in_editor("UI"):
    notes = drawn("DUAL_PIXEL_PT_image_preview", bpy.context)
answer["operators"] = [note["operator"] for note in notes if "operator" in note]
operators._running.clear()
""")
    assert answer["operators"] == ["dual_pixel.cancel"]


def test_a_first_preview_goes_into_an_empty_editor_once(in_editor) -> None:
    answer = in_editor("""
preview()
answer["first"] = editors.view_in(space)
space.image = None
bpy.context.scene.camera.data.dof.aperture_fstop *= 2
part("preview.update").update_now()
answer["emptied"] = editors.view_in(space)
space.image = bpy.data.images.new("mine", 4, 4)
preview()
answer["taken"] = space.image.name
""")
    assert answer == {"first": "COMBINED", "emptied": "", "taken": "mine"}


def test_a_view_is_shown_where_its_button_is_pressed(in_editor) -> None:
    answer = in_editor("""
with in_editor():
    answer["before"] = bpy.ops.dual_pixel.show_view.poll()
    preview()
    for view in ("LEFT", "RIGHT", "COMBINED", "COC", "ANAGLYPH"):
        bpy.ops.dual_pixel.show_view(view=view)
        answer[view] = (editors.view_in(space), state.view)
    bpy.data.images.remove(space.image)
    bpy.ops.dual_pixel.show_view(view="ANAGLYPH")
    answer["again"] = editors.view_in(space)
answer["elsewhere"] = bpy.ops.dual_pixel.show_view.poll()
""")
    assert answer.pop("before") is False
    assert answer.pop("elsewhere") is False
    assert answer.pop("again") == "ANAGLYPH"
    assert answer == {view: [view, view] for view in answer}
    assert len(answer) == 5


def test_a_flip_changes_views_until_another_is_chosen(in_editor) -> None:
    answer = in_editor("""
flip = part("image.flip")
preview()
with in_editor():
    state.flip_rate = 4.0
    state.use_flip = True
    answer["runs"] = bpy.app.timers.is_registered(flip.tick)
    answer["views"] = [editors.view_in(space)]
    for _ in range(3):
        answer["pause"] = flip.tick()
        answer["views"].append(editors.view_in(space))
    bpy.ops.dual_pixel.show_view(view="RIGHT")
answer["still"] = state.use_flip or bpy.app.timers.is_registered(flip.tick)
""")
    assert answer["runs"]
    assert answer["pause"] == 0.25
    assert answer["views"] == ["LEFT", "RIGHT", "LEFT", "RIGHT"]
    assert not answer["still"]


@pytest.mark.parametrize(
    ("switch", "module"), [("use_flip", "flip"), ("use_wipe", "wipe_session")]
)
@pytest.mark.parametrize(
    "end",
    [
        "state.{switch} = False; has_ended = not is_running()",
        "space.image = None; has_ended = timed.tick() is None",
        "bpy.ops.wm.read_homefile(); has_ended = not is_running()",
        "bpy.ops.preferences.addon_disable(module={name!r}); "
        "has_ended = not is_running()",
    ],
    ids=["switched off", "unseen", "file load", "unregister"],
)
def test_the_timers_end(in_editor, switch, module, end) -> None:
    name = "bl_ext.user_default.dual_pixel"
    answer = in_editor(f"""
timed = part("image.{module}")


def is_running():
    return bpy.app.timers.is_registered(timed.tick)


preview()
with in_editor():
    state.{switch} = True
answer["had begun"] = is_running()
{end.format(switch=switch, name=name)}
answer["has ended"] = has_ended
manager = bpy.context.window_manager
is_there = hasattr(bpy.types.WindowManager, "dual_pixel")
answer["is on"] = is_there and manager.dual_pixel.{switch}
""")
    assert answer == {"had begun": True, "has ended": True, "is on": False}


def test_the_wipe_shows_one_view_on_each_side_of_the_line(in_editor) -> None:
    answer = in_editor("""
preview()
with in_editor():
    state.wipe_first, state.wipe_second = "COMBINED", "COC"
    state.use_wipe = True
    answer["shown"] = editors.view_in(space)
    for position in (0.25, 0.75):
        state.wipe_position = position
        wiped, combined = (pixels(editors.find_image(v)) for v in ("WIPE", "COMBINED"))
        is_first = np.isclose(wiped, combined, atol=1e-3).all(axis=(0, 2))
        answer[str(position)] = is_first.tolist()
    state.use_wipe = False
    answer["after"] = editors.view_in(space)
""")
    assert answer["shown"] == "WIPE"
    assert answer["0.25"] == [True] * 2 + [False] * 6
    assert answer["0.75"] == [True] * 6 + [False] * 2
    assert answer["after"] == "COMBINED"


def test_the_wipe_follows_the_preview(in_editor) -> None:
    answer = in_editor("""
wipe = part("image.wipe_session")
preview()
with in_editor():
    state.wipe_first = state.wipe_second = "COC"
    state.use_wipe = True
    before = pixels(editors.find_image("WIPE"))
    preview(depth_m=40.0)
    answer["pause"] = wipe.tick()
answer["changed"] = float(np.abs(pixels(editors.find_image("WIPE")) - before).max())
""")
    assert answer["pause"] is not None
    assert answer["changed"] > 0.1


def test_flip_and_wipe_take_turns(in_editor) -> None:
    answer = in_editor("""
preview()
with in_editor():
    answer["switches"] = []
    for switch in ("use_flip", "use_wipe", "use_flip"):
        setattr(state, switch, True)
        answer["switches"].append((state.use_flip, state.use_wipe))
""")
    assert answer["switches"] == [[True, False], [False, True], [True, False]]


@pytest.mark.parametrize("switch", ["use_flip", "use_wipe"])
def test_without_a_preview_nothing_starts(in_editor, switch) -> None:
    answer = in_editor(f"""
with in_editor():
    state.{switch} = True
    answer["switch"] = state.{switch}
    state.wipe_position = 0.2
""")
    assert answer["switch"] is False


def test_the_read_out_is_that_of_the_pixel_under_the_mouse(in_editor) -> None:
    answer = in_editor("""
from types import SimpleNamespace

readout_at = part("image.cursor").readout_at
view = SimpleNamespace(region_to_view=lambda x, y: (x / 80, y / 40))
region = SimpleNamespace(width=160, height=80, view2d=view)
context = SimpleNamespace(region=region, space_data=space)
answer["nothing"] = readout_at(context, 5, 5)
preview()
session.pictures.coc_radius_px[0, 7] = -3.0
answer["corner"] = readout_at(context, 79, 39)
answer["beside"] = readout_at(context, 81, 39)
space.image = bpy.data.images.new("mine", 4, 4)
answer["other image"] = readout_at(context, 79, 39)
""")
    assert answer["corner"] == ["CoC radius  -3.0 px in front of focus", "Depth  4 m"]
    assert answer["nothing"] is answer["beside"] is answer["other image"] is None


def test_the_line_is_dragged_only_where_the_wipe_is_shown(in_editor) -> None:
    answer = in_editor("""
preview()
with in_editor():
    answer["polls"] = [bpy.ops.dual_pixel.drag_wipe.poll()]
    state.use_wipe = True
    answer["polls"].append(bpy.ops.dual_pixel.drag_wipe.poll())
answer["polls"].append(bpy.ops.dual_pixel.drag_wipe.poll())
""")
    assert answer["polls"] == [False, True, False]
