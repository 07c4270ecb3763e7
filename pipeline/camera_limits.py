"""What a camera cannot do with an image, found before the work that would fail."""

from __future__ import annotations

from pathlib import Path

from blender_scenes.frames import Frame
from dp_model.distortion import RadialDistortion, check_one_to_one
from dp_model.render import MAX_COC_RADIUS_PX
from pipeline.cameras import CameraSet
from pipeline.errors import UserError


def check_distortion(
    camera: CameraSet, distortion: RadialDistortion, size: tuple[int, int]
) -> None:
    """Refuse a lens that folds an image of some width and height over itself.

    Raises
    ------
    UserError
        Naming the camera and the size.
    """
    width, height = size
    try:
        check_one_to_one(distortion, height, width)
    except ValueError as error:
        raise UserError(
            f"camera {camera.name}, {width} x {height} pixels: {error}"
        ) from None


def check_blur(path: Path, frame: Frame, camera: CameraSet) -> None:
    """Refuse blur beyond what can be rendered: it is widest at the ends of the depth.

    In plain numbers, since an array of single precision would overflow with a warning.

    Parameters
    ----------
    path : Path
        The frame's, for the complaint.
    frame : Frame
    camera : CameraSet

    Raises
    ------
    UserError
        Naming the frame, the camera, the depth and the blur.
    """
    behind_m = frame.depth_m
    if frame.hidden is not None:
        hidden_m = frame.hidden[1]
        behind_m = hidden_m[hidden_m > frame.depth_m]
    ends_m = [float(frame.depth_m.min()), float(frame.depth_m.max())]
    ends_m += [float(behind_m.max())] if behind_m.size else []
    for depth_m in ends_m:
        radius_px = abs(camera.camera.coc_radius_px(depth_m))
        if radius_px > MAX_COC_RADIUS_PX:
            raise UserError(
                f"{path}: camera {camera.name} blurs what is {depth_m:g} m away by "
                f"{_words(radius_px)} px; at most {MAX_COC_RADIUS_PX} px can be "
                "rendered. Is depth in metres, and the unit scale of a .blend right?"
            )


def _words(number: float) -> str:
    """Return a number as a person writes it: 92592, but 5e+31."""
    return f"{number:.0f}" if number < 1e6 else f"{number:.0e}"
