"""An exposed preview as it looks on the screen; notes before and after a build."""

import bpy
import driver
import editors
import studio

EXPOSURE_STOPS = 2.0
PANEL_WIDTH = 420
LIMIT_S = 300


def steps() -> driver.Steps:
    editor = yield from studio.open_studio()
    scene = bpy.context.scene
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.exposure = EXPOSURE_STOPS
    bpy.data.objects["Area"].visible_camera = True
    bpy.data.objects["Torus"].is_shadow_catcher = True
    texts = studio.record_texts("DUAL_PIXEL_PT_image_preview")
    yield from studio.preview(editor)
    yield from looks_as_it_is(editor)
    driver.facts["preview"] = list(texts)

    properties = yield from editors.open_properties("OUTPUT")
    yield from editors.enlarge(properties, PANEL_WIDTH)
    texts = studio.record_texts("DUAL_PIXEL_PT_dataset")
    yield from editors.open_panel(properties, texts)
    yield from built(properties)
    driver.facts["dataset"] = list(texts)
    driver.screenshot("notes_dataset", properties)


def looks_as_it_is(editor) -> driver.Steps:
    """Picture the combined view, and say where in that picture it lies."""
    region = editors.region_of(editor, "WINDOW")
    with bpy.context.temp_override(area=editor, region=region):
        bpy.ops.image.view_all(fit_view=True)
    yield from driver.move(editor.x + 4, editor.y + 4)
    yield 2 * driver.DRAWN_S
    sidebar = editors.region_of(editor, "UI")
    left, bottom = region.view2d.view_to_region(0.0, 0.0, clip=False)
    right, top = region.view2d.view_to_region(1.0, 1.0, clip=False)
    driver.facts["picture"] = {
        "left": left,
        "right": right,
        "top": region.height - top,
        "bottom": region.height - bottom,
        "seen": sidebar.x - region.x,  # the sidebar lies over the picture
    }
    driver.screenshot("notes_region", region)
    driver.screenshot("notes_preview", editor)
    driver.save_arrays("notes", COMBINED=studio.pixels("COMBINED"))


def built(properties) -> driver.Steps:
    """Build a data set of one frame."""
    preferences = bpy.context.preferences.addons[studio.MODULE].preferences
    preferences.python_path = str(driver.SHARED / "environment/bin/python")
    own = bpy.context.scene.dual_pixel
    own.folder = str(driver.SHARED / "datasets")
    own.use_scene_range, own.frame_start, own.frame_end = False, 1, 1
    own.dataset_width, own.dataset_samples = 64, 1
    properties.tag_redraw()
    yield from driver.wait_until(
        bpy.ops.dual_pixel.build_dataset.poll, "the pipeline is found", 60
    )
    yield from editors.find(properties, "dual_pixel.build_dataset")
    driver.screenshot("notes_before", properties)
    yield from editors.click_on(properties, "dual_pixel.build_dataset")
    running = studio.part("dataset.running")
    yield from driver.wait_until(running.is_building, "the pipeline starts", 10)
    yield from driver.wait_until(
        lambda: not running.is_building(), "the data set", LIMIT_S
    )
    yield 2 * driver.DRAWN_S
    driver.facts["error"] = running.last_job().error
    yield from editors.find(properties, "dual_pixel.show_dataset")
    yield from driver.move(properties.x + 4, properties.y + 4)
    yield 2 * driver.DRAWN_S
