"""Render the colour of some frames of a drive, as PNG; runs inside Blender.

python docs/city_stills.py SPEC.json OUTPUT_FOLDER FRAME...
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from blender_scenes.blender_session import start_blender
from blender_scenes.devices import choose_device
from blender_scenes.load_scene import load_scene
from blender_scenes.passes import read_colour
from blender_scenes.render_settings import (
    prepare_scene,
    sampling_seed,
    select_colour_render,
)
from blender_scenes.spec import SequenceSpec
from blender_scenes.still import render_still
from dp_model.radiometry import encode_srgb


def main() -> None:
    """Write FRAME.png for every frame that is asked for."""
    spec = SequenceSpec.from_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
    output, numbers = Path(sys.argv[2]), [int(text) for text in sys.argv[3:]]
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        start_blender(Path(scratch))
        scene = load_scene(spec.scene).scene
        device, _ = choose_device(spec.render.device)
        prepare_scene(scene, spec.render, device, sampling_seed(spec.scene.seed))
        for number in numbers:
            scene.frame_set(number)
            path = Path(scratch, "colour.exr")
            select_colour_render(scene, spec.render, path)
            render_still(path)
            encoded = encode_srgb(np.clip(read_colour(path), 0.0, 1.0))
            picture = Image.fromarray(np.rint(255.0 * encoded).astype(np.uint8))
            picture.save(output / f"{number}.png")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # Blender's own clean-up may crash after the work is done
