"""Draw the bank of point spread functions.

python docs/psf_figures.py OUTPUT_FOLDER
"""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray
from PIL import Image

from dp_model.psf import PAPER_BANK, ButterworthPsf, DualPixelPsf, RampDiskPsf
from dp_model.released import RELEASED_BANK, ReleasedPsf

RADIUS_PX = 30
WINDOW_PX = 39  # from the centre; of the tails beyond, nothing would be seen
GAP_PX = 3
DPI = 115
COLOUR_MAP = "magma"
TEXT_PT = 8
COLUMNS = 4  # of the bank

SIDES = {
    1: "front focus: a point behind the focus plane, r > 0",
    -1: "back focus: a point in front of it, r < 0",
}
SHOWN: tuple[DualPixelPsf, ...] = (
    ButterworthPsf(3, 0.4, 0.1, 0.14),
    ButterworthPsf(3, 1.0, 0.4, 0.14),
    ButterworthPsf(9, 0.6, 0.3, 0.14),
    ButterworthPsf(9, 1.0, 0.1, 0.14),
    ReleasedPsf(9, 1.0, 0.1),
    RampDiskPsf(),
)

Picture = NDArray[np.float64]
ShapeT = TypeVar("ShapeT")


@dataclass(frozen=True)
class Block:
    """Rows of shapes under one heading: what the columns differ in."""

    columns: tuple[str, ...]
    rows: dict[str, Sequence[DualPixelPsf]]


def main() -> None:
    """Write psf_bank.png and psf_views.png."""
    write_psf_pictures(Path(sys.argv[1]))


def write_psf_pictures(output: Path) -> None:
    """Write the picture of all shapes, and that of some on both sides of focus."""
    output.mkdir(parents=True, exist_ok=True)
    for name, figure in (("psf_bank", bank_figure()), ("psf_views", views_figure())):
        drawn = io.BytesIO()
        figure.savefig(drawn, dpi=DPI)
        # A third of the bytes, and no difference to be seen.
        with Image.open(drawn) as picture:
            flat = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
            flat.save(output / f"{name}.png", optimize=True)


def bank_figure() -> Figure:
    """Return every shape behind focus: left, right and their sum."""
    figure = Figure(figsize=(6.6, 9.0))
    blocks = _blocks()
    heights = [part for block in blocks for part in (0.42, *[1.0] * len(block.rows))]
    grid = figure.add_gridspec(
        len(heights), COLUMNS, height_ratios=heights, wspace=0.05, hspace=0.06,
        left=0.125, right=0.995, top=0.998, bottom=0.004,
    )  # fmt: skip
    line = 0
    for block in blocks:
        for name, shapes in block.rows.items():
            line += 1
            for column, psf in enumerate(shapes):
                axis = figure.add_subplot(grid[line, column])
                _show(axis, psf, 1)
                if column == 0:
                    _label_left(axis, name)
                if shapes is next(iter(block.rows.values())):
                    _label_above(axis, 0.5, block.columns[column])
        line += 1
    return figure


def _blocks() -> list[Block]:
    """Return the bank: the paper's shapes by n, the released ones, the ramp-disk."""
    betas = tuple(f"β = {psf.beta:g}" for psf in PAPER_BANK[:COLUMNS])
    blocks = [
        Block(betas, {f"n = {order}\nα = {row[0].alpha:g}": row for row in rows})
        for order, rows in itertools.groupby(
            _in_rows(PAPER_BANK), key=lambda row: row[0].order
        )
    ]
    released = Block(
        tuple(
            f"α = {psf.alpha:g}, β = {psf.beta:g}" for psf in RELEASED_BANK[:COLUMNS]
        ),
        {f"released\nn = {row[0].order}": row for row in _in_rows(RELEASED_BANK)},
    )
    return [*blocks, released, Block(("",), {"ramp-disk": (RampDiskPsf(),)})]


def _in_rows(bank: tuple[ShapeT, ...]) -> list[tuple[ShapeT, ...]]:
    return [bank[start : start + COLUMNS] for start in range(0, len(bank), COLUMNS)]


def views_figure() -> Figure:
    """Return some shapes: left, right and sum on either side of focus."""
    figure = Figure(figsize=(6.6, 5.85))
    grid = figure.add_gridspec(
        len(SHOWN), len(SIDES), wspace=0.04, hspace=0.05,
        left=0.155, right=0.93, top=0.925, bottom=0.01,
    )  # fmt: skip
    drawn: list[AxesImage] = []
    for line, psf in enumerate(SHOWN):
        for column, (sign, side) in enumerate(SIDES.items()):
            axis = figure.add_subplot(grid[line, column])
            drawn.append(_show(axis, psf, sign))
            if line == 0:
                axis.set_title(side, fontsize=TEXT_PT, pad=17)
                for index, name in enumerate(("left", "right", "sum")):
                    _label_above(axis, (2 * index + 1) / 6, name)
            if column == 0:
                _label_left(axis, _name(psf))
    bar = figure.colorbar(drawn[0], cax=figure.add_axes((0.945, 0.01, 0.012, 0.915)))
    bar.ax.tick_params(labelsize=TEXT_PT - 1)
    return figure


def _show(axis: Axes, psf: DualPixelPsf, sign: int) -> AxesImage:
    """Draw left, right and their sum side by side, scaled to the peak of the sum."""
    left, right = (_windowed(kernel) / 2 for kernel in psf.kernels(sign * RADIUS_PX))
    combined = left + right
    gap = np.full((left.shape[0], GAP_PX), np.nan)
    strip = np.concatenate([left, gap, right, gap, combined], axis=1)
    axis.set_axis_off()
    return axis.imshow(strip / combined.max(), cmap=COLOUR_MAP, vmin=0, vmax=1)


def _windowed(kernel: Picture) -> Picture:
    """Return the middle of a kernel, or the kernel amid zeros, in the window's size."""
    excess = kernel.shape[0] // 2 - WINDOW_PX
    if excess < 0:
        return np.pad(kernel, -excess)
    middle = slice(excess, kernel.shape[0] - excess)
    return kernel[middle, middle]


def _name(psf: DualPixelPsf) -> str:
    """Return what a row is called."""
    if not isinstance(psf, ButterworthPsf | ReleasedPsf):
        return "ramp-disk"
    kind = "paper" if isinstance(psf, ButterworthPsf) else "released"
    return f"{kind}, n = {psf.order}\nα = {psf.alpha:g}, β = {psf.beta:g}"


def _label_left(axis: Axes, text: str) -> None:
    axis.text(
        -0.03, 0.5, text, transform=axis.transAxes, ha="right", va="center",
        fontsize=TEXT_PT,
    )  # fmt: skip


def _label_above(axis: Axes, x: float, text: str) -> None:
    axis.text(
        x, 1.03, text, transform=axis.transAxes, ha="center", va="bottom",
        fontsize=TEXT_PT,
    )  # fmt: skip


if __name__ == "__main__":
    main()
