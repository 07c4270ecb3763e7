"""OpenEXR files of strangers: every part of them, which channel is what, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from pipeline.errors import UserError
from pipeline.importers.checks import check_side, equal, same_in_all
from pipeline.importers.placement import Place, Placed, Window

_READ_ERRORS = (RuntimeError, ValueError, OSError, TypeError, KeyError, MemoryError)
_IMAGES = ("scanlineimage", "tiledimage")
_ALPHA = "a"
_RGB = ("r", "g", "b")
_DEPTH_WORD = "depth"
_DEPTH_PASSES = ("depth", "z")
_MEASURES = (  # passes of Blender that are never depth, whatever their channels
    *("mist", "normal", "position", "vector", "uv", "object index", "material index"),
    *("denoising depth", "denoising normal"),
)


@dataclass(frozen=True)
class ExrPart:
    """What the header of one part says.

    Parameters
    ----------
    channels : tuple of str
        Names, with that of the part before them where there are several parts.
    place : Place
    storage : str
    pixel_aspect : float
    chromaticities : tuple of float
        Of the primaries and of white; empty where none are stated.
    colour_space : str
        Attribute ``colorInteropID``, as Blender 5 writes it; may be empty.
    """

    channels: tuple[str, ...]
    place: Place
    storage: str
    pixel_aspect: float = 1.0
    chromaticities: tuple[float, ...] = ()
    colour_space: str = ""


@dataclass(frozen=True)
class ExrFile:
    """Channels of all parts by name.

    Parameters
    ----------
    parts : tuple of ExrPart
    pixels : dict
        Name of a channel -> (H, W); empty where only the header was read.
    """

    path: Path
    parts: tuple[ExrPart, ...]
    pixels: dict[str, NDArray[Any]] = field(default_factory=lambda: {})

    def part_of(self, channel: str) -> ExrPart:
        """Return the part that holds a channel."""
        return next(part for part in self.parts if channel in part.channels)

    def names(self) -> list[str]:
        """Return the names of all channels."""
        return [name for part in self.parts for name in part.channels]


def read_exr_header(path: Path) -> ExrFile:
    """Return what a file holds, without its pixels.

    Raises
    ------
    UserError
        If it is broken, too large, or not a flat picture.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        with OpenEXR.File(str(path), header_only=True) as file:
            parts = tuple(_part(part.header, len(file.parts)) for part in file.parts)
    except _READ_ERRORS as error:
        raise _unreadable(path, error) from None
    if not parts or not any(part.channels for part in parts):
        raise UserError(f"{path}: not a readable EXR file (no channels)")
    for part in parts:
        check_side(path, *part.place.data.size)
        check_side(path, *part.place.display.size)
        if part.storage not in _IMAGES:
            raise UserError(f"{path}: {part.storage}; expected a flat picture")
    return ExrFile(path, parts)


def read_exr_file(path: Path) -> ExrFile:
    """Return the channels of all parts.

    Raises
    ------
    UserError
        If it is broken, too large, or not a flat picture of full resolution.
    """
    found = read_exr_header(path)
    pixels: dict[str, NDArray[Any]] = {}
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            # A part that can't be decoded is left out, with a warning on the console.
            if len(file.parts) != len(found.parts):
                raise ValueError("a part is damaged or cut off")
            for part, known in zip(file.parts, found.parts, strict=True):
                for name, channel in part.channels.items():
                    full = _full_name(part.header, name, len(found.parts))
                    pixels[full] = np.array(channel.pixels)
                    if pixels[full].shape != known.place.data.size[::-1]:
                        raise ValueError(f"{full} is not of full resolution")
    except _READ_ERRORS as error:
        raise _unreadable(path, error) from None
    if set(pixels) != set(found.names()):
        raise UserError(f"{path}: not a readable EXR file (channels are missing)")
    return ExrFile(path, found.parts, pixels)


def _unreadable(path: Path, error: BaseException) -> UserError:
    cause = " ".join(str(error).removeprefix(f"{path}: ").split())
    return UserError(f"{path}: not a readable EXR file ({cause})")


def _part(header: dict[str, Any], count: int) -> ExrPart:
    names = [str(channel.name) for channel in header["channels"]]
    chromaticities = header.get("chromaticities", ())
    return ExrPart(
        channels=tuple(_full_name(header, name, count) for name in names),
        place=Place(
            _window(header["dataWindow"]),
            _window(header["displayWindow"]),
            is_stated=True,
        ),
        storage=header["type"].name,
        pixel_aspect=float(header.get("pixelAspectRatio", 1.0)),
        chromaticities=tuple(float(x) for x in chromaticities),
        colour_space=str(header.get("colorInteropID", "")),
    )


def _window(corners: Any) -> Window:
    (left, top), (right, bottom) = ([int(x) for x in corner] for corner in corners)
    return Window(left, top, right - left + 1, bottom - top + 1)


def _full_name(header: dict[str, Any], channel: str, count: int) -> str:
    """Return a name that is unique in the file: parts may repeat those of others."""
    part = str(header.get("name", ""))
    if count == 1 or not part or channel.startswith(f"{part}."):
        return channel
    return f"{part}.{channel}"


# Which channel is what


@dataclass(frozen=True)
class _Layer:
    """Channels with one prefix: last word, in small letters -> name."""

    prefix: str
    channels: dict[str, str]

    @property
    def word(self) -> str:
        """Last word of the prefix, in small letters: the pass."""
        return self.prefix.rpartition(".")[2].casefold()

    @property
    def words(self) -> frozenset[str]:
        """Every word of the prefix: layer, pass and, of two views, which one."""
        return frozenset(self.prefix.casefold().split("."))

    @property
    def without_alpha(self) -> dict[str, str]:
        return {key: name for key, name in self.channels.items() if key != _ALPHA}

    @property
    def is_rgb(self) -> bool:
        return set(self.without_alpha) == set(_RGB)


def _layers(names: Iterable[str]) -> list[_Layer]:
    found: dict[str, dict[str, str]] = {}
    for name in names:
        prefix, _, last = name.rpartition(".")
        found.setdefault(prefix, {})[last.casefold()] = name
    return [_Layer(prefix, channels) for prefix, channels in found.items()]


def depth_channels(file: ExrFile) -> list[tuple[str, ...]]:
    """Return the channels that hold depth: all of them must agree.

    Each item is one channel, or R G B (and A) that hold the same.

    Raises
    ------
    UserError
        If none can be told from the others.
    """
    layers = _layers(file.names())
    some = [layer for layer in layers if layer.words.isdisjoint(_MEASURES)]
    for is_named in (_is_depth_pass, _is_any):
        found = [_named_depth(layer) for layer in some if is_named(layer)]
        if any(found):
            return [chosen for chosen in found if chosen]
    if len(some) == 1 and some[0].without_alpha:
        (layer,) = some
        if layer.is_rgb or len(layer.without_alpha) == 1:
            return [tuple(layer.channels.values())]
    raise UserError(
        f"{file.path}: channels {_listed(file.names())}; expected depth: Z, or a pass "
        "called Depth, or one channel alone, or R G B that are the same"
    )


def _is_depth_pass(layer: _Layer) -> bool:
    return not layer.words.isdisjoint(_DEPTH_PASSES) or not layer.prefix


def _named_depth(layer: _Layer) -> tuple[str, ...]:
    """Return the channels of a layer that say that they are depth, if any do."""
    channels = layer.without_alpha
    is_depth = any(_DEPTH_WORD in word for word in layer.words) or layer.word == "z"
    if is_depth and (len(channels) == 1 or layer.is_rgb):
        return tuple(layer.channels.values())
    if "x" in channels:
        return ()
    named = [name for key, name in channels.items() if _DEPTH_WORD in key]
    return (channels["z"],) if "z" in channels else tuple(named[:1])


def colour_channels(file: ExrFile) -> tuple[str, ...]:
    """Return the names of R, G and B, or of the one channel of a grey picture.

    Those without a prefix come first, then Blender's Combined of a view layer, then
    the only ones there are.

    Raises
    ------
    UserError
        If there are none, or several that do not say which is meant.
    """
    layers = [layer for layer in _layers(file.names()) if _DEPTH_WORD not in layer.word]
    coloured = [layer for layer in layers if set(_RGB) <= set(layer.channels)]
    for is_meant in (_is_plain, _is_combined, _is_any):
        chosen = [layer for layer in coloured if is_meant(layer)]
        if len(chosen) == 1:
            return tuple(chosen[0].channels[key] for key in _RGB)
        if chosen:
            raise UserError(
                f"{file.path}: colour in {_listed(layer.prefix for layer in chosen)}; "
                "expected one R G B, or one Combined of one view layer"
            )
    if len(layers) == 1 and len(layers[0].without_alpha) == 1:
        (key,) = layers[0].without_alpha
        if key in ("y", "v", "r", "l", "grey", "gray"):
            return (layers[0].channels[key],)
    raise UserError(f"{file.path}: channels {_listed(file.names())}; expected R G B")


def _is_plain(layer: _Layer) -> bool:
    return not layer.prefix


def _is_combined(layer: _Layer) -> bool:
    return layer.word == "combined" and not layer.prefix.startswith("Composite.")


def _is_any(layer: _Layer) -> bool:
    return True


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:8]) + (", ..." if len(every) > 8 else "")


def exr_colour(path: Path) -> Placed:
    """Return linear colour as it is, (H, W, 3) float32, and where it lies.

    Raises
    ------
    UserError
        If the file is broken, or it is not clear which channels are meant.
    """
    file = read_exr_file(path)
    names = colour_channels(file)
    if len(names) == 1:
        names *= 3
    colour = np.stack([file.pixels[name] for name in names], axis=-1)
    return Placed(colour.astype(np.float32), file.part_of(names[0]).place)


def exr_depth(path: Path) -> Placed:
    """Return the numbers of the depth channel, (H, W), and where they lie.

    Raises
    ------
    UserError
        If the file is broken, it is not clear which channel is meant, or channels
        that should be the same differ.
    """
    file = read_exr_file(path)
    found = depth_channels(file)
    first = _one_of_equal(file, found[0])
    for other in found[1:]:
        same_place = file.part_of(other[0]).place == file.part_of(found[0][0]).place
        if not same_place or not equal(first, _one_of_equal(file, other)):
            raise UserError(
                f"{path}: {found[0][0]} and {other[0]} differ; expected one channel of "
                "depth"
            )
    return Placed(first, file.part_of(found[0][0]).place)


def _one_of_equal(file: ExrFile, names: Sequence[str]) -> NDArray[Any]:
    """Return what R, G and B hold alike; alpha may not thin them out."""
    by_key = {name.rpartition(".")[2].casefold(): name for name in names}
    alpha = by_key.pop(_ALPHA, None) if len(by_key) > 1 else None
    return same_in_all(
        file.path,
        {name: file.pixels[name] for name in by_key.values()},
        None if alpha is None else file.pixels[alpha],
    )
