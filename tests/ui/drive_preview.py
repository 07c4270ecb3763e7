"""Preview by mouse; then another f-number and PSF, typed into Properties; then undo."""

import time

import bpy
import driver
import editors
import numpy as np
import studio


def steps() -> driver.Steps:
    editor = yield from studio.open_studio()
    pulse = driver.Pulse()
    yield from studio.preview(editor)
    pulse.stop()
    driver.facts["longest_gap_s"] = pulse.longest_gap_s
    driver.facts["beats"] = pulse.beats
    driver.facts["shown"] = editor.spaces.active.image.name
    studio.save_preview("first")
    driver.screenshot("preview")

    properties = editors.area_of("PROPERTIES")
    sharper = yield from changed_by(properties, "aperture_fstop", "4")
    driver.facts["update_s"] = sharper
    studio.save_preview("other_f_number")

    yield from changed_by(properties, "order", "9")
    studio.save_preview("other_psf")

    for _ in range(2):
        before = studio.pixels("LEFT")
        yield from driver.move(*middle_of(editor))
        yield from driver.press("Z", ctrl=True)
        yield from until_other_than(before)
    camera = bpy.context.scene.camera.data
    driver.facts["undone"] = [camera.dof.aperture_fstop, camera.dual_pixel.order]
    studio.save_preview("undone")


def changed_by(area, name: str, text: str) -> driver.Steps:
    """Type a value and return the seconds until the left view has changed."""
    before = studio.pixels("LEFT")
    yield from editors.type_into(area, name, text)
    start_s = time.monotonic()
    yield from until_other_than(before)
    return time.monotonic() - start_s


def until_other_than(before: np.ndarray) -> driver.Steps:
    def is_other() -> bool:
        return (
            studio.find_image("LEFT") is not None
            and not studio.session().is_busy
            and not np.array_equal(studio.pixels("LEFT"), before)
        )

    yield from driver.wait_until(is_other, "the left view changes", 20)


def middle_of(area) -> tuple[int, int]:
    return area.x + area.width // 2, area.y + area.height // 2
