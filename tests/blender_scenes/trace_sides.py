"""Traces one frame through the left, the right and both sides; runs in a child.

Usage: ``python trace_sides.py SPEC.json OUTPUT.npz FRAME``; keys left, right, both.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from blender_scenes.events import claim_standard_output
from blender_scenes.pupil_camera import BOTH, LEFT, RIGHT
from blender_scenes.render_views import open_view_render
from blender_scenes.spec import SequenceSpec

if __name__ == "__main__":
    spec = SequenceSpec.from_json(Path(sys.argv[1]).read_text())
    with tempfile.TemporaryDirectory() as scratch:
        render = open_view_render(spec, Path(scratch), claim_standard_output())
        number = int(sys.argv[3])
        sides = {"left": LEFT, "right": RIGHT, "both": BOTH}
        views = {name: render.view(number, side) for name, side in sides.items()}
    np.savez(sys.argv[2], **views)
