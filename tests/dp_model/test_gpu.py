"""Views computed on a CUDA device."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dp_model.camera import CAMERA_SETS
from dp_model.psf import PAPER_BANK, RampDiskPsf
from dp_model.released import RELEASED_BANK
from dp_model.render import DualPixelViews, render_dual_pixel

pytestmark = pytest.mark.gpu

PSFS = {
    "occlusion": PAPER_BANK[7],
    "paper": RampDiskPsf(),
    "released": RELEASED_BANK[2],
}
TOLERANCE = 1e-4
"""Of linear colour in [0, 1], single precision, through some dozens of layers."""


@pytest.fixture
def street(rng: np.random.Generator):
    """A slope with a card in front of it, sky above, and a wall behind everything."""
    size = (90, 120)
    picture = rng.random((*size, 3), dtype=np.float32)
    depth_m = np.broadcast_to(np.linspace(40, 6, 90)[:, None], size).copy()
    depth_m[:20] = np.inf
    depth_m[30:70, 40:80] = 4.5
    behind_m = np.where(np.isfinite(depth_m), depth_m + 20, np.nan)
    wall = rng.random((*size, 3), dtype=np.float32)
    return picture, depth_m.astype(np.float32), (wall, behind_m.astype(np.float32))


def on(device: torch.device, *arrays: np.ndarray) -> list[torch.Tensor]:
    return [torch.from_numpy(array).to(device) for array in arrays]


def assert_near(found: DualPixelViews, expected: DualPixelViews) -> None:
    for name in ("left", "right", "combined"):
        there, here = getattr(found, name), getattr(expected, name)
        assert there.is_cuda
        assert there.dtype == torch.float32
        np.testing.assert_allclose(there.cpu().numpy(), here, atol=TOLERANCE)


@pytest.mark.parametrize("camera", ["1", "3", "5"])
@pytest.mark.parametrize("mode", list(PSFS))
def test_a_gpu_gives_what_numpy_gives(cuda, street, mode, camera):
    picture, depth_m, _ = street
    arguments = CAMERA_SETS[camera], PSFS[mode]
    expected = render_dual_pixel(picture, depth_m, *arguments, mode=mode)
    there = on(cuda, picture, depth_m)
    assert_near(render_dual_pixel(*there, *arguments, mode=mode), expected)


def test_a_gpu_sees_the_second_surface_as_numpy_does(cuda, street):
    picture, depth_m, hidden = street
    arguments = CAMERA_SETS["3"], PSFS["occlusion"]
    expected = render_dual_pixel(picture, depth_m, *arguments, hidden=hidden)
    there, behind = on(cuda, picture, depth_m), tuple(on(cuda, *hidden))
    assert_near(render_dual_pixel(*there, *arguments, hidden=behind), expected)


@pytest.mark.xfail(
    raises=RuntimeError,
    strict=True,
    reason="layers and tiles are laid out by depths that are fetched one by one",
)
def test_rendering_never_waits_for_the_device(cuda, street):
    picture, depth_m = on(cuda, *street[:2])
    arguments = picture, depth_m, CAMERA_SETS["3"], PSFS["occlusion"]
    render_dual_pixel(*arguments)  # loads kernels
    torch.cuda.set_sync_debug_mode("error")
    try:
        render_dual_pixel(*arguments)
    finally:
        torch.cuda.set_sync_debug_mode("default")
