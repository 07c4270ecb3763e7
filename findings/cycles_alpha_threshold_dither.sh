#!/bin/sh
# Cycles: a surface below the alpha threshold is not left out of Depth and index passes.
#
# One would expect, from what Blender says of a view layer's alpha threshold (0.5 as it
#   comes): a pane of opacity 0.4 leaves no trace in Depth, Object Index and Position;
#   they hold the wall behind it.
# What happens: every pixel holds either the pane's values or the wall's, at random, and
#   the pane's part grows with its opacity.  More samples do not change it.  At or above
#   the threshold the pane has every pixel, as stated; at threshold 0 too.
# Versions: bpy 5.0.1 (Python 3.11), Cycles on the CPU.
# Output seen: pixels with the pane's depth at threshold 0.5
#     opacity 0.1:   8 %, at 1 sample and at 16
#     opacity 0.4:  34 %, at 1 sample and at 16
#     opacity 0.6: 100 %
#   and at threshold 0, opacity 0.1: 100 %.
# Why it matters: depth, labels and whatever is computed from them (blur radius, the
#   dual-pixel disparity) are speckled behind glass, smoke cards and leaf textures.
# Way around: threshold 0 for the front surface; a second view layer without the pane
#   for the one behind it.
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

PANE, WALL = 2.0, 5.0  # metres from the camera, which looks down


def square(distance, opacity, index):
    bpy.ops.mesh.primitive_plane_add(size=40, location=(0, 0, -distance))
    thing, material = bpy.context.object, bpy.data.materials.new("square")
    material.node_tree.nodes["Principled BSDF"].inputs["Alpha"].default_value = opacity
    thing.pass_index = index
    thing.data.materials.append(material)


def pane_share(opacity, threshold, samples):
    """Return the share of pixels in which Depth is the pane's."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine, scene.cycles.device = "CYCLES", "CPU"
    scene.cycles.samples, scene.cycles.use_denoising = samples, False
    scene.render.resolution_x = scene.render.resolution_y = 64
    scene.render.image_settings.media_type = "MULTI_LAYER_IMAGE"
    scene.render.filepath = f"{sys.argv[1]}/pane.exr"
    layer = scene.view_layers[0]
    layer.use_pass_z = layer.use_pass_object_index = True
    layer.pass_alpha_threshold = threshold
    bpy.ops.object.camera_add()
    scene.camera = bpy.context.object
    square(PANE, opacity, 1)
    square(WALL, 1.0, 2)
    bpy.ops.render.render(write_still=True)
    with OpenEXR.File(scene.render.filepath, separate_channels=True) as file:
        found = {n: c.pixels for part in file.parts for n, c in part.channels.items()}
    (depth,) = (pixels for name, pixels in found.items() if ".Depth." in name)
    (index,) = (pixels for name, pixels in found.items() if ".Object Index." in name)
    is_pane, is_wall = abs(depth - PANE) < 1e-3, abs(depth - WALL) < 1e-3
    if not (is_pane | is_wall).all() or not ((index == 1) == is_pane).all():
        sys.exit("changed: a pixel is neither the pane's nor the wall's")
    return float(is_pane.mean())


cases = [(0.1, 0.5), (0.4, 0.5), (0.6, 0.5), (0.1, 0.0)]
seen = [[pane_share(*case, samples) for samples in (1, 16)] for case in cases]
for (opacity, threshold), (one, many) in zip(cases, seen):
    told = f"opacity {opacity}, threshold {threshold}: {one:.0%} (1), {many:.0%} (16)"
    print(told, file=sys.stderr)
if not all(0.02 < low < 0.2 < high < 0.5 for low, high in zip(*seen[:2])):
    sys.exit("changed: a pane below the threshold no longer has a part of the pixels")
if any(share < 1 for share in seen[2] + seen[3]):
    sys.exit("changed: a pane above the threshold no longer has every pixel")
PYTHON
