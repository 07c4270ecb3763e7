"""The pictures of a preview as Blender images, for the Image Editor.

Each is a file in the session's temporary folder, not a generated image: so Blender
does not ask to save it, keeps no copy of it for Undo, and can load it again.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from blender_scenes.addon.image.views import view_pixels
from blender_scenes.addon.preview.exr import write_exr
from blender_scenes.addon.preview.synthesis import PreviewPictures

IMAGE_NAMES = {
    "LEFT": "DP Left",
    "RIGHT": "DP Right",
    "COMBINED": "DP Combined",
    "COC": "DP CoC",
    "ANAGLYPH": "DP Anaglyph",
    "WIPE": "DP Wipe",
}
"""View -> name of its image, unless another image has that name."""

LINEAR_SPACE = "Linear Rec.709"  # whatever the working space of the file is
SHOWN_VIEWS = tuple(view for view in IMAGE_NAMES if view != "WIPE")
MARK = "dual_pixel_view"
"""Custom property of our images; its value is the view."""

_folders: list[Path] = []


@dataclass(frozen=True)
class _Away:
    """What is put back after saving.

    Parameters
    ----------
    views : list
        View of each image.
    shown : list
        Image Editor and the view that it showed.
    """

    views: list[str] = field(default_factory=lambda: [])
    shown: list[tuple[Any, str]] = field(default_factory=lambda: [])


_away = _Away()


def show(pictures: PreviewPictures) -> None:
    """Write all views of the pictures, into images that are there or new ones."""
    for view in SHOWN_VIEWS:
        write_image(view, view_pixels(pictures, view))


def write_image(view: str, pixels: NDArray[np.floating]) -> None:
    """Write one view.

    Parameters
    ----------
    view : str
        A key of `IMAGE_NAMES`.
    pixels : ndarray (H, W, 3)
        Row 0 is the top.  Scene-linear; of ``COC`` display-referred.
    """
    path = _file(view)
    write_exr(path, pixels)
    image = find_image(view)
    if image is None:
        _load(view)
        return
    if image.filepath != str(path):
        image.filepath = str(path)
    image.reload()


def _load(view: str) -> Any:
    """Return a new image that shows the file of a view.

    As the data set's pictures will look: `exposed` has taken the scene's exposure in,
    and a render's view transform is no part of them.
    """
    image = bpy.data.images.load(str(_file(view)), check_existing=False)
    image.name = IMAGE_NAMES[view]
    image[MARK] = view
    image.use_view_as_render = False
    image.colorspace_settings.name = "sRGB" if view == "COC" else LINEAR_SPACE
    return image


def find_image(view: str) -> Any | None:
    """Return the image of a view, by its mark; None if there is none."""
    return next((image for image in bpy.data.images if view_of(image) == view), None)


def view_of(image: Any) -> str:
    """Return the view that an image holds; "" if it is none of ours."""
    view = image.get(MARK, "")
    return view if image.library is None and view in IMAGE_NAMES else ""


def remove_images() -> None:
    """Remove all our images and their files."""
    for image in [image for image in bpy.data.images if view_of(image)]:
        bpy.data.images.remove(image)
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def _file(view: str) -> Path:
    """Return the file of a view, in a folder that is made anew where it has gone."""
    if not (_folders and _folders[0].is_dir()):
        _folders[:] = [
            Path(tempfile.mkdtemp(prefix="dual_pixel_", dir=bpy.app.tempdir))
        ]
    return _folders[0] / f"{view.lower()}.exr"


@bpy.app.handlers.persistent
def take_out_of_file(*_: Any) -> None:
    """Take our images away before the file is saved, unless something else uses them.

    An Image Editor is one user.
    """
    for space in _image_editors():
        if space.image is not None and view_of(space.image):
            _away.shown.append((space, view_of(space.image)))
    for image in list(bpy.data.images):
        if view_of(image) and image.users <= 1:
            _away.views.append(view_of(image))
            bpy.data.images.remove(image)


@bpy.app.handlers.persistent
def put_back(*_: Any) -> None:
    """Show our images again after the file was saved."""
    for view in _away.views:
        if _file(view).is_file():
            _load(view)
    for space, view in _away.shown:
        space.image = find_image(view)
    _away.views.clear()
    _away.shown.clear()


def _image_editors() -> Iterator[Any]:
    """Yield the Image Editors of all workspaces, hidden ones too."""
    for screen in bpy.data.screens:
        for area in screen.areas:
            yield from (x for x in area.spaces if x.type == "IMAGE_EDITOR")


HANDLERS = (
    ("save_pre", take_out_of_file),
    ("save_post", put_back),
    ("save_post_fail", put_back),
)


def register() -> None:
    """Keep the images out of saved files from now on."""
    for name, handler in HANDLERS:
        getattr(bpy.app.handlers, name).append(handler)


def unregister() -> None:
    """Remove the images."""
    for name, handler in HANDLERS:
        getattr(bpy.app.handlers, name).remove(handler)
    remove_images()
