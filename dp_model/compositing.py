"""Layers blurred and put together, back to front, for both views."""

from dp_model.arrays import Array, FloatArray, array_namespace
from dp_model.blur import Region, convolve
from dp_model.layers import (
    Surface,
    bounding_region,
    known_up_to,
    layer_position,
    nearest_layer,
    second_surface_share,
    tent,
)
from dp_model.psf import DualPixelPsf

_LEAST_KNOWN = 1e-3  # of a kernel's light: below it a layer fades instead of 0/0
_LEAST_COVERAGE = 1e-30  # a normal float32; real coverage is never so small


def composite_occlusion(
    first: Surface, second: Surface, radii: FloatArray, psf: DualPixelPsf
) -> tuple[Array, Array]:
    """Return left and right with each layer hiding what is behind it.

    Parameters
    ----------
    first, second : Surface
        What the picture shows, and what is behind it where that is known.
    radii : float64 array
        Signed CoC radii of the layers, back to front.
    psf : DualPixelPsf

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
    does not hide itself.  The second surface enters A_k and U_k only where the first is
    well in front of layer k (`layers.second_surface_share`), for the same reason.

    References
    ----------
    Ikoma et al. (2021) for the normalisation by U_k; the second surface is ours.
    Abuolaim et al. (2021), section 3, alpha-blends without either.
    """
    xp = array_namespace(first.linear_rgb)
    positions = (
        layer_position(first.coc_radius_px, radii),
        layer_position(second.coc_radius_px, radii),
    )
    has_second = second.coverage > 0
    canvases = _blank_canvases(first.linear_rgb)
    for layer, radius in enumerate(radii.tolist()):
        in_first, in_second = (xp.abs(position - layer) < 1 for position in positions)
        reach = _reach(in_first | (in_second & has_second), psf.support_px(radius))
        if reach is None:
            continue
        source, target = reach
        fields = _layer_fields(first, second, positions, layer, radius, source.slices)
        part = target.relative_to(source)
        views = convolve(fields, psf.kernels(radius), region=part)
        for canvas, view in zip(canvases, views, strict=True):
            known = xp.clip(view[..., -1:], _LEAST_KNOWN, None)
            _put_over(canvas, target, view[..., :-1] / known)
    left, right = (
        canvas[..., :-1] / xp.clip(canvas[..., -1:], _LEAST_COVERAGE, None)
        for canvas in canvases
    )
    return left, right


def composite_paper(
    first: Surface, radii: FloatArray, psf: DualPixelPsf
) -> tuple[Array, Array]:
    """Return left and right by plain alpha blending of blurred layers.

    Every pixel is in its nearest layer.  Colour and mask of a layer are blurred, and
    the blurred mask is the alpha: out = I A_k * PSF + (1 - A_k * PSF) out, from black.
    Where layers meet, alphas that should add to 1 are multiplied, and the picture
    darkens: this is the method as printed, without a remedy.

    References
    ----------
    Abuolaim et al. (2021), section 3.
    """
    position = layer_position(first.coc_radius_px, radii)
    canvases = _blank_canvases(first.linear_rgb)
    for layer, radius in enumerate(radii.tolist()):
        mask = nearest_layer(position, layer)
        reach = _reach(mask > 0, psf.support_px(radius))
        if reach is None:
            continue
        source, target = reach
        mask = mask[source.slices]
        fields = _stack(mask[..., None] * first.linear_rgb[source.slices], mask)
        part = target.relative_to(source)
        views = convolve(fields, psf.kernels(radius), region=part)
        for canvas, view in zip(canvases, views, strict=True):
            _put_over(canvas, target, view)
    left, right = (canvas[..., :-1] for canvas in canvases)
    return left, right


def _blank_canvases(linear_rgb: Array) -> tuple[Array, Array]:
    """Return a black, empty canvas for each view: colour, then coverage."""
    xp = array_namespace(linear_rgb)
    blank = xp.zeros_like(_stack(linear_rgb, linear_rgb[..., 0]))
    return blank, xp.zeros_like(blank)


def _stack(light: Array, *planes: Array) -> Array:
    """Return colour with further planes as its last channels."""
    xp = array_namespace(light)
    channels = [light[..., index] for index in range(light.shape[-1])]
    return xp.stack([*channels, *planes], axis=-1)


def _layer_fields(
    first: Surface,
    second: Surface,
    positions: tuple[Array, Array],
    layer: int,
    radius: float,
    part: tuple[slice, slice],
) -> Array:
    """Return I A_k, A_k and U_k as channels, on part of the picture."""
    xp = array_namespace(first.linear_rgb)
    first_position, second_position = (position[part] for position in positions)
    share = second_surface_share(first, second, radius, part)
    in_first = tent(first_position, layer)
    in_second = tent(second_position, layer) * share
    light = (
        in_first[..., None] * first.linear_rgb[part]
        + in_second[..., None] * second.linear_rgb[part]
    )
    known = known_up_to(first_position, layer)
    known = known + share * known_up_to(second_position, layer)
    return _stack(light, in_first + in_second, xp.clip(known, 0.0, 1.0))


def _reach(is_occupied: Array, support_px: int) -> tuple[Region, Region] | None:
    """Return what to read and where a blurred layer reaches; None if it is empty."""
    height, width = is_occupied.shape
    box = bounding_region(is_occupied)
    if box is None:
        return None
    target = box.grown(support_px, height, width)
    return target.grown(support_px, height, width), target


def _put_over(canvas: Array, region: Region, layer: Array) -> None:
    """Composite a layer, colour times coverage and then coverage, over the canvas."""
    behind = canvas[region.slices]
    canvas[region.slices] = layer + (1 - layer[..., -1:]) * behind
