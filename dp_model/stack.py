"""Surfaces cut into layers, and what each tile of the picture has to do with them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dp_model.arrays import Array, FloatArray, array_namespace, on_host
from dp_model.blur import PsfBank
from dp_model.layers import Surface, layer_position
from dp_model.psf import DualPixelPsf
from dp_model.tiles import TILE, Region, extended, occupancy, tiles

COARSEST = 4
"""Side of the largest cells, pixels."""

_COARSE_FROM_PX = ((20.0, 4), (8.0, 2))  # CoC radius, and the side of the cells
_STRIDE = 8  # of the pixels that a typical colour is taken from


@dataclass(frozen=True)
class Part:
    """A rectangle of one surface.

    Parameters
    ----------
    light : array (C + 1, h, w)
        Colour, then a plane of ones: multiplied by a mask it is the mask.
    position : array (h, w)
        Place among the layers.
    coc_radius_px, coverage : arrays (h, w)
        As in `layers.Surface`.
    """

    light: Array
    position: Array
    coc_radius_px: Array
    coverage: Array

    def cut(self, region: Region, step: int = 1) -> "Part":
        """Return a rectangle of it, of each step x step pixels the middle one."""
        down, across = region.slices
        chosen = (
            slice(down.start + step // 2, down.stop, step),
            slice(across.start + step // 2, across.stop, step),
        )
        return Part(
            self.light[(slice(None), *chosen)],
            self.position[chosen],
            self.coc_radius_px[chosen],
            self.coverage[chosen],
        )


class LayerStack:
    """Surfaces as layers of equal blur, back to front.

    Parameters
    ----------
    surfaces : sequence of Surface
        What the picture shows, then what is behind it, and so on.
    radii : float64 array
        Signed CoC radii of the layers, descending.
    psf : DualPixelPsf
    """

    def __init__(
        self,
        surfaces: Sequence[Surface],
        radii: FloatArray,
        psf: DualPixelPsf,
    ) -> None:
        self.radii = [float(radius) for radius in radii]
        self.bank = PsfBank(psf)
        self.shape: tuple[int, int, int] = surfaces[0].planes.shape
        self.like = surfaces[0].planes
        self._surfaces = surfaces
        self._positions = [layer_position(s.coc_radius_px, radii) for s in surfaces]
        self._margins_px = [
            max(self.reach_px(radius, step) for step in (1, coarse_step(radius)))
            for radius in self.radii
        ]
        self._occupancy = occupancy(
            [
                (on_host(position), on_host(surface.coverage))
                for position, surface in zip(self._positions, surfaces, strict=True)
            ],
            len(self.radii),
        )

    def typical_colour(self) -> list[Any]:
        """Return a colour of the picture's, channel by channel."""
        xp = array_namespace(self.like)
        mean = xp.mean(self.like[:, ::_STRIDE, ::_STRIDE], axis=(1, 2))
        return [mean[channel] for channel in range(self.shape[0])]

    def reach_px(self, radius: float, step: int) -> int:
        """Return how far a blur reaches on a grid of cells of step x step pixels."""
        return step * self.bank.psf.support_px(radius / step)

    def regions(self) -> list[Region]:
        """Return the tiles to work on: all at once on an accelerator."""
        size = self.shape[-2:]
        return list(tiles(size, TILE if self._occupancy else max(size)))

    def layers_reaching(self, region: Region) -> list[tuple[int, Region]]:
        """Return the layers whose blur reaches a region, back to front.

        Each with the rectangle that holds it, as far as it matters.
        """
        if self._occupancy is None:
            margins = enumerate(self._margins_px)
            return [(layer, region.grown(margin)) for layer, margin in margins]
        widest = region.grown(max(self._margins_px))
        reaching: list[tuple[int, Region]] = []
        for layer in self._occupancy.layers_in(widest):
            near = region.grown(self._margins_px[layer])
            bounds = self._occupancy.bounds(layer, near)
            if bounds is not None:
                reaching.append((layer, bounds))
        return reaching

    def margin_px(self, layers: Sequence[tuple[int, Region]]) -> int:
        """Return how far the widest of some layers reaches, on any grid."""
        return max(self._margins_px[layer] for layer, _ in layers)

    def by_grid(
        self, layers: Sequence[tuple[int, Region]]
    ) -> list[tuple[int, list[tuple[int, Region]]]]:
        """Return runs of layers that are composited in cells of one side, and that.

        A layer by itself is convolved as it is.
        """
        if self._occupancy is None or len(layers) < 2:
            return [(1, list(layers))]
        runs = itertools.groupby(layers, lambda at: coarse_step(self.radii[at[0]]))
        return [(step, list(run)) for step, run in runs]

    def is_frontmost(self, layer: int, region: Region) -> bool:
        """Return whether the picture shows nothing nearer than a layer in a region."""
        return self._occupancy is not None and not self._occupancy.has_nearer(
            layer, region
        )

    def parts(self, region: Region, minus: Sequence[Any]) -> list[Part]:
        """Return the surfaces that occur in a region, mirrored beyond the picture.

        A colour is subtracted from theirs.
        """
        found = [
            index
            for index in range(len(self._surfaces))
            if self._occupancy is None or self._occupancy.has_surface(index, region)
        ]
        parts: list[Part] = []
        for index in found:
            surface = self._surfaces[index].cut(region)
            position = extended(self._positions[index], region)
            light = _light(surface.planes, minus)
            parts.append(Part(light, position, surface.coc_radius_px, surface.coverage))
        return parts


def coarse_step(coc_radius_px: float) -> int:
    """Return the side of the cells that a layer is composited in, pixels.

    Examples
    --------
    >>> coarse_step(7.9), coarse_step(-8.0), coarse_step(40.0)
    (1, 2, 4)
    """
    wide = abs(coc_radius_px)
    return next((step for radius, step in _COARSE_FROM_PX if wide >= radius), 1)


def _light(planes: Array, minus: Sequence[Any]) -> Array:
    """Return colour less a constant one, and a plane of ones."""
    xp = array_namespace(planes)
    channels = [planes[index, ...] - value for index, value in enumerate(minus)]
    return xp.stack([*channels, xp.ones_like(channels[0])])
