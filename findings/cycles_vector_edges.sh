#!/bin/sh
# Cycles: at an edge the Vector pass belongs to another surface than Depth beside it.
#
# One would expect: the passes of one pixel to describe one surface point; where Depth
#   and Object Index say "wall", Vector holds the wall's motion.
# What happens: Depth, Position and the indices hold the first sample, Vector the mean
#   over all samples, so along a moving edge Vector is a mixture that no surface has.
#   With one sample the mixture is gone.
# Versions: bpy 5.0.1 (Python 3.11), Cycles on the CPU.
# Output seen: a square that moves 13.33 px a frame before a wall that stands still
#      1 sample : 0 pixels whose Vector is not that of their index
#     16 samples: 281 of 4096, 138 of them on the still wall, with up to 6.7 px
# Why it matters: a flow map taken from Vector is wrong on just the pixels, at depth
#   edges, on which dual-pixel and RGB-D methods are judged, and no mask shows which.
# Way around: a second view layer with its own sample count of 1 for the data passes.
#   The script checks that this gives 0 pixels too.
# Needs Python 3.11 and the X11 libraries that bpy links to, but no display and no GPU.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
"${PYTHON:-python3.11}" -m venv "$dir/env"
"$dir/env/bin/pip" install --quiet --quiet bpy==5.0.1 OpenEXR==3.5.3 numpy==1.26.4

# Blender's own lines go to standard output, what was found to standard error.
"$dir/env/bin/python" - "$dir" 2>&1 >/dev/null <<'PYTHON'
import sys

import bpy
import OpenEXR

SPEED = 0.3 / 2.0 * 64 * 50 / 36  # 0.3 m a frame at 2 m, in px: 50 mm lens, 36 mm sensor


def square(size, distance, index):
    bpy.ops.mesh.primitive_plane_add(size=size, location=(0, 0, -distance))
    bpy.context.object.pass_index = index
    return bpy.context.object


def wrong_pixels(samples, layer_samples=0):
    """Return how many pixels hold a motion that is not their index's, and the worst."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine, scene.cycles.device = "CYCLES", "CPU"
    scene.cycles.samples, scene.cycles.use_denoising = samples, False
    scene.cycles.use_adaptive_sampling = False
    scene.render.resolution_x = scene.render.resolution_y = 64
    scene.render.image_settings.media_type = "MULTI_LAYER_IMAGE"
    scene.render.filepath = f"{sys.argv[1]}/edge.exr"
    layer = scene.view_layers[0]
    layer.use_pass_vector = layer.use_pass_object_index = True
    layer.samples = layer_samples
    bpy.ops.object.camera_add()
    scene.camera = bpy.context.object
    square(40, 5, 2)
    mover = square(1, 2, 1)
    mover.rotation_euler.z = 0.3
    for frame in range(3):
        mover.location.x = 0.3 * (frame - 1)
        mover.keyframe_insert("location", frame=frame)
    scene.frame_set(1)
    bpy.ops.render.render(write_still=True)
    with OpenEXR.File(scene.render.filepath, separate_channels=True) as file:
        found = {n: c.pixels for part in file.parts for n, c in part.channels.items()}
    (index,) = (pixels for name, pixels in found.items() if ".Object Index." in name)
    (motion,) = (pixels for name, pixels in found.items() if name.endswith("Vector.X"))
    off = abs(abs(motion) - SPEED * (index == 1)) > 0.1
    wall = off & (index == 2)
    told = f"{samples} samples, {layer_samples} of the layer: {off.sum()} pixels, "
    told += f"{wall.sum()} on the wall, up to {abs(motion[index == 2]).max():.1f} px"
    print(told, file=sys.stderr)
    return int(off.sum()), int(wall.sum())


one, many, layered = wrong_pixels(1), wrong_pixels(16), wrong_pixels(16, 1)
if one[0] or layered[0]:
    sys.exit("changed: one sample no longer gives each pixel the motion of its index")
if min(many) < 50:
    sys.exit("changed: Vector no longer disagrees with Object Index along the edge")
PYTHON
