"""Pictures for people: a contact sheet and a left/right flip per sequence."""

# Matplotlib is typed in part only.
# pyright: basic

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import CenteredNorm, LogNorm, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from pipeline import layout
from pipeline.data_card import psf_text
from pipeline.images import read_map, read_png
from pipeline.plot_text import plot_text

FLIP_PERIOD_MS = 350
FLIP_WIDTH_PX = 768
SHEET_INCHES = (17.0, 6.4)
DIFFERENCE_QUANTILE = 0.998  # the rest is single noisy pixels
SKY_COLOUR = "#cfd8dc"

Picture = NDArray[Any]


def write_previews(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the previews of a dataset that lies in ``folder``.

    ``preview/overview.png`` shows every sequence; ``preview/SEQUENCE.png`` and
    ``preview/SEQUENCE_flip.gif`` show the middle frame of each.
    """
    preview = folder / layout.PREVIEW
    preview.mkdir()
    sequences: list[dict[str, Any]] = manifest["sequences"]
    files = {
        sequence["name"]: _middle_frame(folder, sequence) for sequence in sequences
    }
    for sequence in sequences:
        name = sequence["name"]
        write_contact_sheet(
            preview / f"{name}.png", files[name], _title(sequence), _subtitle(sequence)
        )
        write_flip(
            preview / f"{name}_flip.gif", files[name]["left"], files[name]["right"]
        )
    write_overview(preview / "overview.png", sequences, files)


def _middle_frame(folder: Path, sequence: dict[str, Any]) -> dict[str, Path]:
    frames = sequence["frames"]
    frame = frames[len(frames) // 2]
    split, name = sequence["split"], sequence["name"]
    return {
        kind: folder / layout.dataset_file(kind, split, name, frame)
        for kind in layout.PICTURES
    }


def _title(sequence: dict[str, Any]) -> str:
    camera = sequence["settings"]["camera"]["name"]
    return f"{sequence['name']}: {sequence['scene']}, camera {camera}"


def _subtitle(sequence: dict[str, Any]) -> str:
    settings = sequence["settings"]
    camera, noise = settings["camera"], settings["noise"]
    sigma = "" if noise["model"] == "none" else f", sigma {noise['sigma']:.3f}"
    return (
        f"{sequence['split']}   |   focal length {camera['focal_length_m']:g} m, "
        f"f/{camera['f_number']:g}, focus {camera['focus_distance_m']:g} m, "
        f"pixel pitch {camera['pixel_pitch_m']:g} m   |   "
        f"PSF {psf_text(settings['psf'])}   |   noise {noise['model']}{sigma}   |   "
        f"{settings['mode']} mode"
    )


def write_overview(
    path: Path, sequences: list[dict[str, Any]], files: dict[str, dict[str, Path]]
) -> None:
    """Write one picture of the dataset: scenes down, target and cameras across."""
    scenes = list(dict.fromkeys(sequence["scene"] for sequence in sequences))
    columns = len(sequences) // len(scenes) + 1
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        size = (2.9 * columns, 1.85 * len(scenes))
        figure = Figure(figsize=size, dpi=110, layout="constrained")
        FigureCanvasAgg(figure)
        axes = np.asarray(figure.subplots(len(scenes), columns, squeeze=False))
        for row, scene in enumerate(scenes):
            members = [s for s in sequences if s["scene"] == scene]
            target = _display(files[members[0]["name"]]["target"])
            _show(axes[row, 0], f"{scene} ({members[0]['split']}): target", target)
            for axis, sequence in zip(axes[row, 1:], members, strict=True):
                low, high = sequence["coc_range_px"]
                camera = sequence["settings"]["camera"]["name"]
                title = f"camera {camera}: CoC {low:.1f} .. {high:.1f} px"
                _show(axis, title, _display(files[sequence["name"]]["combined"]))
        figure.savefig(path, metadata={"Software": None})


def write_contact_sheet(
    path: Path, files: dict[str, Path], title: str, subtitle: str
) -> None:
    """Write one frame's left, right, combined, target, depth, CoC and difference.

    Parameters
    ----------
    path : Path
        PNG to write.
    files : dict
        Picture files by `layout` kind.
    title, subtitle : str
        Words above and below.
    """
    colour = {k: _display(files[k]) for k in ("left", "right", "combined", "target")}
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=SHEET_INCHES, dpi=110, layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(plot_text(title), fontsize=13, fontweight="bold")
        figure.supxlabel(plot_text(subtitle), fontsize=9, color="0.3")
        axes = list(np.asarray(figure.subplots(2, 4)).flat)
        for axis, (kind, picture) in zip(axes[:4], colour.items(), strict=True):
            _show(axis, kind, picture)
        _show_depth(axes[4], read_map(files["depth"]))
        coc_px = read_map(files["coc"])
        reach_px = float(np.abs(coc_px).max())
        _show_signed(axes[5], "CoC radius in px, > 0 behind focus", coc_px, reach_px)
        difference = colour["left"].mean(axis=-1) - colour["right"].mean(axis=-1)
        reach = float(np.quantile(np.abs(difference), DIFFERENCE_QUANTILE))
        _show_signed(axes[6], "left - right, encoded grey", difference, reach)
        _show(axes[7], "anaglyph: left red, right cyan", _anaglyph(colour))
        figure.savefig(path, metadata={"Software": None})


def write_flip(path: Path, left_file: Path, right_file: Path) -> None:
    """Write an endless animation that alternates the left and the right view."""
    pictures = [
        Image.fromarray(np.rint(_display(file) * 255).astype(np.uint8))
        for file in (left_file, right_file)
    ]
    width, height = pictures[0].size
    shown = (FLIP_WIDTH_PX, round(height * FLIP_WIDTH_PX / width))
    if width > FLIP_WIDTH_PX:
        pictures = [p.resize(shown, Image.Resampling.LANCZOS) for p in pictures]
    # Median cut, the default, loses small things of strong colour, such as lights.
    palette = pictures[0].quantize(256, method=Image.Quantize.FASTOCTREE)
    frames = [p.quantize(palette=palette) for p in pictures]
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=FLIP_PERIOD_MS,
        loop=0,
        optimize=False,
    )


def _display(file: Path) -> Picture:
    """Return an encoded picture in [0, 1]."""
    return read_png(file).astype(np.float32) / np.iinfo(np.uint16).max


def _anaglyph(colour: dict[str, Picture]) -> Picture:
    return np.concatenate([colour["left"][..., :1], colour["right"][..., 1:]], axis=-1)


def _show(axis: Axes, title: str, picture: Picture, **options: Any) -> Any:
    axis.set_title(plot_text(title), fontsize=10)
    axis.set_axis_off()
    return axis.imshow(picture, interpolation="nearest", **options)


def _show_depth(axis: Axes, depth_m: Picture) -> None:
    finite = depth_m[np.isfinite(depth_m)]
    norm = (
        LogNorm(float(finite.min()), float(finite.max()) * 1.001)
        if finite.size
        else Normalize(1, 2)
    )
    colours = mpl.colormaps["viridis_r"].with_extremes(bad=SKY_COLOUR)
    shown = np.ma.masked_invalid(depth_m)
    image = _show(axis, "depth in m, sky grey", shown, norm=norm, cmap=colours)
    _add_scale(axis, image)


def _show_signed(axis: Axes, title: str, values: Picture, reach: float) -> None:
    norm = CenteredNorm(0.0, max(reach, 1e-3))
    _add_scale(axis, _show(axis, title, values, norm=norm, cmap="RdBu_r"))


def _add_scale(axis: Axes, image: Any) -> None:
    """Add a colour scale as wide as the picture, so that pictures stay aligned."""
    scale = axis.inset_axes((0.0, -0.1, 1.0, 0.045))
    bar = axis.figure.colorbar(image, cax=scale, orientation="horizontal")
    bar.ax.tick_params(labelsize=8)
