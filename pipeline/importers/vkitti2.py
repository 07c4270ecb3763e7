"""Virtual KITTI 2: five drives in ten variants of weather and heading, 1242 x 375."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import LABEL_IDS, Frame
from pipeline.importers.listing import (
    matched_frames,
    numbered_files,
    optional_files,
    sequence_folders,
)
from pipeline.importers.picture_files import (
    read_colour,
    read_grey_png,
    read_rgb_png,
)
from pipeline.importers.source import (
    LEFT_RIGHT,
    KnownCamera,
    SourceFrame,
    build_frame,
    centred_camera,
    check_option,
)

SKY_CODE = 65535
METRES_PER_CODE = 0.01
MAX_FLOW_CODE = 65535
FOCAL_PX = 725.0087
SIZE = (1242, 375)

_CLASS_COLOURS = {
    (210, 0, 200): "Terrain",
    (90, 200, 255): "Sky",
    (0, 199, 0): "Vegetation",  # trees
    (90, 240, 0): "Vegetation",
    (140, 140, 140): "Building",
    (100, 60, 100): "Road",
    (250, 100, 255): "Fence",  # guard rails
    (255, 255, 0): "TrafficSign",
    (200, 200, 0): "TrafficLight",
    (255, 130, 0): "Pole",
    (80, 80, 80): "Other",  # miscellaneous
    (160, 60, 60): "Truck",
    (255, 127, 80): "Car",
    (0, 139, 139): "Car",  # vans
}
_LAYOUT = (
    "Virtual KITTI 2: Scene01/clone and so on, with frames/rgb/Camera_0 and "
    "frames/depth/Camera_0 in each"
)


@dataclass(frozen=True)
class Vkitti2:
    """Reader of Virtual KITTI 2.

    Parameters
    ----------
    camera : {"left", "right"}
        Camera_0 or Camera_1.
    """

    camera: str = "left"

    fps: ClassVar[float | None] = 10.0  # of the KITTI drives that were cloned

    def __post_init__(self) -> None:
        check_option("camera", self.camera, LEFT_RIGHT)

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the folders SceneNN/VARIANT by name."""
        return sequence_folders(root, f"frames/rgb/{self._camera()}", 2, _LAYOUT)

    def place(self, folder: Path) -> str:
        """Return the scene: its variants are one drive."""
        return folder.resolve().parent.name

    def split(self, folder: Path) -> str | None:
        """Return None: there is no usual split."""

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one variant of a drive."""
        places = {
            kind: folder / "frames" / kind / self._camera()
            for kind in ("rgb", "depth", "classSegmentation", "forwardFlow")
        }
        return matched_frames(
            folder,
            numbered_files(places["rgb"], r"rgb_(\d+)\.(?:jpg|png)"),
            numbered_files(places["depth"], r"depth_(\d+)\.png"),
            label=optional_files(places["classSegmentation"], r"classgt_(\d+)\.png"),
            flow=optional_files(places["forwardFlow"], r"flow_(\d+)\.png"),
        )

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame."""
        codes = read_grey_png(files.depth)
        depth_m = codes * METRES_PER_CODE
        depth_m[codes == SKY_CODE] = np.inf
        label = flow_px = None
        if files.label is not None:
            label = labels_from_colour(read_rgb_png(files.label, bits=8))
        if files.flow is not None:
            flow_px = flow_from_code(read_rgb_png(files.flow, bits=16))
        colour = read_colour(files.colour)
        return build_frame(files, colour, depth_m, label=label, flow_px=flow_px)

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return the intrinsics, known for pictures of the original size."""
        return centred_camera(FOCAL_PX, size) if size == SIZE else KnownCamera()

    def _camera(self) -> str:
        return f"Camera_{LEFT_RIGHT.index(self.camera)}"


def labels_from_colour(rgb: NDArray[Any]) -> NDArray[np.uint32]:
    """Return class ids for the colours of a class picture; others are 0, Void."""
    key = rgb.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    label = np.zeros(key.shape, np.uint32)
    for (red, green, blue), name in _CLASS_COLOURS.items():
        label[key == (red << 16 | green << 8 | blue)] = LABEL_IDS[name]
    return label


def flow_from_code(rgb: NDArray[Any]) -> NDArray[np.float32]:
    """Return forward flow in pixels; NaN where blue is 0: sky and unknown.

    Red and green hold columns and rows, 0..65535 for -1..1 of (side - 1) pixels.
    """
    height, width = rgb.shape[:2]
    relative = 2 * rgb[..., :2].astype(np.float64) / MAX_FLOW_CODE - 1
    flow_px = relative * (width - 1, height - 1)
    flow_px[rgb[..., 2] == 0] = np.nan
    return flow_px.astype(np.float32)
