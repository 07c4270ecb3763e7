"""What a dataset shows: depth, classes, texture and blur, counted over its frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import LABELS, Frame
from dp_model.camera import ThinLensCamera
from dp_model.radiometry import encode_srgb

DEPTH_DECADES_M = (1.5, 15.0, 150.0, 250.0)
"""Edges of the decades of depth that the streets are to fill, metres."""

TEXTURE_BANDS_M = (0.0, 5.0, 15.0, 50.0, 150.0, np.inf)
"""Edges of the bands of depth that texture is measured in, metres."""

DEPTH_EDGES_M = np.geomspace(0.5, 1000.0, 67)
"""Edges of the bins of the depth histogram, metres; the end bins hold the rest."""

COC_EDGES_PX = np.arange(-60.25, 60.5, 0.5)
"""Edges of the bins of the CoC histogram, pixels; the end bins hold the rest."""

# Pixels of a class over all pixels, percent, of SYNTHIA-RAND-CITYSCAPES, as counted by
# github.com/m-birke/automotive-segmentation-datasets; of SYNTHIA-SF no count is known.
SYNTHIA_CLASS_PERCENT = {
    "Void": 1.26, "Sky": 6.9, "Building": 29.3, "Road": 18.4, "Sidewalk": 19.3,
    "Fence": 0.268, "Vegetation": 10.3, "Pole": 1.04, "Car": 4.1,
    "TrafficSign": 0.1013, "Person": 4.3, "Bicycle": 0.22, "Motorcycle": 0.21,
    "RoadWorks": 0.674, "TrafficLight": 0.0389, "Rider": 0.47, "Bus": 1.5,
    "Wall": 0.27, "RoadLines": 1.4,
}  # fmt: skip
SYNTHIA_FARTHEST_M = 250.0  # where the code of Abuolaim et al. (2021) clips depth

WHITE = 1.0
"""Scene-linear; the largest code of a 16-bit picture."""

Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Statistics:
    """Sums over the pixels of some frames, margins left out.

    Parameters
    ----------
    sky : float
        Pixels of infinite depth.
    clipped : float
        Pixels with a channel above white, which 16-bit pictures clip.
    depth : float64 array
        Other pixels per bin of `DEPTH_EDGES_M`.
    depth_decades : float64 array
        The same per decade of `DEPTH_DECADES_M`, what is outside left out.
    labels : float64 array (classes,)
        Pixels per class of `LABELS`.
    gradient, gradient_pixels : float64 array
        Sum of squared gradients of encoded luminance (in units of white per pixel),
        and pixels, per band of `TEXTURE_BANDS_M`.
    coc : dict of float64 arrays
        Camera name -> pixels per bin of `COC_EDGES_PX`.
    """

    sky: float
    clipped: float
    depth: Counts
    depth_decades: Counts
    labels: Counts
    gradient: Counts
    gradient_pixels: Counts
    coc: dict[str, Counts]

    def plus(self, other: Statistics) -> Statistics:
        """Return the sums over the frames of both."""
        return Statistics(
            sky=self.sky + other.sky,
            clipped=self.clipped + other.clipped,
            depth=self.depth + other.depth,
            depth_decades=self.depth_decades + other.depth_decades,
            labels=self.labels + other.labels,
            gradient=self.gradient + other.gradient,
            gradient_pixels=self.gradient_pixels + other.gradient_pixels,
            coc={name: self.coc[name] + other.coc[name] for name in self.coc},
        )

    @property
    def gradient_energy(self) -> Counts:
        """Mean squared gradient per band of `TEXTURE_BANDS_M`; 0 where none is."""
        return self.gradient / np.maximum(self.gradient_pixels, 1.0)

    @property
    def pixels(self) -> float:
        """All pixels."""
        return self.sky + float(self.depth.sum())

    @property
    def clipped_share(self) -> float:
        """Pixels with a channel above white, over all pixels."""
        return self.clipped / self.pixels

    def described(self) -> dict[str, Any]:
        """Return shares, as they are written to ``statistics.json``."""
        pixels = self.pixels
        return {
            "sky_share": self.sky / pixels,
            "clipped_share": self.clipped_share,
            "depth_edges_m": DEPTH_EDGES_M.tolist(),
            "depth_share": (self.depth / pixels).tolist(),
            "depth_decades_m": list(DEPTH_DECADES_M),
            "depth_decade_share": (self.depth_decades / pixels).tolist(),
            "class_share": {
                LABELS[number]: count / pixels
                for number, count in enumerate(self.labels)
                if count
            },
            "texture_bands_m": list(TEXTURE_BANDS_M[:-1]),
            "gradient_energy": self.gradient_energy.tolist(),
            "coc_edges_px": COC_EDGES_PX.tolist(),
            "coc_share": {n: (c / c.sum()).tolist() for n, c in self.coc.items()},
        }


def total(parts: Iterable[Statistics]) -> Statistics:
    """Return the sums over one or more statistics of the same cameras."""
    first, *rest = parts
    for part in rest:
        first = first.plus(part)
    return first


def frame_statistics(
    frame: Frame, margin_px: int, cameras: Mapping[str, ThinLensCamera]
) -> Statistics:
    """Return the statistics of one frame, seen through each camera."""
    height, width = frame.depth_m.shape
    inner = (
        slice(margin_px, height - margin_px),
        slice(margin_px, width - margin_px),
    )
    depth_m = frame.depth_m[inner]
    solid_m = depth_m[np.isfinite(depth_m)]
    decade = np.digitize(solid_m, DEPTH_DECADES_M)
    decades = _sums(decade, None, len(DEPTH_DECADES_M) + 1)
    energy = _squared_gradient(frame.linear_rgb[inner])
    band = np.digitize(depth_m[:-1, :-1].ravel(), TEXTURE_BANDS_M[1:-1])
    has_texture = np.isfinite(depth_m[:-1, :-1]).ravel()
    bands = len(TEXTURE_BANDS_M) - 1
    return Statistics(
        sky=float(depth_m.size - solid_m.size),
        clipped=float(np.count_nonzero(frame.linear_rgb[inner].max(axis=-1) > WHITE)),
        depth=_histogram(solid_m, DEPTH_EDGES_M),
        depth_decades=decades[1:-1],
        labels=_sums(frame.label[inner].ravel(), None, len(LABELS)),
        gradient=_sums(band[has_texture], energy.ravel()[has_texture], bands),
        gradient_pixels=_sums(band[has_texture], None, bands),
        coc={
            name: _histogram(camera.coc_radius_px(depth_m).ravel(), COC_EDGES_PX)
            for name, camera in cameras.items()
        },
    )


def _squared_gradient(linear_rgb: NDArray[np.float32]) -> Counts:
    """Return the squared gradient of encoded luminance, (H - 1, W - 1)."""
    luminance = linear_rgb @ np.array([0.2126, 0.7152, 0.0722])  # Rec. 709
    encoded: Counts = encode_srgb(np.clip(luminance, 0.0, 1.0))
    across, down = np.diff(encoded, axis=1), np.diff(encoded, axis=0)
    return np.hypot(across[:-1], down[:, :-1]) ** 2.0


def _histogram(values: NDArray[Any], edges: NDArray[Any]) -> Counts:
    """Return counts per bin; what lies outside is counted in the end bins."""
    bins = np.clip(np.digitize(values, edges) - 1, 0, len(edges) - 2)
    return _sums(bins, None, len(edges) - 1)


def _sums(bins: NDArray[Any], weights: NDArray[Any] | None, count: int) -> Counts:
    """Return the sum of weights, or the number of entries, of each bin."""
    return np.asarray(np.bincount(bins, weights, minlength=count), np.float64)
