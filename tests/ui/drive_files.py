"""New file, saved and opened file, disabling and enabling twice: nothing is left."""

import bpy
import driver
import editors
import studio


def steps() -> driver.Steps:
    editor = yield from studio.open_studio()
    driver.facts["fresh"] = studio.traces()
    path = str(driver.SHARED / "still_life.blend")

    yield from studio.preview(editor)
    bpy.ops.wm.save_as_mainfile(filepath=path)
    yield from everything_on(editor)
    bpy.ops.wm.read_homefile(use_empty=False, load_ui=False)
    yield 2.0
    driver.facts["after_new_file"] = studio.traces()

    with bpy.data.libraries.load(path) as (stored, _):
        driver.facts["images_in_file"] = [
            name for name in stored.images if name.startswith("DP ")
        ]
    bpy.ops.wm.open_mainfile(filepath=path, load_ui=False)
    yield 2.0
    driver.facts["after_load"] = studio.traces()
    values = bpy.context.scene.dual_pixel
    driver.facts["kept_width"] = values.preview_width

    editor = editors.area_of("IMAGE_EDITOR")
    yield from studio.preview(editor)
    yield from everything_on(editor)
    for number in (1, 2):
        bpy.ops.preferences.addon_disable(module=studio.MODULE)
        yield 1.0
        driver.facts[f"disabled_{number}"] = studio.traces()
        driver.screenshot(f"disabled_{number}")
        bpy.ops.preferences.addon_enable(module=studio.MODULE)
        yield 1.0
        driver.facts[f"enabled_{number}"] = studio.traces()
    editor = yield from editors.open_sidebar("IMAGE_EDITOR", "Dual Pixel")
    yield from studio.preview(editor)

    yield from editors.click_on(editor, "dual_pixel.preview")
    yield from driver.wait_until(studio.is_rendering, "the preview starts", 10)
    yield 1.0
    bpy.ops.wm.read_homefile(use_empty=False, load_ui=False)
    yield 2.0
    driver.facts["after_new_file_while_rendering"] = studio.traces()


def everything_on(editor) -> driver.Steps:
    """Switch on all that keeps a timer or a drawing."""
    state = studio.state()
    state.use_viewport_limits = state.use_viewport_heat = True
    yield from editors.click_on(editor, "use_wipe")
    yield driver.DRAWN_S
    yield from editors.click_on(editor, "use_flip")
    yield driver.DRAWN_S
