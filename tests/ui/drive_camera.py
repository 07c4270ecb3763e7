"""The camera's panel: what it reads out, a preset by keyboard, a pitch, undo."""

import bpy
import driver
import editors
import studio


def steps() -> driver.Steps:
    yield from studio.open_studio()
    camera = bpy.context.scene.camera
    bpy.data.objects["Torus"].select_set(True)
    texts = {
        name: studio.record_texts(f"DUAL_PIXEL_PT_{name}")
        for name in ("camera", "blur", "psf")
    }
    properties = editors.area_of("PROPERTIES")
    yield from editors.enlarge(properties, 380)
    yield from editors.find(properties, "kappa")
    driver.facts["texts"] = {name: list(drawn) for name, drawn in texts.items()}
    driver.screenshot("camera", properties)

    yield from editors.click_on(properties, "use_sensor_pitch")
    yield from editors.type_into(properties, "pixel_pitch_um", "20")
    yield driver.DRAWN_S
    driver.facts["pitch_um"] = camera.data.dual_pixel.pixel_pitch_um
    driver.facts["note"] = list(texts["camera"])

    before = values_of(camera)
    yield from editors.click_on(properties, "preset")
    yield driver.DRAWN_S
    driver.screenshot("presets")
    yield from driver.press("P")  # underlined in "Paper Set 1"
    yield 2 * driver.DRAWN_S
    after = values_of(camera)
    driver.facts["preset"] = {"before": before, "after": after}
    yield from driver.press("Z", ctrl=True)
    yield 2 * driver.DRAWN_S
    driver.facts["preset"]["undone"] = values_of(bpy.context.scene.camera)


def values_of(camera) -> list:
    own = camera.data.dual_pixel
    focus = camera.data.dof
    values = [camera.data.lens, focus.aperture_fstop, focus.focus_distance]
    return [own.preset, *(round(value, 4) for value in values)]
