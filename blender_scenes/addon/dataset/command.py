"""The command that builds a data set, and what is wrong with it before it runs."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dp_model.noise import NoiseModel

THIS = "THIS"
SMALLEST_SIDE_PX, LARGEST_SIDE_PX = 16, 8192  # what the pipeline takes


@dataclass(frozen=True)
class DatasetRequest:
    """A data set of one scene.

    Parameters
    ----------
    scene_name : str
        What the scene is called in the data set.
    camera : str
        Name of the camera object that the frames are rendered from.
    camera_file : str
        Name of the file that describes this camera's optics.
    camera_sets : tuple of str
        Numbers of the paper's sets, and `THIS` for the camera file.
    first, last : int
        Frames, both included.
    width_px, height_px : int
        Size of the pictures.
    samples : int
        Per pixel.
    nearest_m : float
        Nearest surface that blur beyond the picture's border must allow for.
    noise_model : NoiseModel
    folder : Path
        Holds the data sets; intermediate results go into ``work`` in it.
    name : str
        Folder of this data set in ``folder``.
    is_strict : bool
        Whether frames that may be wrong are refused.
    """

    scene_name: str
    camera: str
    camera_file: str
    camera_sets: tuple[str, ...]
    first: int
    last: int
    width_px: int
    height_px: int
    samples: int
    nearest_m: float
    noise_model: NoiseModel
    folder: Path
    name: str
    is_strict: bool = False

    @property
    def frames(self) -> int:
        """Number of frames."""
        return self.last - self.first + 1

    @property
    def work_folder(self) -> Path:
        """Folder of intermediate results, which a second run goes on from."""
        return self.folder / "work"

    @property
    def scene_path(self) -> Path:
        """Where the copy of the scene lies."""
        return self.work_folder / "scenes" / self.name / f"{self.scene_name}.blend"

    @property
    def camera_path(self) -> Path:
        """Where the camera file lies."""
        return self.work_folder / "cameras" / self.name / self.camera_file


def file_safe_name(text: str) -> str:
    """Return a name that the pipeline takes for a scene as it is.

    Examples
    --------
    >>> file_safe_name("My street, 2")
    'My_street__2'
    """
    return re.sub(r"[^A-Za-z0-9_.-]", "_", text)


def request_problem(request: DatasetRequest) -> str:
    """Return why a data set cannot be built, for the person; "" if it can."""
    sides_px = (request.width_px, request.height_px)
    if not request.camera_sets:
        return "No camera is chosen: choose at least one"
    if request.last < request.first:
        return (
            f"The frame range {request.first} to {request.last} is empty: "
            "the last frame must not be before the first"
        )
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_. -]*", request.name):
        return f"The name {request.name!r} is no folder's: use letters and digits"
    if not all(SMALLEST_SIDE_PX <= side <= LARGEST_SIDE_PX for side in sides_px):
        return (
            f"Pictures of {sides_px[0]} x {sides_px[1]} pixels: each side must have "
            f"{SMALLEST_SIDE_PX} to {LARGEST_SIDE_PX}"
        )
    if "," in str(request.folder):
        return "The folder's path has a comma in it: choose another folder"
    if not request.folder.is_absolute():
        return "The folder is relative to a file that is not saved: save it first"
    return ""


def build_command(python: str, request: DatasetRequest) -> list[str]:
    """Return the command that builds a data set, to be run in the pipeline's folder."""
    cameras = [
        str(request.camera_path) if item == THIS else item
        for item in request.camera_sets
    ]
    options = {
        "scene": request.scene_path,
        "camera": request.camera,
        "frames": f"{request.first}-{request.last}",
        "camera-set": ",".join(cameras),
        "size": f"{request.width_px}x{request.height_px}",
        "samples": request.samples,
        "nearest": f"{request.nearest_m:.7g}",
        "noise": request.noise_model,
        "name": request.name,
        "datasets-dir": request.folder,
        "work-dir": request.work_folder,
    }
    # One word each: a camera's name may begin with a dash.
    flags = [f"--{key}={value}" for key, value in options.items()]
    if request.is_strict:
        flags.append("--strict")
    return [python, "-m", "luigi", "--module", "pipeline", "BuildDataset", *flags]
