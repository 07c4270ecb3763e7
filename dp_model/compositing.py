"""Layers blurred and put together, back to front, for both views, tile by tile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dp_model.arrays import (
    Array,
    FloatArray,
    array_namespace,
    asarray_like,
    clip,
    zeros,
)
from dp_model.layers import Surface, known_up_to, nearest_layer, share_behind, tent
from dp_model.parallel import in_threads
from dp_model.psf import DualPixelPsf
from dp_model.resampling import doubled, pooled
from dp_model.stack import COARSEST, LayerStack, Part
from dp_model.tiles import Region

_QUARTERED_FROM_PX = 2.0  # both surfaces blurred more: the pupil is taken in quarters
_VIEWS = 2  # left, right
_QUARTERS = 4  # of the pupil
_LEAST_KNOWN = 1e-3  # of a kernel's light: below it a layer fades instead of 0/0
_LEAST_COVERAGE = 1e-3  # below it a typical colour is shown


def composite_occlusion(
    surfaces: Sequence[Surface],
    radii: FloatArray,
    psf: DualPixelPsf,
    *,
    knows_second: bool = False,
) -> tuple[Array, Array]:
    """Return left and right with each layer hiding what is behind it.

    Parameters
    ----------
    surfaces : sequence of Surface
        What the picture shows, then what is behind it where that is known, and so on.
    radii : float64 array
        Signed CoC radii of the layers, back to front.
    psf : DualPixelPsf
    knows_second : bool
        Whether the second surface is more than a guess, and worth the pupil's division.

    Returns
    -------
    left, right : arrays (H, W, C)

    Notes
    -----
    With A_k the pixels of layer k, U_k those whose content at k *or behind* is known,
    and * the convolution with the layer's PSF, its coverage is a_k = (A_k * PSF) /
    (U_k * PSF): of the light that gets as far back as layer k, the part that stops
    there.  What hides layer k in the picture is taken to be like its surroundings.

    Composited back to front, out = a_k (I A_k * PSF)/(A_k * PSF) + (1 - a_k) out, the
    weights of all layers sum to 1 wherever anything is known, and for neighbouring
    layers of one slope, whose PSFs are alike, each weight is just A_k * PSF: a slope
    does not hide itself.  A hidden surface enters A_k and U_k only where the one before
    it is well in front of layer k (`layers.share_behind`), for the same reason.

    The product (1 - a_k) out takes what a blurred edge hides for a fair sample of what
    is behind it.  It is not where both are blurred: the part of the pupil that the edge
    covers sees another part of the background.  There the pupil is divided in quarters,
    each composited by itself, if the second surface is known.

    Layers of wide blur are composited in cells of 2 x 2 or 4 x 4 pixels
    (`stack.coarse_step`), and interpolated.

    References
    ----------
    Ikoma et al. (2021) for the normalisation by U_k; hidden surfaces and the division
    of the pupil are ours.  Abuolaim et al. (2021), section 3, alpha-blends without any.
    """
    stack = LayerStack(surfaces, radii, psf)
    # A lone layer is left as it is; else an FFT's rounding is to be of the contrast.
    centre = stack.typical_colour() if len(radii) > 1 else [0.0] * stack.shape[0]

    def render(tile: Region) -> Array:
        canvas = _composite_tile(stack, tile, centre, knows_second)
        if canvas.shape[0] > _VIEWS:
            widest = max(stack.radii, key=abs)
            canvas = _sum_of_quarters(canvas, stack.bank.quadrant_weights(widest))
        views = canvas[:, :-1, ...]
        views /= clip(canvas[:, -1:, ...], _LEAST_COVERAGE, None)
        return views + asarray_like(centre, views)[:, None, None]

    return _over_tiles(stack, render)


def composite_paper(
    first: Surface, radii: FloatArray, psf: DualPixelPsf
) -> tuple[Array, Array]:
    """Return left and right (H, W, C) by plain alpha blending of blurred layers.

    Every pixel is in its nearest layer.  Colour and mask of a layer are blurred, and
    the blurred mask is the alpha: out = I A_k * PSF + (1 - A_k * PSF) out, from black.
    Where layers meet, alphas that should add to 1 are multiplied, and the picture
    darkens: this is the method as printed, without a remedy.

    References
    ----------
    Abuolaim et al. (2021), section 3.
    """
    stack = LayerStack([first], radii, psf)
    return _over_tiles(stack, lambda tile: _blend_tile(stack, tile))


def _over_tiles(
    stack: LayerStack, render: Callable[[Region], Array]
) -> tuple[Array, Array]:
    """Return left and right (H, W, C), rendered tile by tile, one per core at a time.

    ``render`` returns both views of a tile, (2, C, h, w).
    """
    channels, height, width = stack.shape
    left, right = (zeros((height, width, channels), stack.like) for _ in range(_VIEWS))

    def fill(tile: Region) -> None:
        views = render(tile)
        for view, picture in enumerate((left, right)):
            for channel in range(channels):
                picture[(*tile.slices, channel)] = views[view, channel, ...]

    in_threads(fill, stack.regions())
    return left, right


def _blend_tile(stack: LayerStack, tile: Region) -> Array:
    """Return both views of a tile by plain alpha blending."""
    reaching = stack.layers_reaching(tile)
    region = tile.grown(stack.margin_px(reaching))
    [part] = stack.parts(region, [0.0] * stack.shape[0])
    canvas = zeros((_VIEWS, stack.shape[0] + 1, *tile.size), stack.like)
    for layer, source in reaching:
        radius = stack.radii[layer]
        here = part.cut(source.relative_to(region))
        target = source.grown(stack.reach_px(radius, 1)).within(tile)
        views = stack.bank.blurred(
            here.light * nearest_layer(here.position, layer),
            radius,
            target.relative_to(source),
        )
        _put_over(canvas[(..., *target.relative_to(tile).slices)], views)
    return canvas[:, :-1, ...]


def _composite_tile(
    stack: LayerStack, tile: Region, centre: list[Any], knows_second: bool
) -> Array:
    """Return a tile's canvases (2 or 8, C + 1, h, w): colour times coverage, coverage.

    Two views, or of each four quarters of the pupil.
    """
    # Interpolation between cells needs some beyond the tile's border.
    around = tile.aligned(COARSEST).grown(2 * COARSEST)
    reaching = stack.layers_reaching(around)
    region = around.grown(stack.margin_px(reaching)).grown(COARSEST).aligned(COARSEST)
    parts = stack.parts(region, centre)
    by_quadrant = knows_second and _has_two_blurs(parts)
    views = _VIEWS * _QUARTERS if by_quadrant else _VIEWS
    canvas = zeros((views, stack.shape[0] + 1, *tile.size), stack.like)
    for step, layers in stack.by_grid(reaching):
        grid = _Grid(stack, region, around if step > 1 else tile, step, by_quadrant)
        cells = zeros((*canvas.shape[:2], *grid.target.in_cells(step).size), stack.like)
        for layer, source in layers:
            reached = grid.reached(layer, source)
            if not reached.is_empty:
                under = cells[(..., *grid.cells(reached, grid.target))]
                _put_over(under, grid.blurred(parts, layer, source))
        if step > 1:
            cells = _on_pixels(cells, step, around, tile)
        _put_over(canvas, cells)
    return canvas


@dataclass(frozen=True)
class _Grid:
    """Where layers are composited: a rectangle in cells of step x step pixels.

    Parameters
    ----------
    stack : LayerStack
    region : Region
        Of the parts.
    target : Region
        What is asked for; it starts and ends on the grid.
    step : int
    by_quadrant : bool
    """

    stack: LayerStack
    region: Region
    target: Region
    step: int
    by_quadrant: bool

    def reached(self, layer: int, source: Region) -> Region:
        """Return the part of the target that a layer's blur reaches."""
        reach = self.stack.reach_px(self.stack.radii[layer], self.step)
        return source.aligned(self.step).grown(reach).within(self.target)

    def cells(self, region: Region, of: Region) -> tuple[slice, slice]:
        """Return the index of a rectangle among the cells of another."""
        return region.relative_to(of).in_cells(self.step).slices

    def blurred(self, parts: Sequence[Part], layer: int, source: Region) -> Array:
        """Return a layer's colour times coverage, and coverage, where it is reached.

        Coverage is the share of what is known up to there.
        """
        radius = self.stack.radii[layer]
        reached, source = self.reached(layer, source), source.aligned(self.step)
        here = [part.cut(source.relative_to(self.region)) for part in parts]
        fields = pooled(_fields(here, layer, radius), self.step)
        views = self._blur(fields, radius, reached, source)
        around = reached.grown(self.stack.reach_px(radius, self.step))
        if self.stack.is_frontmost(layer, around):
            return views
        here = [part.cut(around.relative_to(self.region), self.step) for part in parts]
        known = _known_behind(here, layer, radius)
        shared = around.within(source)
        known[(..., *self.cells(shared, around))] += fields[
            (slice(-1, None), *self.cells(shared, source))
        ]
        known = self._blur(clip(known, None, 1.0), radius, reached, around)
        views /= clip(known, _LEAST_KNOWN, None)
        return views

    def _blur(
        self, planes: Array, radius: float, target: Region, source: Region
    ) -> Array:
        return self.stack.bank.blurred(
            planes,
            radius / self.step,
            target.relative_to(source).in_cells(self.step),
            by_quadrant=self.by_quadrant,
        )


def _fields(parts: Sequence[Part], layer: int, radius: float) -> Array:
    """Return I A_k (C planes) and A_k."""
    first = parts[0]
    fields = first.light * tent(first.position, layer)
    in_front = first
    for part in parts[1:]:
        share = part.coverage * share_behind(in_front.coc_radius_px, radius)
        fields += part.light * (tent(part.position, layer) * share)
        in_front = part
    return fields


def _known_behind(parts: Sequence[Part], layer: int, radius: float) -> Array:
    """Return what is known to lie behind layer k, U_k - A_k, as one plane (1, h, w)."""
    known = known_up_to(parts[0].position, layer - 1)
    in_front = parts[0]
    for part in parts[1:]:
        share = part.coverage * share_behind(in_front.coc_radius_px, radius)
        known += share * known_up_to(part.position, layer - 1)
        in_front = part
    return known[None, ...]


def _has_two_blurs(parts: Sequence[Part]) -> bool:
    """Return whether a blurred surface stands before a blurred one."""
    if len(parts) < 2:
        return False
    xp = array_namespace(parts[0].light)
    front, back = parts[:2]
    least = xp.minimum(xp.abs(front.coc_radius_px), xp.abs(back.coc_radius_px))
    return bool(xp.any((back.coverage > 0) & (least > _QUARTERED_FROM_PX)))


def _put_over(canvas: Array, layer: Array) -> None:
    """Composite premultiplied colour and coverage over a canvas, in place."""
    canvas *= 1 - layer[:, -1:, ...]
    canvas += layer


def _sum_of_quarters(views: Array, weights: FloatArray) -> Array:
    """Return left and right from what each view shows through quarters of the pupil.

    What one quarter knows nothing of is taken from the others, in proportion.
    """
    xp = array_namespace(views)
    parts = xp.reshape(views, (_VIEWS, _QUARTERS, *views.shape[1:]))
    return xp.sum(parts * asarray_like(weights, views)[:, :, None, None, None], axis=1)


def _on_pixels(cells: Array, step: int, region: Region, target: Region) -> Array:
    """Return coarse canvases of one rectangle, interpolated on another inside it."""
    while step > 1:
        cells, region, step = doubled(cells), region.grown(-step), step // 2
    return cells[(..., *target.relative_to(region).slices)]
