"""SYNTHIA-SEQS: drives through one city in several seasons and weathers, 1280 x 760."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from blender_scenes.frames import LABEL_IDS, Frame
from pipeline.errors import UserError
from pipeline.importers.listing import (
    matched_frames,
    numbered_files,
    optional_files,
    sequence_folders,
)
from pipeline.importers.picture_files import read_colour, read_rgb_png
from pipeline.importers.source import (
    LEFT_RIGHT,
    KnownCamera,
    SourceFrame,
    build_frame,
    centred_camera,
    check_option,
    mapped_ids,
)

SKY_CODE = 65535
METRES_PER_CODE = 0.01
DIRECTIONS = ("F", "R", "B", "L")
FOCAL_PX = 532.740352
SIZE = (1280, 760)

_CLASSES = {
    0: "Void",
    1: "Sky",
    2: "Building",
    3: "Road",
    4: "Sidewalk",
    5: "Fence",
    6: "Vegetation",
    7: "Pole",
    8: "Car",
    9: "TrafficSign",
    10: "Person",
    11: "Rider",
    12: "RoadLines",
    13: "Void",  # reserved, as 14
    14: "Void",
    15: "TrafficLight",
}
_LABELS = {theirs: LABEL_IDS[name] for theirs, name in _CLASSES.items()}
_PICTURE = r"(\d+)\.png"
_LAYOUT = (
    "SYNTHIA-SEQS-NN-NAME folders with {RGB,Depth,GT/LABELS}/Stereo_Left/Omni_F in each"
)


@dataclass(frozen=True)
class SynthiaSeqs:
    """Reader of SYNTHIA-SEQS.

    Parameters
    ----------
    camera : {"left", "right"}
    direction : {"F", "R", "B", "L"}
        Which of the four cameras: forward, right, back, left.
    """

    camera: str = "left"
    direction: str = "F"

    fps: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_option("camera", self.camera, LEFT_RIGHT)
        check_option("direction", self.direction, DIRECTIONS)

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the folders of the drives by name."""
        return sequence_folders(root, f"RGB/{self._inner()}", 1, _LAYOUT)

    def place(self, folder: Path) -> str:
        """Return the route: seasons and weathers of one number show one street."""
        name = folder.resolve().name
        match = re.match(r"(SYNTHIA-SEQS-\d+)", name)
        return match[1] if match else name

    def split(self, folder: Path) -> str | None:
        """Return None: there is no usual split."""

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one drive."""
        inner = self._inner()
        return matched_frames(
            folder,
            numbered_files(folder / "RGB" / inner, _PICTURE),
            numbered_files(folder / "Depth" / inner, _PICTURE),
            label=optional_files(folder / "GT" / "LABELS" / inner, _PICTURE),
        )

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame."""
        codes = read_rgb_png(files.depth, bits=16)
        if np.any(codes != codes[..., :1]):
            raise UserError(
                f"{files.depth}: channels differ; expected centimetres, the same in "
                "all three. Another SYNTHIA?"
            )
        depth_m = codes[..., 0] * METRES_PER_CODE
        depth_m[codes[..., 0] == SKY_CODE] = np.inf
        label = instance = None
        if files.label is not None:
            classes = read_rgb_png(files.label, bits=16)
            label = mapped_ids(files.label, classes[..., 0], _LABELS)
            instance = classes[..., 1].astype(np.uint32)
        colour = read_colour(files.colour)
        return build_frame(files, colour, depth_m, label=label, instance=instance)

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return the intrinsics, known for pictures of the original size."""
        return centred_camera(FOCAL_PX, size) if size == SIZE else KnownCamera()

    def _inner(self) -> str:
        return f"Stereo_{self.camera.capitalize()}/Omni_{self.direction}"
