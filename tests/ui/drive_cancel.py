"""A preview that would take long ends at Esc, and nothing of it is left."""

import driver
import editors
import studio


def steps() -> driver.Steps:
    editor = yield from studio.open_studio()
    before = studio.traces()
    yield from editors.type_into(editor, "preview_samples", "4000")
    yield from editors.click_on(editor, "dual_pixel.preview")
    yield from driver.wait_until(studio.is_rendering, "the preview starts", 10)
    yield from driver.wait_until(
        lambda: len(studio.children()) > before["children"], "the child starts", 20
    )
    yield 3.0
    driver.screenshot("running")
    driver.facts["message"] = studio.state().message
    driver.facts["progress"] = studio.state().progress
    pulse = driver.Pulse()
    yield from driver.press("ESC")
    yield from driver.wait_until(lambda: not studio.is_rendering(), "Esc ends it", 5)
    yield 1.0
    pulse.stop()
    driver.facts["longest_gap_s"] = pulse.longest_gap_s
    driver.facts["before"], driver.facts["after"] = before, studio.traces()
    driver.facts["pictures"] = [view for view in ("LEFT",) if studio.find_image(view)]

    yield from studio.preview(editor)
    assert studio.find_image("LEFT"), "no preview after a cancelled one"
