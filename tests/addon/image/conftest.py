"""A Blender with a preview of a made-up frame and an Image Editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PRELUDE = """
import numpy as np

area = next(a for a in bpy.context.window.screen.areas if a.type == "VIEW_3D")
area.type = "IMAGE_EDITOR"
space = area.spaces.active
state = bpy.context.window_manager.dual_pixel
editors = part("image.editors")
session = part("preview.session").session


def in_editor(kind="WINDOW"):
    '''Return the context of a region of the Image Editor.'''
    region = next(r for r in area.regions if r.type == kind)
    return bpy.context.temp_override(
        window=bpy.context.window, area=area, region=region
    )


def preview(depth_m=4.0):
    '''Take a frame of 8 x 4 px: red left, green right, all at one depth.'''
    linear_rgb = np.zeros((4, 8, 3), np.float32)
    linear_rgb[:, :4, 0] = linear_rgb[:, 4:, 1] = 1.0
    part("preview.update").take_frame(
        part("preview.frame").PreviewFrame(
            linear_rgb=linear_rgb,
            depth_m=np.full((4, 8), depth_m, np.float32),
            scene_name="Scene",
            camera_name="Camera",
            frame_number=7,
            K=np.eye(3),
            world_from_camera=np.eye(4),
        )
    )


def pixels(image):
    '''Return the colours (H, W, 3) of an image, row 0 at the top.'''
    width, height = image.size
    return np.array(image.pixels[:]).reshape(height, width, 4)[::-1, :, :3]
"""


@pytest.fixture
def in_editor(in_blender: Callable[..., Any]) -> Callable[..., Any]:
    """Return `in_blender` with that prelude."""

    def run(script: str) -> dict[str, Any]:
        return in_blender(PRELUDE + script)

    return run
