"""The Image Editor: show each view, flip, drag the wipe line, read the CoC."""

import time

import bpy
import driver
import editors
import studio


def steps() -> driver.Steps:
    editor = yield from studio.open_studio()
    yield from studio.preview(editor)
    yield from shows_each_view(editor)
    yield from flips(editor)
    yield from wipes(editor)
    yield from reads_pixel_under_mouse(editor)


def shown(editor) -> str:
    return editor.spaces.active.image.name


def shows_each_view(editor) -> driver.Steps:
    names = {}
    for view in ("RIGHT", "COC", "ANAGLYPH", "COMBINED", "LEFT"):
        yield from editors.click_on(editor, f"dual_pixel.show_view(view='{view}')")
        yield driver.DRAWN_S
        names[view] = shown(editor)
        driver.screenshot(f"view_{view.lower()}", editor)
    driver.facts["shown"] = names


def flips(editor) -> driver.Steps:
    yield from editors.click_on(editor, "use_flip")
    seen = []
    start_s = time.monotonic()
    while time.monotonic() - start_s < 4:
        if not seen or seen[-1] != shown(editor):
            seen.append(shown(editor))
        yield 0.05
    driver.facts["flipped"] = seen
    driver.facts["flipped_for_s"] = time.monotonic() - start_s
    yield from editors.click_on(editor, "use_flip")
    yield driver.DRAWN_S
    still = shown(editor)
    yield 1.5
    assert shown(editor) == still, "it flips on after it was switched off"


def wipes(editor) -> driver.Steps:
    yield from editors.click_on(editor, "use_wipe")
    yield driver.DRAWN_S
    picture = editor.spaces.active.image
    assert picture.name == "DP Wipe", picture.name
    region = editors.region_of(editor, "WINDOW")
    y = region.y + region.height // 2
    start, end = (line_x(region, share) for share in (0.5, 0.25))
    yield from driver.drag((start, y), (end, y))
    yield driver.DRAWN_S
    driver.facts["wipe_position"] = studio.state().wipe_position
    driver.screenshot("wipe", editor)
    driver.save_arrays(
        "wipe",
        **{view: studio.pixels(view) for view in ("LEFT", "RIGHT", "WIPE")},
    )
    yield from editors.click_on(editor, "use_wipe")
    yield driver.DRAWN_S
    driver.facts["after_wipe"] = shown(editor)


def line_x(region, share: float) -> int:
    """Return the window's column where a share of the picture's width lies."""
    x, _ = region.view2d.view_to_region(share, 0.5, clip=False)
    return region.x + x


def reads_pixel_under_mouse(editor) -> driver.Steps:
    """The read-out is drawn beside the pointer: what it says, and that it is seen."""
    region = editors.region_of(editor, "WINDOW")
    cursor = studio.part("image.cursor")
    said = []
    for u, v in ((0.5, 0.35), (0.5, 0.95), (0.17, 0.06)):
        x, y = region.view2d.view_to_region(u, v, clip=False)
        yield from driver.move(region.x + x, region.y + y)
        yield driver.DRAWN_S
        area = {"window": driver.window(), "area": editor, "region": region}
        with bpy.context.temp_override(**area):
            lines = cursor.readout_at(bpy.context, x, y)
        said.append({"u": u, "v": v, "lines": lines})
    driver.screenshot("readout", editor)
    driver.facts["readout"] = said
    frame = studio.session().frame
    driver.save_arrays("geometry", depth_m=frame.depth_m)
