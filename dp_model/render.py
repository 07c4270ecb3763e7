"""Dual-pixel views of an all-in-focus picture with depth."""

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from dp_model.arrays import Array, FloatArray, array_namespace, is_real_floating
from dp_model.camera import ThinLensCamera
from dp_model.compositing import composite_occlusion, composite_paper
from dp_model.disocclusion import surfaces_behind
from dp_model.edges import without_bleeding
from dp_model.layers import Surface, layer_radii, separation_px
from dp_model.psf import DualPixelPsf
from dp_model.radiometry import decode_srgb, encode_srgb
from dp_model.released import gather, released_coc_radius_px

Mode: TypeAlias = Literal["occlusion", "paper", "released"]

MAX_COC_RADIUS_PX = 2000
"""Beyond it is a mistake of units, and a kernel of gigabytes."""


@dataclass(frozen=True)
class DualPixelViews:
    """What a dual-pixel sensor records of one frame, scene-linear.

    Parameters
    ----------
    left, right : float arrays (H, W, C)
        Through the left and right half of the pupil, seen from behind the camera, at
        full exposure: each has the brightness of the picture.
    combined : float array (H, W, C)
        Mean of left and right: what an ordinary pixel records.
    coc_radius_px : float array (H, W)
        Signed radius that each pixel was blurred for, > 0 behind focus.
    """

    left: Array
    right: Array
    combined: Array
    coc_radius_px: Array


def render_dual_pixel(
    all_in_focus: Array,
    depth_m: Array,
    camera: ThinLensCamera,
    psf: DualPixelPsf,
    *,
    hidden: tuple[Array, Array] | None = None,
    mode: Mode = "occlusion",
) -> DualPixelViews:
    """Return the left, right and combined view of a picture with depth.

    Parameters
    ----------
    all_in_focus : float32 or float64 array (H, W, C)
        Scene-linear colour.  NumPy, torch, ...; the views are of the same library,
        device and precision.
    depth_m : float array (H, W)
        Along the optical axis, > 0; the sky is +inf.
    camera : ThinLensCamera
    psf : DualPixelPsf
    hidden : (array (H, W, C), array (H, W)), optional
        Colour and depth in metres of the second surface along each ray.  Used where it
        is well behind the first (`layers.separation_px`); elsewhere, where its depth is
        NaN, and if it is not given, it is guessed from the surroundings.  Only
        ``mode="occlusion"`` can use it.
    mode : {"occlusion", "paper", "released"}
        ``occlusion``: each layer hides what is behind it (`compositing`).  ``paper``:
        plain alpha blending, which darkens.  ``released``: what the published code
        does (`released`); its quirks of colour, radius and compositing are in this
        mode, those of the PSF in `released.ReleasedPsf`.

    Returns
    -------
    DualPixelViews

    Raises
    ------
    TypeError
        If an array is not float32 or float64, or libraries are mixed.
    ValueError
        If sizes differ, depth is not positive, colour is not finite, a CoC radius
        exceeds `MAX_COC_RADIUS_PX`, or ``hidden`` meets a mode without use for it.

    Notes
    -----
    Beyond its border the picture is continued by its mirror image.

    Examples
    --------
    >>> import numpy as np
    >>> from dp_model.camera import CAMERA_SETS
    >>> from dp_model.psf import PAPER_BANK
    >>> picture, depth_m = np.full((8, 9, 3), 0.5), np.full((8, 9), 3.0)
    >>> views = render_dual_pixel(picture, depth_m, CAMERA_SETS["1"], PAPER_BANK[0])
    >>> bool(abs(views.left - 0.5).max() < 1e-6), float(views.coc_radius_px[0, 0])
    (True, -0.8)
    """
    _check_mode(mode, hidden is not None)
    _check_surface(all_in_focus, depth_m, ("all_in_focus", "depth_m"))
    _check_finite(all_in_focus, "all_in_focus")
    xp = array_namespace(all_in_focus, depth_m)
    coc = _coc_radius_px(camera, depth_m, all_in_focus)
    if mode == "released":
        return _render_released(all_in_focus, coc, psf)
    if mode == "paper":
        first = Surface(_planes(all_in_focus), coc, xp.ones_like(coc))
        left, right = composite_paper(first, _radii([first]), psf)
        return DualPixelViews(left, right, _mean(left, right), coc)
    first = Surface(_planes(all_in_focus), coc, xp.ones_like(coc))
    given = None
    if hidden is not None:
        given = _given_surface(hidden, first, all_in_focus, depth_m, camera)
    radii = _radii([first] if given is None else [first, given])
    first = dataclasses.replace(first, planes=without_bleeding(first, given))
    surfaces = [first, *surfaces_behind(first, given)]
    left, right = composite_occlusion(
        surfaces, radii, psf, knows_second=given is not None
    )
    return DualPixelViews(left, right, _mean(left, right), coc)


def _radii(surfaces: list[Surface]) -> FloatArray:
    """Return the radii of the layers that hold all of the surfaces."""
    xp = array_namespace(surfaces[0].planes)
    cocs = [surface.coc_radius_px for surface in surfaces]
    farthest = max(float(xp.max(coc)) for coc in cocs)
    return layer_radii(farthest, min(float(xp.min(coc)) for coc in cocs))


def _mean(left: Array, right: Array) -> Array:
    """Return the mean of two pictures, made in one go."""
    mean = left + right
    mean *= 0.5
    return mean


def _planes(picture: Array) -> Array:
    """Return (H, W, C) as planes (C, H, W)."""
    xp = array_namespace(picture)
    return xp.stack([picture[..., index] for index in range(picture.shape[-1])])


def _render_released(
    linear_rgb: Array, coc_radius_px: Array, psf: DualPixelPsf
) -> DualPixelViews:
    """Return the views of the published code, made linear again."""
    xp = array_namespace(linear_rgb)
    encoded = _planes(encode_srgb(xp.clip(linear_rgb, 0.0, 1.0)))
    whole_coc = released_coc_radius_px(coc_radius_px)
    left, right = gather(encoded, whole_coc, psf)
    # The release averages what it writes, encoded values.
    combined = (left + right) / 2
    return DualPixelViews(
        decode_srgb(left), decode_srgb(right), decode_srgb(combined), whole_coc
    )


def _given_surface(
    hidden: tuple[Array, Array],
    first: Surface,
    all_in_focus: Array,
    depth_m: Array,
    camera: ThinLensCamera,
) -> Surface | None:
    """Return the second surface that was given, covering where it is well behind.

    None if it is so nowhere.

    One hardly behind the first is blurred like it and passed over: it would take the
    place of the background, which does show at the edge.
    """
    hidden_rgb, hidden_depth_m = hidden
    _check_surface(hidden_rgb, hidden_depth_m, ("hidden[0]", "hidden[1]"))
    _check_device((hidden_rgb, depth_m), ("hidden[0]", "depth_m"))
    if tuple(hidden_rgb.shape) != tuple(all_in_focus.shape):
        raise ValueError(
            f"hidden must have the size of the picture, {tuple(all_in_focus.shape)}; "
            f"got {tuple(hidden_rgb.shape)}"
        )
    xp = array_namespace(all_in_focus, hidden_rgb, hidden_depth_m)
    is_behind = hidden_depth_m > depth_m  # false for NaN, and for sky behind sky
    coc = _coc_radius_px(
        camera, xp.where(is_behind, hidden_depth_m, depth_m), all_in_focus
    )
    is_behind = is_behind & (coc - first.coc_radius_px > separation_px(coc))
    if not bool(xp.any(is_behind)):
        return None
    usable_rgb = xp.where(is_behind[..., None], hidden_rgb, all_in_focus)
    _check_finite(usable_rgb, "hidden[0]")
    return Surface(
        xp.asarray(_planes(usable_rgb), dtype=all_in_focus.dtype),
        xp.where(is_behind, coc, first.coc_radius_px),
        xp.asarray(is_behind, dtype=coc.dtype),
    )


def _coc_radius_px(camera: ThinLensCamera, depth_m: Array, like: Array) -> Array:
    """Return the signed CoC radius in the precision of the picture."""
    xp = array_namespace(like)
    coc = xp.asarray(camera.coc_radius_px(depth_m), dtype=like.dtype)
    largest = float(xp.max(xp.abs(coc)))
    if largest > MAX_COC_RADIUS_PX:
        raise ValueError(
            f"the CoC radius reaches {largest:.6g} px; at most {MAX_COC_RADIUS_PX} can "
            f"be rendered. Millimetres in {camera}, or depths near zero?"
        )
    return coc


def _check_mode(mode: str, has_hidden: bool) -> None:
    """Refuse unknown modes, and a second surface that would be ignored."""
    if mode not in get_args(Mode):
        raise ValueError(f"mode must be one of {get_args(Mode)}; got {mode!r}")
    if has_hidden and mode != "occlusion":
        raise ValueError(f'hidden is only used by mode="occlusion"; got mode={mode!r}')


def _check_surface(linear_rgb: Array, depth_m: Array, names: tuple[str, str]) -> None:
    """Refuse anything but float (H, W, C) colour with float (H, W) depth."""
    for array, name in zip((linear_rgb, depth_m), names, strict=True):
        if not is_real_floating(array):
            raise TypeError(
                f"{name} must be float32 or float64; got {array.dtype}. "
                "Encoded or half-precision values? Convert to linear float32 first"
            )
    if linear_rgb.ndim != 3 or tuple(linear_rgb.shape[:2]) != tuple(depth_m.shape):
        raise ValueError(
            f"{names[0]} must be (H, W, C) and {names[1]} (H, W) of the same size; "
            f"got {tuple(linear_rgb.shape)} and {tuple(depth_m.shape)}"
        )
    _check_device((linear_rgb, depth_m), names)
    if 0 in linear_rgb.shape:
        raise ValueError(f"{names[0]} is empty: {tuple(linear_rgb.shape)}")


def _check_device(arrays: tuple[Array, Array], names: tuple[str, str]) -> None:
    """Refuse arrays of two devices."""
    devices = [str(getattr(array, "device", "cpu")) for array in arrays]
    if devices[0] != devices[1]:
        raise ValueError(
            f"{names[0]} and {names[1]} must be on one device; got {devices[0]} and "
            f"{devices[1]}"
        )


def _check_finite(linear_rgb: Array, name: str) -> None:
    """Refuse colour that would spread NaN over everything within a kernel's reach."""
    xp = array_namespace(linear_rgb)
    if not bool(xp.all(xp.isfinite(linear_rgb))):
        raise ValueError(f"{name} must be finite; it holds NaN or infinite values")
