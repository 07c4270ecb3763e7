"""The extension installed, the still life open, and what a preview has left of both."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import driver
import editors
import numpy as np
import scene

MODULE = "bl_ext.user_default.dual_pixel"
PREVIEW_WIDTH = 320
PREVIEW_SAMPLES = 4
PREVIEW_LIMIT_S = 120


_timers: list[Callable[..., Any]] = []
"""Functions that were registered as timers, the extension's and others'."""


def install() -> None:
    """Install the zip as a person would who drops it on the window."""
    register = bpy.app.timers.register

    def register_and_note(function: Callable[..., Any], **options: Any) -> None:
        _timers.append(function)
        register(function, **options)

    bpy.app.timers.register = register_and_note
    bpy.ops.extensions.package_install_files(
        filepath=os.environ["UI_ZIP"],
        repo="user_default",
        enable_on_install=True,
        overwrite=True,
    )
    assert MODULE in bpy.context.preferences.addons, "the extension is not enabled"


def part(name: str) -> Any:
    """Return a module of the installed extension, such as ``preview.session``."""
    return importlib.import_module(f"{MODULE}.{name}")


def open_studio() -> driver.Steps:
    """Install, build the still life, and turn the 3D View into an Image Editor.

    Returns the Image Editor with our tab open, and the camera's data in Properties.
    """
    install()
    camera = scene.build()
    yield from editors.select(camera)
    yield from editors.open_properties("DATA")
    editors.area_of("VIEW_3D").type = "IMAGE_EDITOR"
    yield driver.DRAWN_S
    bpy.ops.ed.undo_push(message="Still life")
    return (yield from editors.open_sidebar("IMAGE_EDITOR", "Dual Pixel"))


def preview(editor: Any) -> driver.Steps:
    """Type a small size, press Preview with the mouse and wait for the pictures."""
    yield from editors.type_into(editor, "preview_width", str(PREVIEW_WIDTH))
    samples = str(PREVIEW_SAMPLES)
    yield from editors.type_into(editor, "preview_samples", samples)
    yield from editors.click_on(editor, "dual_pixel.preview")
    yield from driver.wait_until(is_rendering, "the preview starts", 10)
    yield from driver.wait_until(
        lambda: not is_rendering() and find_image("LEFT"), "a preview", PREVIEW_LIMIT_S
    )
    yield from driver.wait_until(lambda: not session().is_busy, "the synthesis", 20)
    yield 2 * driver.DRAWN_S


def session() -> Any:
    return part("preview.session").session


def is_rendering() -> bool:
    return part("preview.operators").is_rendering()


class _Recording:
    """A layout that notes the texts it is given; its own account of them can crash."""

    def __init__(self, layout: Any, texts: list[str]) -> None:
        self.__dict__.update(_layout=layout, _texts=texts)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._layout, name, value)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._layout, name)
        if not callable(value):
            return value

        def call(*arguments: Any, **options: Any) -> Any:
            if options.get("text"):
                self._texts.append(options["text"])
            result = value(*arguments, **options)
            is_layout = isinstance(result, bpy.types.UILayout)
            return _Recording(result, self._texts) if is_layout else result

        return call


def record_texts(panel_name: str) -> list[str]:
    """Return a list that is kept filled with the texts that a panel's draw names."""
    panel = getattr(bpy.types, panel_name)
    texts: list[str] = []
    draw = panel.draw

    def draw_and_record(self: Any, context: Any) -> None:
        texts.clear()
        draw(SimpleNamespace(layout=_Recording(self.layout, texts)), context)

    panel.draw = draw_and_record
    return texts


def state() -> Any:
    return bpy.context.window_manager.dual_pixel


def find_image(view: str) -> Any:
    return part("preview.images").find_image(view)


def pixels(view: str) -> np.ndarray:
    """Return a picture (H, W, 3) as Blender holds it, row 0 at the top."""
    image = find_image(view)
    assert image is not None, f"no picture of {view}"
    width, height = image.size
    flat = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(flat)
    return flat.reshape(height, width, 4)[::-1, :, :3].copy()


def save_preview(name: str) -> None:
    """Hand the kept frame and all pictures to `test_ui`."""
    frame = session().frame
    views = {
        view: pixels(view) for view in ("LEFT", "RIGHT", "COMBINED", "COC", "ANAGLYPH")
    }
    driver.save_arrays(
        name, linear_rgb=frame.linear_rgb, depth_m=frame.depth_m, **views
    )


def children() -> list[str]:
    """Return the names of the processes under this one, those of Blender itself not."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            lines = dict(
                line.split(":\t", 1)
                for line in status.read_text().splitlines()
                if "\t" in line
            )
            found.append((int(lines["Pid"]), int(lines["PPid"]), lines["Name"].strip()))
    family = {os.getpid()}
    for pid, parent, _ in sorted(found):
        if parent in family:
            family.add(pid)
    return [name for pid, _, name in found if pid in family - {os.getpid()}]


def traces() -> dict[str, Any]:
    """Return what the extension may leave behind, counted."""
    handlers = {
        name: sum(_is_ours(function) for function in getattr(bpy.app.handlers, name))
        for name in dir(bpy.app.handlers)
        if isinstance(getattr(bpy.app.handlers, name), list)
    }
    return {
        "images": [i.name for i in bpy.data.images if i.name.startswith("DP ")],
        "handlers": {name: count for name, count in handlers.items() if count},
        "timers": [
            f"{timer.__module__}.{timer.__name__}"
            for timer in _timers
            if _is_ours(timer) and bpy.app.timers.is_registered(timer)
        ],
        "children": len(children()),
        "threads": sorted(t.name for t in threading.enumerate()),
        "folders": sorted(p.name for p in _temporary_folder().glob("*/dual_pixel*")),
        "types": sorted(name for name in dir(bpy.types) if "DUAL_PIXEL" in name),
        "properties": [
            owner
            for owner in ("Camera", "Scene", "WindowManager")
            if hasattr(getattr(bpy.types, owner), "dual_pixel")
        ],
        "keys": sum(
            item.idname.startswith("dual_pixel.")
            for keymap in bpy.context.window_manager.keyconfigs.addon.keymaps
            for item in keymap.keymap_items
        ),
    }


def _is_ours(function: Any) -> bool:
    return getattr(function, "__module__", "").startswith(MODULE)


def _temporary_folder() -> Path:
    return Path(bpy.app.tempdir).parent
