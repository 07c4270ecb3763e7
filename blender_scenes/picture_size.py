"""Width and height of frames: what was asked for, or what the file's shape gives."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from blender_scenes.notes import Note
from blender_scenes.spec import DEFAULT_LONGER_SIDE_PX, DEFAULT_SIZE, RenderSpec

LEAST_SIDE_PX = 16  # of a shape that a file has; as --size has it
_DIGITS = 10**6  # of a pixel aspect, which is a float


@dataclass(frozen=True)
class FileShape:
    """The picture that a file's maker sees.

    Parameters
    ----------
    width_px, height_px : int
        Pixels, of which one is ``pixel_aspect`` as wide as it is high.
    pixel_aspect : Fraction
    is_cut : bool
        Whether only a region of it is rendered.
    """

    width_px: int
    height_px: int
    pixel_aspect: Fraction
    is_cut: bool

    @property
    def aspect(self) -> Fraction:
        """Width by height of the picture as it is looked at."""
        return self.pixel_aspect * self.width_px / self.height_px

    def size(self, longer_side_px: int = DEFAULT_LONGER_SIDE_PX) -> tuple[int, int]:
        """Return width and height of this shape, made of square pixels.

        Examples
        --------
        >>> FileShape(1920, 1080, Fraction(1), False).size()
        (512, 288)
        >>> FileShape(1080, 1920, Fraction(1), False).size()
        (288, 512)
        """
        if self.aspect >= 1:
            return longer_side_px, _side_px(longer_side_px / self.aspect)
        return _side_px(longer_side_px * self.aspect), longer_side_px

    def is_shape_of(self, width: int, height: int) -> bool:
        """Return whether a picture has this shape, to a pixel."""
        return (
            abs(width - height * self.aspect) <= 1
            or abs(height - width / self.aspect) <= 1
        )

    def words(self) -> str:
        """Return the shape for a note."""
        words = f"{self.width_px} x {self.height_px}"
        if self.pixel_aspect != 1:
            aspect = float(self.pixel_aspect)
            words += f" with pixels {aspect:.4g} times as wide as high"
        return words


def _side_px(side: Fraction) -> int:
    return max(LEAST_SIDE_PX, int(side + Fraction(1, 2)))


def file_shape(scene: Any) -> FileShape:
    """Return the shape of a scene's picture; before it is set up for our renders."""
    render = scene.render
    scale = render.resolution_percentage / 100
    aspect = Fraction(render.pixel_aspect_x).limit_denominator(_DIGITS) / Fraction(
        render.pixel_aspect_y
    ).limit_denominator(_DIGITS)
    return FileShape(
        width_px=max(1, int(render.resolution_x * scale)),
        height_px=max(1, int(render.resolution_y * scale)),
        pixel_aspect=aspect.limit_denominator(_DIGITS),
        is_cut=render.use_border,
    )


def resolved_size(
    render: RenderSpec, scene: Any, *, is_from_file: bool
) -> tuple[RenderSpec, list[Note]]:
    """Return the specification with its size, and notes on what is seen otherwise.

    Parameters
    ----------
    render : RenderSpec
    scene : bpy.types.Scene
        Before it is set up for our renders.
    is_from_file : bool
        Whether the scene has a shape that its maker chose.
    """
    if not is_from_file:
        size = DEFAULT_SIZE if render.width is None else render.size
        return _with_size(render, *size), []
    shape = file_shape(scene)
    width, height = shape.size() if render.width is None else render.size
    camera = scene.camera
    fit = camera.data.sensor_fit if camera and camera.type == "CAMERA" else "AUTO"
    return _with_size(render, width, height), view_notes(shape, width, height, fit)


def _with_size(render: RenderSpec, width: int, height: int) -> RenderSpec:
    return dataclasses.replace(render, width=width, height=height)


def view_notes(
    shape: FileShape, width: int, height: int, sensor_fit: str
) -> list[Note]:
    """Return what of a file's field of view, pixels or region is changed.

    Parameters
    ----------
    shape : FileShape
    width, height : int
        Of the picture that is rendered.
    sensor_fit : str
        Of the camera, as Blender has it.
    """
    texts: list[str] = []
    if not shape.is_shape_of(width, height):
        texts.append(
            f"rendered at {width} x {height}, where the file's picture is "
            f"{shape.words()}: {_kept(shape, width, height, sensor_fit)}; without "
            "--size the file's shape is kept"
        )
    elif shape.pixel_aspect != 1:
        texts.append(
            f"the file's picture is {shape.words()}; its field of view is kept at "
            f"{width} x {height}, in square pixels"
        )
    if shape.is_cut:
        texts.append(
            "the file's render region is switched off; the whole picture is rendered"
        )
    return [Note("field-of-view", text) for text in texts]


def _kept(shape: FileShape, width: int, height: int, sensor_fit: str) -> str:
    """Return which field of view stays and which does not, in words."""
    was_upright, is_upright = shape.aspect < 1, height > width
    if sensor_fit == "AUTO" and was_upright != is_upright:
        return "that of the longer side is kept, and the longer side is another one"
    is_vertical = sensor_fit == "VERTICAL" or (sensor_fit == "AUTO" and is_upright)
    is_wider = Fraction(width, height) > shape.aspect
    if is_vertical:
        change = "wider" if is_wider else "narrower"
        return f"the vertical field of view is kept, the horizontal one is {change}"
    change = "lower" if is_wider else "higher"
    return f"the horizontal field of view is kept, the vertical one is {change}"
