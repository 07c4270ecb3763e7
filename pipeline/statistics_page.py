"""One picture of what a dataset shows, beside what is known of SYNTHIA."""

# Matplotlib is typed in part only.
# pyright: basic

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from blender_scenes.frames import LABELS
from pipeline.plot_text import percent, plot_text
from pipeline.statistics import (
    COC_EDGES_PX,
    DEPTH_DECADES_M,
    DEPTH_EDGES_M,
    SYNTHIA_CLASS_PERCENT,
    SYNTHIA_FARTHEST_M,
    TEXTURE_BANDS_M,
    Statistics,
    total,
)

_INCHES = (15.0, 10.0)
_OURS, _SYNTHIA = "#1565c0", "#ef6c00"
_SCENES_NAMED, _LONGEST_NAME = 5, 24
_LEAST_PERCENT = 0.003  # what is shown of a class on the logarithmic axis


def write_statistics_page(
    path: Path, by_scene: Mapping[str, Statistics], title: str
) -> None:
    """Write a PNG: depth, classes, texture by depth and CoC per camera.

    Parameters
    ----------
    path : Path
    by_scene : dict
        Scene name -> its statistics; all of the same cameras.
    title : str
    """
    whole = total(by_scene.values())
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=_INCHES, dpi=100, layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(plot_text(title), fontsize=13, fontweight="bold")
        figure.supxlabel(clipped_words(by_scene, whole), fontsize=9, color="0.3")
        axes = np.asarray(figure.subplots(2, 2))
        _draw_depth(axes[0, 0], by_scene, whole)
        _draw_classes(axes[0, 1], whole)
        _draw_texture(axes[1, 0], by_scene, whole)
        _draw_coc(axes[1, 1], whole)
        for axis in axes.flat:
            axis.grid(alpha=0.25)
            axis.set_axisbelow(True)
        figure.savefig(path, metadata={"Software": None})


def clipped_words(by_scene: Mapping[str, Statistics], whole: Statistics) -> str:
    """Return how much is brighter than white, the worst scenes by name."""
    shares = {name: part.clipped_share for name, part in by_scene.items()}
    worst = sorted(shares, key=lambda name: -shares[name])[:_SCENES_NAMED]
    words = ", ".join(f"{_cut(name)} {percent(shares[name])}" for name in worst)
    left_out = len(shares) - len(worst)
    more = f", and {left_out} others" if left_out else ""
    return plot_text(
        "Brighter than white, and clipped in 16-bit images: "
        f"{percent(whole.clipped_share)} of all pixels ({words}{more})"
    )


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _draw_depth(
    axis: Axes, by_scene: Mapping[str, Statistics], whole: Statistics
) -> None:
    for name, part in by_scene.items():
        _steps(
            axis,
            DEPTH_EDGES_M,
            part.depth / part.pixels,
            label=plot_text(_cut(name)),
            lw=0.9,
        )
    shares = whole.depth / whole.pixels
    _steps(axis, DEPTH_EDGES_M, shares, label="all scenes", lw=2.2, color=_OURS)
    axis.set_xscale("log")
    axis.axvline(SYNTHIA_FARTHEST_M, color=_SYNTHIA, ls="--")
    top = axis.get_ylim()[1]
    axis.text(
        SYNTHIA_FARTHEST_M * 1.05, top * 0.97, "SYNTHIA is clipped here",
        color=_SYNTHIA, rotation=90, va="top",
    )  # fmt: skip
    decades = pairwise(DEPTH_DECADES_M)
    for (low, high), count in zip(decades, whole.depth_decades, strict=True):
        axis.axvline(low, color="0.6", lw=0.7)
        share = f"{count / whole.pixels:.1%}"
        axis.text(np.sqrt(low * high), top * 0.93, share, ha="center", color="0.25")
    axis.set_title(f"Depth; sky {whole.sky / whole.pixels:.1%}")
    axis.set_xlabel("depth, m (bins of 12 %); shares of pixels per decade above")
    axis.set_ylabel("share of pixels per bin")
    axis.legend(fontsize=8, loc="upper left")


def _draw_classes(axis: Axes, whole: Statistics) -> None:
    percent = 100.0 * whole.labels / whole.pixels
    rows = [n for n in sorted(LABELS, key=lambda n: percent[n]) if percent[n] > 0]
    known = [n for n in LABELS if LABELS[n] in SYNTHIA_CLASS_PERCENT]
    rows = [n for n in known if n not in rows] + rows
    places = np.arange(len(rows))
    shown = np.maximum(percent[rows], _LEAST_PERCENT)
    axis.barh(places, shown, color=_OURS, height=0.62, label="this dataset")
    theirs = [(at, n) for at, n in enumerate(rows) if n in known]
    axis.plot(
        [SYNTHIA_CLASS_PERCENT[LABELS[n]] for _, n in theirs],
        [at for at, _ in theirs],
        "D", color=_SYNTHIA, ms=5, label="SYNTHIA-RAND-CITYSCAPES",
    )  # fmt: skip
    axis.set_yticks(places, [LABELS[n] for n in rows])
    axis.set_xscale("log")
    axis.set_xlim(left=_LEAST_PERCENT)
    axis.set_xlabel("percent of pixels")
    axis.set_title(f"Classes: {int((percent > 0).sum())} of {len(LABELS)} occur")
    axis.legend(fontsize=8, loc="lower right")


def _draw_texture(
    axis: Axes, by_scene: Mapping[str, Statistics], whole: Statistics
) -> None:
    bands = list(pairwise(TEXTURE_BANDS_M))
    places = np.arange(len(bands))
    axis.bar(places, whole.gradient_energy, color=_OURS, width=0.6, label="all scenes")
    for name, part in by_scene.items():
        seen = part.gradient_pixels > 0
        axis.plot(
            places[seen],
            part.gradient_energy[seen],
            "o",
            ms=5.5,
            mec="white",
            mew=0.8,
            label=plot_text(_cut(name)),
        )
    axis.set_xticks(
        places, [f"{a:g}-{b:g} m" if np.isfinite(b) else f"> {a:g} m" for a, b in bands]
    )
    axis.set_title("Texture: mean squared gradient of encoded luminance by depth")
    axis.set_ylabel("(white / pixel)²; not published for SYNTHIA")
    axis.legend(fontsize=8)


def _draw_coc(axis: Axes, whole: Statistics) -> None:
    reach = 1.0
    for name, counts in whole.coc.items():
        share = counts / max(counts.sum(), 1.0)
        _steps(axis, COC_EDGES_PX, share, label=plot_text(f"camera {name}"), lw=1.5)
        used = np.abs(COC_EDGES_PX[:-1][counts > 0])
        reach = max(reach, float(used.max(initial=0.0)))
    axis.set_xlim(-reach - 1, reach + 1)
    axis.set_yscale("log")
    axis.set_title("Blur: signed CoC radius per camera, > 0 behind focus")
    axis.set_xlabel("CoC radius, px (bins of 0.5 px)")
    axis.set_ylabel("share of pixels per bin")
    axis.legend(fontsize=8)


def _steps(axis: Axes, edges: np.ndarray, shares: np.ndarray, **look: Any) -> None:
    axis.stairs(shares, edges, baseline=None, **look)
