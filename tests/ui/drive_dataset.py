"""Build a data set of two frames from the Output panel, with the pipeline outside."""

import bpy
import driver
import editors
import studio

LIMIT_S = 300


def steps() -> driver.Steps:
    yield from studio.open_studio()
    properties = yield from editors.open_properties("OUTPUT")
    yield from editors.enlarge(properties, 380)
    texts = studio.record_texts("DUAL_PIXEL_PT_dataset")
    yield from editors.open_panel(properties, texts)
    driver.facts["without_environment"] = list(texts)
    driver.screenshot("no_environment", properties)

    preferences = bpy.context.preferences.addons[studio.MODULE].preferences
    preferences.python_path = str(driver.SHARED / "environment/bin/python")
    own = bpy.context.scene.dual_pixel
    own.folder = str(driver.SHARED / "datasets")
    own.use_scene_range, own.frame_start, own.frame_end = False, 1, 2
    own.dataset_width, own.dataset_samples = 64, 1
    properties.tag_redraw()
    yield from driver.wait_until(
        bpy.ops.dual_pixel.build_dataset.poll, "the pipeline is found", 60
    )
    driver.facts["ready"] = list(texts)
    pulse = driver.Pulse()
    yield from editors.click_on(properties, "dual_pixel.build_dataset")
    running = studio.part("dataset.running")
    yield from driver.wait_until(running.is_building, "the pipeline starts", 10)
    said = set()
    while running.is_building():
        said.add(running.last_job().progress.text)
        yield 0.2
    pulse.stop()
    yield 2 * driver.DRAWN_S
    driver.screenshot("built")
    driver.facts["said"] = sorted(said)
    driver.facts["error"] = running.last_job().error
    driver.facts["folder"] = str(running.finished_folder())
    driver.facts["longest_gap_s"] = pulse.longest_gap_s
    driver.facts["children"] = studio.children()
