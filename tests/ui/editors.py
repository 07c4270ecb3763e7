"""Blender's editors, their panels and the buttons in them, for mouse and keys."""

from __future__ import annotations

from typing import Any

import bpy
import driver

SCAN_STEP_PX = 14  # less than a button is high
COLUMNS = {  # where in a row of a region a button may lie, likely first
    "WINDOW": (0.75, 0.35, 0.55, 0.85),  # the Properties editor, labels on the left
    "UI": (0.5, 0.75, 0.2),  # a sidebar, tabs on the right
}
MAX_PAGES = 4
WHEEL_CLICKS = 8  # half a page
HEADER_PX = 30  # from a panel's first row up to its header

_places: dict[tuple[str, str], tuple[int, int]] = {}


def area_of(kind: str) -> Any:
    """Return the largest area of a kind, such as ``IMAGE_EDITOR``."""
    found = [area for area in driver.window().screen.areas if area.type == kind]
    assert found, f"no {kind} among {[a.type for a in driver.window().screen.areas]}"
    return max(found, key=lambda area: area.width * area.height)


def region_of(area: Any, kind: str) -> Any:
    return next(region for region in area.regions if region.type == kind)


def select(thing: Any) -> driver.Steps:
    """Make an object the only selected and the active one."""
    for other in bpy.context.view_layer.objects:
        other.select_set(other == thing)
    bpy.context.view_layer.objects.active = thing
    yield driver.DRAWN_S


def open_properties(tab: str) -> driver.Steps:
    """Return the Properties editor after showing one of its tabs, such as ``DATA``."""
    area = area_of("PROPERTIES")
    area.spaces.active.context = tab
    area.tag_redraw()
    yield driver.DRAWN_S
    return area


def enlarge(area: Any, width: int) -> driver.Steps:
    """Give the Properties editor a width, and nearly the window's height.

    Its borders are dragged: the Outliner is above it, the main editor left of it.
    """
    outliner = area_of("OUTLINER")
    x, y = area.x + area.width // 2, area.y + area.height + 1
    yield from driver.drag((x, y), (x, outliner.y + outliner.height - 30))
    x, y = area.x - 1, area.y + area.height // 2
    yield from driver.drag((x, y), (x + area.width - width, y))
    yield driver.DRAWN_S


def scroll(region: Any, clicks: int) -> driver.Steps:
    """Turn the wheel over a region's first panel, downwards if positive.

    Below its last one a sidebar lets the wheel through, and the editor would zoom.
    """
    top = region.y + region.height
    yield from driver.move(region.x + region.width // 3, top - HEADER_PX // 2)
    key = "WHEELDOWNMOUSE" if clicks > 0 else "WHEELUPMOUSE"
    for _ in range(abs(clicks)):
        yield from driver.event(key, "PRESS", driver.HOVER_S)
    yield driver.DRAWN_S


def close_others(area: Any, y: int) -> driver.Steps:
    """Close all panels but the one whose first row is at y; scroll up to it."""
    region = region_of(area, "WINDOW")
    yield from driver.move(region.x + region.width // 2, y + HEADER_PX)
    yield from driver.press("LEFTMOUSE", ctrl=True)
    yield driver.DRAWN_S
    yield from scroll(region, -MAX_PAGES * WHEEL_CLICKS)


def open_panel(area: Any, texts: list[str]) -> driver.Steps:
    """Scroll down to a closed panel, the editor's last, and open it by its header."""
    region = region_of(area, "WINDOW")
    yield from scroll(region, MAX_PAGES * WHEEL_CLICKS)
    for y in range(region.y + 8, region.y + region.height, SCAN_STEP_PX):
        yield from driver.click(region.x + 0.5 * region.width, y)
        yield driver.DRAWN_S
        if texts:
            return
    raise AssertionError("no panel could be opened")


def open_sidebar(kind: str, category: str) -> driver.Steps:
    """Return an editor after showing a tab of its sidebar."""
    area = area_of(kind)
    area.spaces.active.show_region_ui = True
    yield 2 * driver.DRAWN_S
    region = region_of(area, "UI")
    region.active_panel_category = category
    area.tag_redraw()
    yield 2 * driver.DRAWN_S
    return area


def type_into(area: Any, name: str, text: str) -> driver.Steps:
    """Double-click a field, type a text over what it holds, and confirm it."""
    x, y = yield from find(area, name)
    yield from driver.click(x, y, times=2)
    yield from driver.press("A", ctrl=True)
    yield from driver.write(text)
    yield from driver.press("RET")
    yield driver.PRESS_S


def click_on(area: Any, name: str) -> driver.Steps:
    """Click on the button of a property or operator; see `find`."""
    place = yield from find(area, name)
    yield from driver.click(*place)
    yield driver.PRESS_S


def find(area: Any, name: str) -> driver.Steps:
    """Return where a button is: of a property ("lens") or operator ("object.delete").

    The mouse looks for it as a person would, row after row, and scrolls down; what it
    comes across on the way it remembers.
    """
    region = region_of(area, "WINDOW" if area.type == "PROPERTIES" else "UI")
    remembered = _places.get((area.type, name))
    if remembered is not None:
        yield from driver.move(*remembered)
        if name in _button_under_mouse(area, region):
            return (yield from _middle_of_button(area, region, name))
    yield from scroll(region, -MAX_PAGES * WHEEL_CLICKS)
    seen: set[str] = set()
    for _page in range(MAX_PAGES):
        names_on_page: set[str] = set()
        for column in COLUMNS[region.type]:
            x = region.x + int(column * region.width)
            for y in range(region.y + region.height - 4, region.y, -SCAN_STEP_PX):
                yield from driver.move(x, y)
                found = _button_under_mouse(area, region)
                if name in found:
                    return (yield from _middle_of_button(area, region, name))
                _places.update({(area.type, part): driver.mouse() for part in found})
                names_on_page.update(found)
        if names_on_page <= seen:
            break
        seen |= names_on_page
        yield from scroll(region, WHEEL_CLICKS)
    raise AssertionError(f"no button {name!r} in {area.type}; there are {sorted(seen)}")


def _middle_of_button(area: Any, region: Any, name: str) -> driver.Steps:
    """Return the middle of the button that the mouse is on: at its ends are arrows."""
    x, y = driver.mouse()
    ends = []
    for step in (-SCAN_STEP_PX, SCAN_STEP_PX):
        end = x
        while name in _button_under_mouse(area, region):
            end = driver.mouse()[0]
            yield from driver.move(end + step, y)
        ends.append(end)
        yield from driver.move(x, y)
    return (ends[0] + ends[1]) // 2, y


def _button_under_mouse(area: Any, region: Any) -> tuple[str, ...]:
    """Return the property's name, or the operator's and its call, under the mouse."""
    manager = bpy.context.window_manager
    with bpy.context.temp_override(window=driver.window(), area=area, region=region):
        if bpy.context.property is not None:
            return (bpy.context.property[1].rpartition(".")[2],)
        if bpy.ops.ui.copy_python_command_button.poll():
            bpy.ops.ui.copy_python_command_button()
            call = manager.clipboard.removeprefix("bpy.ops.")
            return call, call.partition("(")[0]
    return ()
