"""A patch of a frame through a dual-pixel lens, with no more blurred than it needs."""

# Torch is typed in part only.
# pyright: basic

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from dp_model.camera import ThinLensCamera
from dp_model.distortion import RadialDistortion, undistort_points
from dp_model.psf import DualPixelPsf
from dp_model.render import Mode, render_dual_pixel
from dp_model.resampling import sample_cubic
from rdpd.sampling import Cut

CELLS_PX = 16
CONTEXT_PX = 16
"""More than a blur reaches: edges are looked at, and what they hide is guessed."""


@dataclass(frozen=True)
class Lens:
    """A camera, its radial distortion or None, and what it does not draw.

    Parameters
    ----------
    camera : ThinLensCamera
    distortion : RadialDistortion or None
    psf : DualPixelPsf or None
        The camera's own; None where one is drawn.
    noise_sigma : float or None
        The camera's own; None where one is drawn.
    """

    camera: ThinLensCamera
    distortion: RadialDistortion | None
    psf: DualPixelPsf | None = None
    noise_sigma: float | None = None


@dataclass(frozen=True)
class Surfaces:
    """A frame on the training device, margin included.

    Parameters
    ----------
    rgb : Tensor (H, W, 3)
        Scene-linear.
    depth_m : Tensor (H, W)
    hidden : (Tensor (H, W, 3), Tensor (H, W)) or None
        The second surface.
    nearest_m : float
    """

    rgb: Tensor
    depth_m: Tensor
    hidden: tuple[Tensor, Tensor] | None
    nearest_m: float

    def part(self, rows: slice, columns: slice) -> Surfaces:
        """Return a part of the frame."""
        hidden = self.hidden and (
            self.hidden[0][rows, columns],
            self.hidden[1][rows, columns],
        )
        return Surfaces(
            self.rgb[rows, columns],
            self.depth_m[rows, columns],
            hidden,
            self.nearest_m,
        )

    @property
    def bytes(self) -> int:
        """Memory that it takes."""
        tensors = (self.rgb, self.depth_m, *(self.hidden or ()))
        return sum(tensor.nbytes for tensor in tensors)


def patch_views(
    surfaces: Surfaces,
    margin_px: int,
    cut: Cut,
    lens: Lens,
    psf: DualPixelPsf,
    *,
    mode: Mode,
) -> dict[str, Tensor]:
    """Return left, right and target of a patch, (h, w, 3) scene-linear, no noise.

    What `pipeline.synthesis.synthesise_views` shows there, from the part of the frame
    that the patch depends on. Layers are placed by the depths of that part, so that
    single values differ in the second digit.

    Parameters
    ----------
    surfaces : Surfaces
        Of the whole frame, with its margin.
    margin_px : int
    cut : Cut
        The patch, in pixels of the picture without margin; ``flip`` is not looked at.
    lens : Lens
    psf : DualPixelPsf
    mode : Mode
    """
    full_height, full_width = surfaces.depth_m.shape
    height, width = full_height - 2 * margin_px, full_width - 2 * margin_px
    points = _points(cut)
    if lens.distortion is not None:
        points = undistort_points(points, lens.distortion, height, width)
        points = np.clip(points, 0.0, [height - 1.0, width - 1.0])
    points = points + margin_px
    # What is hidden, and blurred into the patch, is guessed from as far again.
    reach = 2 * _reach_px(surfaces, lens.camera, psf) + CONTEXT_PX
    # `dp_model` works in cells: they must lie as in the whole frame.
    top, left = (
        max(int(low) - reach, 0) // CELLS_PX * CELLS_PX
        for low in points.min(axis=(0, 1))
    )
    bottom, right = (int(high) + reach + 1 for high in np.ceil(points.max(axis=(0, 1))))
    part = surfaces.part(slice(top, bottom), slice(left, right))
    views = render_dual_pixel(
        part.rgb,
        part.depth_m,
        lens.camera,
        psf,
        hidden=part.hidden if mode == "occlusion" else None,
        mode=mode,
    )
    points = points - [top, left]
    whole = {"left": views.left, "right": views.right, "target": part.rgb}
    if lens.distortion is not None:
        return {kind: sample_cubic(one, points) for kind, one in whole.items()}
    (row, column) = (int(corner) for corner in points[0, 0])
    rows, columns = slice(row, row + cut.height), slice(column, column + cut.width)
    return {kind: one[rows, columns] for kind, one in whole.items()}


def _points(cut: Cut) -> NDArray[np.float64]:
    """Return row and column of every pixel of a patch, (h, w, 2)."""
    rows = np.arange(cut.top, cut.top + cut.height, dtype=float)
    columns = np.arange(cut.left, cut.left + cut.width, dtype=float)
    return np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1)


def _reach_px(surfaces: Surfaces, camera: ThinLensCamera, psf: DualPixelPsf) -> int:
    """Return how far the widest blur of a frame reaches: of its nearest, or the sky."""
    radii = (camera.coc_radius_px(d) for d in (surfaces.nearest_m, float("inf")))
    return max(psf.support_px(float(radius)) for radius in radii)
