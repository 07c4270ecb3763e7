"""Make .blend files of a square that moves: frames that are told apart at a glance.

    python -m benchmarks.moving_squares FOLDER COUNT FRAMES

For a process of its own, since it imports bpy.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import bpy


def main(folder: Path, count: int, frames: int) -> None:
    """Write ``square1.blend`` and so on; each has another place and colour."""
    for number in range(1, count + 1):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        scene.frame_start, scene.frame_end = 1, frames
        camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        camera.rotation_euler = (math.pi / 2, 0, 0)
        scene.collection.objects.link(camera)
        scene.camera = camera
        square = _square(distance_m=4 + number, half_m=2)
        square.active_material = _emitter((0.2 * number, 0.5, 0.1, 1))
        scene.collection.objects.link(square)
        for frame, x_m in ((1, 0), (frames, 1)):
            square.location.x = x_m
            square.keyframe_insert("location", frame=frame)
        path = folder / f"square{number}.blend"
        bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=False)


def _square(distance_m: float, half_m: float) -> Any:
    mesh = bpy.data.meshes.new("square")
    corners = [
        (x * half_m, distance_m, z * half_m)
        for x, z in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    return bpy.data.objects.new("square", mesh)


def _emitter(colour: tuple[float, float, float, float]) -> Any:
    material = bpy.data.materials.new("light")
    nodes = material.node_tree.nodes
    nodes.clear()
    emission = nodes.new("ShaderNodeEmission")
    emission.inputs["Color"].default_value = colour
    output = nodes.new("ShaderNodeOutputMaterial")
    material.node_tree.links.new(emission.outputs[0], output.inputs["Surface"])
    return material


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
