"""A picture of each panel with something to see in it, for the documentation."""

import math

import bpy
import driver
import editors
import studio
from mathutils import Euler

SAMPLES, LIMIT_S = "96", 240
PANEL_WIDTH = 400


def steps() -> driver.Steps:
    bpy.context.preferences.system.use_region_overlap = False
    editor = yield from studio.open_studio()
    properties = editors.area_of("PROPERTIES")
    yield from editors.enlarge(properties, PANEL_WIDTH)
    yield from editors.type_into(editor, "preview_width", "640")
    yield from editors.type_into(editor, "preview_samples", SAMPLES)
    yield from editors.click_on(editor, "dual_pixel.preview")
    yield from driver.wait_until(
        lambda: studio.find_image("LEFT") and not studio.is_rendering(),
        "a preview",
        LIMIT_S,
    )
    yield from image_editor(editor)
    yield from camera_panel(properties)
    yield from viewport(editor)
    yield from dataset_panel(properties)


def image_editor(editor) -> driver.Steps:
    region = editors.region_of(editor, "WINDOW")
    with bpy.context.temp_override(area=editor, region=region):
        bpy.ops.image.view_all(fit_view=True)
    yield from editors.click_on(editor, "dual_pixel.show_view(view='LEFT')")
    yield from take("addon_preview", editor)
    yield from editors.click_on(editor, "dual_pixel.show_view(view='COC')")
    x, y = region.view2d.view_to_region(0.22, 0.62, clip=False)
    yield from take("addon_coc", editor, (region.x + x, region.y + y))
    yield from editors.click_on(editor, "use_wipe")
    yield from take("addon_wipe", editor)
    yield from editors.click_on(editor, "use_wipe")


def camera_panel(properties) -> driver.Steps:
    region = editors.region_of(properties, "WINDOW")
    yield from editors.find(properties, "kappa")
    yield from editors.scroll(region, editors.MAX_PAGES * editors.WHEEL_CLICKS)
    yield from take("addon_camera", properties)


def viewport(editor) -> driver.Steps:
    editor.type = "VIEW_3D"
    yield driver.DRAWN_S
    view = editor.spaces.active.region_3d
    view.view_perspective = "PERSP"
    angles = (math.radians(66), 0, math.radians(58))
    view.view_rotation = Euler(angles).to_quaternion()
    view.view_location, view.view_distance = (0.1, 3.4, 0.3), 6.5
    state = studio.state()
    state.use_viewport_limits = state.use_viewport_heat = True
    yield from editors.open_sidebar("VIEW_3D", "Dual Pixel")
    yield from take("addon_viewport", editor)


def dataset_panel(properties) -> driver.Steps:
    preferences = bpy.context.preferences.addons[studio.MODULE].preferences
    preferences.python_path = str(driver.SHARED / "environment/bin/python")
    own = bpy.context.scene.dual_pixel
    own.folder, own.dataset_name = str(driver.SHARED / "datasets"), "still-life"
    own.sets = {"1", "3", "5", "THIS"}
    texts = studio.record_texts("DUAL_PIXEL_PT_dataset")
    yield from editors.open_properties("OUTPUT")
    yield from editors.open_panel(properties, texts)
    yield from driver.wait_until(
        bpy.ops.dual_pixel.build_dataset.poll, "the pipeline is found", 60
    )
    _, y = yield from editors.find(properties, "sets")
    yield from editors.close_others(properties, y)
    own.folder = "/home/me/datasets"  # not the folder of this test
    yield from take("addon_dataset", properties)


def take(name: str, area, mouse=None) -> driver.Steps:
    """Save a picture of an editor, the mouse there or out of the way."""
    yield from driver.move(*(mouse or (area.x + 4, area.y + 4)))
    area.tag_redraw()
    yield 3 * driver.DRAWN_S
    driver.screenshot(name, area)
