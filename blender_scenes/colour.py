"""What a file's colour management does to the colour of frames.

Frames hold linear Rec.709 whatever space the file works in, at the exposure of its
view. The view's tone curve is left out: it belongs to the picture, not to the light.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.notes import Note, warning
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import RenderSpec

FRAME_SPACE = "Linear Rec.709"
"""Blender's name of the colour space of frames."""

PLAIN_TRANSFORMS = frozenset({"Standard", "Raw"})


@dataclass(frozen=True)
class ViewExposure:
    """Exposure and gamma of a view at one frame.

    Parameters
    ----------
    stops : float
        Each doubles the light.
    gamma : float
        > 0; linear light is raised to its inverse.
    """

    stops: float = 0.0
    gamma: float = 1.0

    def applied(self, linear_rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the light as the view exposes it; untouched by 0 stops, gamma 1.

        Examples
        --------
        >>> light = np.float32([0.25, 4.0])
        >>> ViewExposure(stops=-2.0).applied(light)
        array([0.0625, 1.    ], dtype=float32)
        >>> ViewExposure(gamma=2.0).applied(light)
        array([0.5, 2. ], dtype=float32)
        """
        if self.stops != 0.0:
            linear_rgb = linear_rgb * np.float32(2.0**self.stops)
        if self.gamma != 1.0:
            linear_rgb = np.maximum(linear_rgb, 0) ** np.float32(1 / self.gamma)
        return linear_rgb


ExposureTrack = Mapping[int, ViewExposure]
"""Frame number -> exposure of that frame."""


def view_exposure(scene: Any, render: RenderSpec) -> ViewExposure:
    """Return the exposure of the current frame: the specification's, or the file's."""
    view = scene.view_settings
    stops = view.exposure if render.exposure is None else render.exposure
    return ViewExposure(float(stops), float(view.gamma))


def write_frame_space(scene: Any) -> None:
    """Let Blender convert what it writes from the file's working space.

    Nothing is converted, to the bit, where the file works in linear Rec.709.

    Raises
    ------
    SceneError
        If Blender's colour configuration lacks the space.
    """
    settings = scene.render.image_settings
    settings.color_management = "OVERRIDE"
    try:
        settings.linear_colorspace_settings.name = FRAME_SPACE
    except TypeError:
        raise SceneError(
            f"Blender's colour configuration has no {FRAME_SPACE!r}; expected that of "
            "Blender itself (is OCIO set?)"
        ) from None


def colour_space_notes() -> list[Note]:
    """Return what the open file's own colour space does to frames."""
    import bpy

    colour_space = getattr(bpy.data, "colorspace", None)  # since Blender 5.0
    if colour_space is None:
        return []
    notes: list[Note] = []
    if colour_space.is_missing_opencolorio_config:
        text = (
            "the file was made with another OpenColorIO configuration than Blender's "
            "own, so colours may be wrong"
        )
        notes.append(warning("colour-configuration", text))
    if colour_space.working_space != FRAME_SPACE:
        text = (
            f"the file works in {colour_space.working_space}; frames are converted to "
            "linear Rec.709, and colours that it cannot hold are clipped"
        )
        notes.append(Note("colour-space", text))
    return notes


def view_notes(scene: Any, exposures: ExposureTrack, render: RenderSpec) -> list[Note]:
    """Return what is applied of a scene's view settings, and what is left out."""
    notes: list[Note] = []
    stops = _span([one.stops for one in exposures.values()])
    if stops != "0":
        whose = "--exposure asks" if render.exposure is not None else "the view has"
        text = f"light is multiplied by {stops} stops of exposure, as {whose}"
        notes.append(Note("exposure", text))
    gamma = _span([one.gamma for one in exposures.values()])
    if gamma != "1":
        text = f"the view's gamma of {gamma} is applied to linear light"
        notes.append(Note("gamma", text))
    left_out = _left_out(scene.view_settings)
    if left_out:
        text = (
            f"left out {', '.join(left_out)}: frames hold linear light, so pictures "
            "differ from Blender's"
        )
        notes.append(Note("view-transform", text))
    return notes


def _left_out(view: Any) -> list[str]:
    """Return the parts of a view that change the picture and are not applied."""
    parts: list[str] = []
    if view.view_transform not in PLAIN_TRANSFORMS:
        parts.append(f"the view transform {view.view_transform}")
    if view.look not in ("", "None"):
        parts.append(f"the look {view.look!r}")
    if view.use_curve_mapping:
        parts.append("the view's curves")
    if view.use_white_balance:
        parts.append("the view's white balance")
    return parts


def describe_view(scene: Any, exposures: ExposureTrack) -> dict[str, Any]:
    """Return what ``frames.json`` says of the colour of its frames."""
    stops = [one.stops for one in exposures.values()]
    gamma = [one.gamma for one in exposures.values()]
    return {
        "exposure_stops": stops if len(set(stops)) > 1 else stops[:1],
        "gamma": gamma if len(set(gamma)) > 1 else gamma[:1],
        "view_transform": scene.view_settings.view_transform,
        "look": scene.view_settings.look,
    }


def _span(values: list[float]) -> str:
    """Return the least and the greatest value as text, once if they are one.

    Examples
    --------
    >>> _span([-6.0, -6.0]), _span([0.0, 1.5])
    ('-6', '0 to 1.5')
    """
    low, high = f"{min(values):.4g}", f"{max(values):.4g}"
    return low if low == high else f"{low} to {high}"
