"""Make the pictures of the city: its sequences, its hours and its ground truth.

python docs/city_figures.py OUTPUT_FOLDER
"""

# Matplotlib is typed in part only.
# pyright: basic

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, hsv_to_rgb, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray
from PIL import Image

from blender_scenes.city.cities import CITIES
from blender_scenes.city.description import plan_to_json
from blender_scenes.city.layout import plan_street
from blender_scenes.city.plan import Setting
from blender_scenes.frames import LABELS, frame_file, read_frame
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec
from dp_model.radiometry import encode_srgb

STILLS = Path(__file__).with_name("city_stills.py")
RENDER = RenderSpec(
    width=384, height=216, margin_px=0, samples=16, second_surface=False
)
FRAMES = (1, 220)

SAME_STREET, SAME_FRAME = "city-1", 220
HOURS = (
    Setting("spring", "cloudy", 9.0),
    Setting("summer", "clear", 14.0),
    Setting("autumn", "clear", 16.2),
    Setting("autumn", "rain", 11.0),
    Setting("spring", "fog", 8.0),
    Setting("winter", "snow", 12.0),
    Setting("winter", "cloudy", 16.8),
    Setting("summer", "rain", 23.0),
)

TRUTH_CITY, TRUTH_FRAME = "city-2", 220
TRUTH_RENDER = RenderSpec(width=448, height=252, margin_px=32)
LABEL_RGB = {
    "Void": "#000000", "Road": "#804080", "Sidewalk": "#f423e8", "Building": "#464646",
    "Wall": "#66669c", "Fence": "#be9999", "Pole": "#bdbdbd",
    "TrafficLight": "#faaa1e", "TrafficSign": "#dcdc00", "Vegetation": "#6b8e23",
    "Terrain": "#98fb98", "Sky": "#4682b4", "Person": "#dc143c", "Rider": "#ff7f50",
    "Car": "#00008e", "Truck": "#004066", "Bus": "#003c64", "Train": "#005064",
    "Motorcycle": "#0000e6", "Bicycle": "#770b20", "RoadLines": "#ffffff",
    "Other": "#c8c864", "RoadWorks": "#e67300",
}  # fmt: skip
NOTHING_RGB = "#cfd8dc"
DEPTH_TICKS_M = (2, 5, 10, 20, 50, 100, 200)

SHOWN_PX = (320, 180)  # finer than it is rendered
DPI = 100
TEXT_PT = 8

Picture = NDArray[Any]


def main() -> None:
    """Write cities.png, hours.png and city_truth.png."""
    write_city_pictures(Path(sys.argv[1]))


def write_city_pictures(output: Path) -> None:
    """Write the pictures; some twenty renders, minutes."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        _save(cities_figure(Path(scratch)), output / "cities.png")
        _save(hours_figure(Path(scratch)), output / "hours.png")
        _save(truth_figure(Path(scratch)), output / "city_truth.png")


def cities_figure(scratch: Path) -> Figure:
    """Return two frames of each of the named cities."""
    tiles = []
    for name, city in CITIES.items():
        pictures = _stills(scratch / name, _scene(name, FRAMES), FRAMES)
        tiles += [
            (f"{name}, frame {number}: {_words(city.setting)}", picture)
            for number, picture in zip(FRAMES, pictures, strict=True)
        ]
    return _sheet(tiles)


def hours_figure(scratch: Path) -> Figure:
    """Return one frame of one street at other seasons, weathers and hours."""
    tiles = []
    scene = _scene(SAME_STREET, (SAME_FRAME,))
    for number, setting in enumerate(HOURS):
        folder = scratch / f"hour_{number}"
        folder.mkdir()
        plan_file = folder / "scene.json"
        plan = plan_street(scene, setting)
        plan_file.write_text(plan_to_json(plan), encoding="utf-8")
        described = SceneSpec(
            scene.name, scene.seed, frame_range=scene.frame_range,
            plan_file=str(plan_file),
        )  # fmt: skip
        (picture,) = _stills(folder, described, (SAME_FRAME,))
        tiles.append((_words(setting), picture))
    return _sheet(tiles)


def _scene(name: str, frames: Sequence[int]) -> SceneSpec:
    seed = int(name.rpartition("-")[2])
    return SceneSpec(name, seed, frame_range=(min(frames), max(frames)))


def _words(setting: Setting) -> str:
    minutes = round(60.0 * setting.hour)
    return f"{setting.season}, {setting.weather}, {minutes // 60}:{minutes % 60:02d}"


def _stills(folder: Path, scene: SceneSpec, frames: Sequence[int]) -> list[Picture]:
    folder.mkdir(exist_ok=True)
    spec_file = folder / "spec.json"
    spec_file.write_text(SequenceSpec(scene, RENDER).to_json(), encoding="utf-8")
    numbers = [str(number) for number in frames]
    subprocess.run(
        [sys.executable, str(STILLS), str(spec_file), str(folder), *numbers], check=True
    )
    pictures = []
    for number in numbers:
        with Image.open(folder / f"{number}.png") as picture:
            shown = picture.resize(SHOWN_PX, Image.Resampling.LANCZOS)
            pictures.append(np.asarray(shown))
    return pictures


def _sheet(tiles: Sequence[tuple[str, Picture]], columns: int = 4) -> Figure:
    """Return pictures under their titles, pixel by pixel."""
    gap_px, title_px = 4, 18
    width_px, height_px = SHOWN_PX[0] + gap_px, SHOWN_PX[1] + title_px
    rows = -(-len(tiles) // columns)
    whole_px = np.array([columns * width_px - gap_px, rows * height_px])
    figure = Figure(figsize=tuple(whole_px / DPI))
    for number, (title, picture) in enumerate(tiles):
        row, column = divmod(number, columns)
        place = (column * width_px, whole_px[1] - (row + 1) * height_px, *SHOWN_PX)
        axis = figure.add_axes(tuple(np.asarray(place) / np.tile(whole_px, 2)))
        _show(axis, title, picture)
    return figure


def truth_figure(scratch: Path) -> Figure:
    """Return colour, depth, labels, flow and the second surface of one frame."""
    folder = scratch / "truth"
    spec_file = scratch / "truth.json"
    scene = _scene(TRUTH_CITY, (TRUTH_FRAME,))
    spec_file.write_text(SequenceSpec(scene, TRUTH_RENDER).to_json(), encoding="utf-8")
    child = ("-m", "blender_scenes.cli", str(spec_file), str(folder), "--detached")
    subprocess.run([sys.executable, *child], check=True)
    frame = read_frame(folder / frame_file(TRUTH_FRAME))
    flow_px, hidden = frame.flow_px, frame.hidden
    assert flow_px is not None
    assert hidden is not None

    figure = Figure(figsize=(12.8, 5.6), layout="constrained")
    axes = figure.subplots(2, 3)
    _show(axes[0, 0], "colour", _encoded(frame.linear_rgb))
    _show_depth(axes[0, 1], "depth in m, logarithmic; sky grey", frame.depth_m)
    _show_labels(axes[0, 2], frame.label)
    reach_px = float(np.quantile(np.linalg.norm(flow_px, axis=-1), 0.99))
    title = f"flow to the next frame: hue is direction, full colour {reach_px:.0f} px"
    _show(axes[1, 0], title, flow_colours(flow_px, reach_px))
    is_none = np.isnan(hidden[1])
    behind = _encoded(hidden[0])
    behind[is_none] = to_rgb(NOTHING_RGB)
    _show(axes[1, 1], "second surface: colour; grey where none is needed", behind)
    _show_depth(axes[1, 2], "second surface: depth in m", hidden[1])
    return figure


def flow_colours(flow_px: Picture, reach_px: float) -> Picture:
    """Return flow as colour: hue is its direction, saturation its length.

    Parameters
    ----------
    flow_px : ndarray (H, W, 2)
        Columns, then rows.
    reach_px : float
        Length that is shown in full colour.
    """
    hue = np.arctan2(flow_px[..., 1], flow_px[..., 0]) / (2.0 * np.pi) % 1.0
    length = np.clip(np.linalg.norm(flow_px, axis=-1) / reach_px, 0.0, 1.0)
    return hsv_to_rgb(np.stack([hue, np.sqrt(length), np.ones_like(hue)], axis=-1))


def _encoded(linear_rgb: Picture) -> Picture:
    return encode_srgb(np.clip(linear_rgb, 0.0, 1.0))


def _show(axis: Axes, title: str, picture: Picture, **options: Any) -> Any:
    axis.set_title(title, fontsize=TEXT_PT, pad=3)
    axis.set_axis_off()
    return axis.imshow(picture, interpolation="nearest", aspect="auto", **options)


def _show_depth(axis: Axes, title: str, depth_m: Picture) -> None:
    colours = mpl.colormaps["viridis_r"].with_extremes(bad=NOTHING_RGB)
    shown = np.ma.masked_invalid(depth_m)
    image = _show(axis, title, shown, norm=LogNorm(2.0, 250.0), cmap=colours)
    bar = axis.figure.colorbar(image, ax=axis, fraction=0.03, pad=0.01)
    bar.set_ticks(DEPTH_TICKS_M, labels=[f"{depth_m:g}" for depth_m in DEPTH_TICKS_M])
    bar.ax.tick_params(labelsize=TEXT_PT)


def _show_labels(axis: Axes, label: Picture) -> None:
    table = np.zeros((max(LABELS) + 1, 3))
    for number, name in LABELS.items():
        table[number] = to_rgb(LABEL_RGB[name])
    _show(axis, "labels", table[label])
    seen = [LABELS[int(number)] for number in np.unique(label)]
    patches = [Patch(color=LABEL_RGB[name], label=name) for name in seen]
    axis.legend(
        handles=patches, loc="upper left", ncols=3, fontsize=6, framealpha=0.7,
        handlelength=1.0, columnspacing=0.8, labelspacing=0.2,
    )  # fmt: skip


def _save(figure: Figure, path: Path) -> None:
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=DPI, metadata={"Software": None})
    with Image.open(drawn) as picture:
        picture.convert("RGB").save(path, optimize=True)


if __name__ == "__main__":
    main()
