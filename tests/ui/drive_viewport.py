"""The 3D View: the limits of the depth of field, and the heat, by their switches."""

import bpy
import driver
import editors
import studio


def steps() -> driver.Steps:
    editor = yield from studio.open_studio()
    yield from studio.preview(editor)
    editor.type = "VIEW_3D"
    yield driver.DRAWN_S
    region = editors.region_of(editor, "WINDOW")
    with bpy.context.temp_override(area=editor, region=region):
        bpy.ops.view3d.view_axis(type="TOP")
    yield 3 * driver.DRAWN_S
    view = editor.spaces.active.region_3d
    view.view_location, view.view_distance = (0, 4, 0), 9
    yield from editors.open_sidebar("VIEW_3D", "Dual Pixel")
    yield from picture(editor, "overlay_off")
    yield from editors.click_on(editor, "use_viewport_limits")
    yield from picture(editor, "overlay_limits")
    yield from editors.click_on(editor, "use_viewport_limits")
    yield from editors.click_on(editor, "use_viewport_heat")
    yield from picture(editor, "overlay_heat")
    bpy.context.scene.camera.data.dof.focus_distance = 5.0
    yield 1.0
    yield from driver.wait_until(lambda: not studio.session().is_busy, "the synthesis")
    yield from picture(editor, "overlay_heat_focused_far")
    yield from editors.click_on(editor, "use_viewport_heat")
    yield from picture(editor, "overlay_off_again")


def picture(editor, name: str) -> driver.Steps:
    """Save the 3D View without its sidebar, the mouse being elsewhere."""
    yield from driver.move(editor.x + 5, editor.y + 5)
    editor.spaces.active.show_region_ui = False
    yield 3 * driver.DRAWN_S
    driver.screenshot(name, editors.region_of(editor, "WINDOW"))
    editor.spaces.active.show_region_ui = True
    yield 2 * driver.DRAWN_S
