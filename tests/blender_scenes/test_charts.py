"""The charts: their surfaces as arrays, and what Blender makes of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.charts import scenes
from blender_scenes.charts.names import CHART_NAMES
from blender_scenes.charts.scenes import HIGHLIGHT, chart_surfaces
from blender_scenes.charts.solids import ball, cube
from blender_scenes.charts.surfaces import (
    CHART_FOCAL_PX,
    Box,
    Tilt,
    depth_m,
    points_m,
    ribbon,
    sheet,
)
from blender_scenes.charts.textures import noise
from blender_scenes.frames import LABEL_IDS, frame_file, read_frame
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec

ROOT = Path(__file__).parents[2]


def outward_volume_m3(surface):
    """Return the volume that the faces enclose; positive if they face outwards."""
    corners = surface.points_m[surface.quads]
    # Corners run anticlockwise as seen from the front, in axes whose y points down.
    triangles = [corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]]
    return sum(np.linalg.det(t).sum() for t in triangles) / 6


def picture_area_px(surface):
    """Return the signed area of every face in the picture; positive from the front."""
    corners = surface.points_m[surface.quads]
    x, y = np.moveaxis(corners[..., :2] / corners[..., 2:] * CHART_FOCAL_PX, -1, 0)
    following = np.roll(x, -1, axis=1), np.roll(y, -1, axis=1)
    return -(x * following[1] - y * following[0]).sum(axis=1) / 2


@pytest.mark.parametrize("name", CHART_NAMES)
def test_charts_are_the_same_on_every_call(name):
    for one, other in zip(chart_surfaces(name), chart_surfaces(name), strict=True):
        assert (one.points_m == other.points_m).all()
        assert (one.rgb == other.rgb).all()
        assert (one.texture is None) == (other.texture is None)
        if one.texture is not None:
            assert (one.texture == other.texture).all()


@pytest.mark.parametrize("name", CHART_NAMES)
def test_charts_stay_within_the_range_of_brightness(name):
    for surface in chart_surfaces(name):
        texture = 1.0 if surface.texture is None else surface.texture
        brightest = surface.rgb.max() * np.max(texture)
        assert min(surface.rgb.min(), np.min(texture)) >= 0.01
        assert brightest <= (HIGHLIGHT if name == "highlights" else 1.0)


@pytest.mark.parametrize("name", [n for n in CHART_NAMES if n != "solids"])
def test_flat_surfaces_face_the_camera(name):
    for surface in chart_surfaces(name):
        assert (picture_area_px(surface) > 0).all()


def test_solids_face_outwards(rng):
    assert outward_volume_m3(ball(rng, (20, -30, 4.0), 30)) > 0
    sides = cube(rng, (20, -30, 4.0), 30)
    side_m = 60 / CHART_FOCAL_PX * float(depth_m(4.0))
    total = sum(outward_volume_m3(side) for side in sides)
    assert total == pytest.approx(side_m**3, rel=1e-6)


def test_every_chart_has_its_name():
    assert set(scenes._CHARTS) == set(CHART_NAMES)


def test_a_point_is_where_the_picture_and_its_blur_say():
    x, y, z = points_m(30.0, -20.0, -10.0)
    assert (x / z * CHART_FOCAL_PX, y / z * CHART_FOCAL_PX) == pytest.approx((30, -20))
    # A lens focused at 6 m whose sky has 30 px: r = 30 (1 - 6/z).
    assert 30 * (1 - 6 / z) == pytest.approx(-10)


def test_a_tilted_sheet_is_a_plane():
    texture = np.ones((3, 4, 3))
    surface = sheet(Box(-50, -20, 70, 60), Tilt(5, 8, -3), texture)
    centred = surface.points_m - surface.points_m.mean(axis=0)
    assert np.linalg.svd(centred, compute_uv=False)[-1] < 1e-9


def test_a_ribbon_is_as_wide_as_asked():
    path = np.stack([np.zeros(9), np.linspace(-40, 40, 9)], axis=1)
    area = picture_area_px(ribbon(path, 3.0, 12.0, (1.0, 1.0, 1.0))).sum()
    assert area == pytest.approx(240.0)


def test_noise_has_detail_and_no_seam(rng):
    texture = noise(rng, (96, 64))
    assert texture.shape == (64, 96, 3)
    assert texture.std() > 0.1
    steps = np.abs(np.diff(texture, axis=1)).max()
    assert np.abs(texture[:, 0] - texture[:, -1]).max() < 1.5 * steps


def run_child(name, folder, **settings):
    folder.mkdir()
    spec = SequenceSpec(
        SceneSpec(name),
        RenderSpec(width=96, height=54, margin_px=4, device="cpu", **settings),
    )
    spec_file = folder / "spec.json"
    spec_file.write_text(spec.to_json())
    command = [sys.executable, "-m", "blender_scenes.cli", str(spec_file)]
    return subprocess.run(
        [*command, str(folder / "frames"), "--detached"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.blender
def test_the_plane_is_rendered_where_and_as_bright_as_it_was_drawn(tmp_path):
    done = run_child("chart-plane", tmp_path / "plane", samples=64, denoiser="none")
    assert done.returncode == 0, done.stderr
    frame = read_frame(tmp_path / "plane" / "frames" / frame_file(1))
    assert frame.depth_m == pytest.approx(float(depth_m(12.3)), rel=1e-5)
    assert (frame.label == LABEL_IDS["Other"]).all()
    (surface,) = chart_surfaces("plane")
    scale = 480 / 96
    corner = surface.points_m[0]
    left, top = np.rint(corner[:2] / corner[2] * CHART_FOCAL_PX)
    height, width = frame.depth_m.shape
    rows = (np.arange(height) + 0.5 - height / 2) * scale - top
    columns = (np.arange(width) + 0.5 - width / 2) * scale - left
    # Smoothed on both sides, as a pixel covers five texels.
    smooth = _box_mean(surface.texture, 25)
    expected = smooth[np.rint(rows - 0.5).astype(int)][
        :, np.rint(columns - 0.5).astype(int)
    ]
    seen = _box_mean(frame.linear_rgb, 5)
    inside = (slice(4, -4), slice(4, -4))
    assert np.corrcoef(seen[inside].ravel(), expected[inside].ravel())[0, 1] > 0.98
    assert seen[inside].mean() == pytest.approx(expected[inside].mean(), rel=0.01)


@pytest.mark.blender
def test_an_unknown_chart_is_refused_with_the_names(tmp_path):
    done = run_child("chart-nonsense", tmp_path / "none")
    assert done.returncode == 2
    events = [json.loads(x.removeprefix("@event ")) for x in done.stdout.splitlines()]
    assert all(name in events[-1]["message"] for name in CHART_NAMES)


def _box_mean(picture, side):
    """Return the mean of the square around every pixel; the border is repeated."""
    half = side // 2
    padded = np.pad(picture, ((half, half), (half, half), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), (0, 1))
    return windows.mean(axis=(-2, -1))
