"""A camera that Cycles traces rays through, from every point of its pupil."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.camera_track import metres_per_unit
from blender_scenes.cameras import CameraPose
from blender_scenes.passes import read_colour
from blender_scenes.pupil_shader import PARAMETERS, shader_text
from blender_scenes.render_settings import blender_path
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import LensSpec
from dp_model.psf import RampDiskPsf
from dp_model.pupil import PupilPsf

LEFT, BOTH, RIGHT = -1, 0, 1
PROBE_TOLERANCE = 1e-5  # every ray weighs exactly 1
SHORTEST_CLIP = 1e-6  # Blender's own least; the shader clips at the plane instead


@dataclass(frozen=True)
class PupilCamera:
    """The scene's active camera, which follows the baked one and has its margin."""

    scene: Any
    pinhole: Any
    camera: Any

    def look_through(self, psf: PupilPsf) -> None:
        """Give the pupil the shape of a PSF.

        Raises
        ------
        SceneError
            If Cycles did not compile the camera.
        """
        import bpy

        data = self.camera.data
        text = data.custom_shader or bpy.data.texts.new("pupil.osl")
        text.from_string(shader_text(psf))
        # Compiled by the engine of the scene in the context, which need not be ours.
        bpy.context.scene.render.engine = "CYCLES"
        data.custom_mode = "INTERNAL"
        data.custom_shader = text  # compiles
        missing = sorted(set(PARAMETERS) - set(data.cycles_custom.keys()))
        if missing:
            raise SceneError(
                "Cycles did not compile the camera that traces the lens (no parameter "
                f"{', '.join(missing)}): its log says why; is Open Shading Language "
                "whole in this Blender?"
            )

    def aim(self, pose: CameraPose, lens: LensSpec, side: int) -> None:
        """Set the lens for the current frame, and which side of the pupil is open.

        Parameters
        ----------
        pose : CameraPose
            Intrinsics of this frame, margin included.
        lens : LensSpec
        side : int
            `LEFT`, `RIGHT` or `BOTH`.
        """
        K = pose.intrinsics
        units_per_metre = 1 / metres_per_unit(self.scene)
        radius_m = lens.pupil_radius_m(float(K[0, 0]))
        render = self.scene.render
        width, height = float(render.resolution_x), float(render.resolution_y)
        values = {
            "side": side,
            "pupil_radius": radius_m * units_per_metre,
            "focus_distance": lens.focus_distance_m * units_per_metre,
            "clip_start": self.pinhole.data.clip_start,
            "focal_px": float(K[0, 0]),
            "centre_column": float(K[0, 2]),
            "centre_row": float(K[1, 2]),
            "width": width,
            "height": height,
        }
        data = self.camera.data
        for name, value in values.items():
            data.cycles_custom[name] = value
        # Cycles measures it along the ray: enough to reach the plane in the corners.
        data.clip_end = self.pinhole.data.clip_end * _longest_ray(K, width, height)
        data.update_tag()


def add_pupil_camera(scene: Any) -> PupilCamera:
    """Put a camera with a pupil in the place of the scene's, which must be baked.

    Raises
    ------
    SceneError
        If this Blender has no camera shaders.
    """
    import bpy

    require_camera_shaders()
    data = bpy.data.cameras.new("pupil")
    data.type = "CUSTOM"
    data.clip_start = SHORTEST_CLIP
    camera = bpy.data.objects.new("pupil", data)
    camera.parent = scene.camera
    scene.collection.objects.link(camera)
    pinhole, scene.camera = scene.camera, camera
    return PupilCamera(scene, pinhole, camera)


def _longest_ray(K: NDArray[np.float64], width: float, height: float) -> float:
    """Return the length of the picture's longest ray over its depth."""
    column = max(K[0, 2], width - K[0, 2]) / K[0, 0]
    row = max(K[1, 2], height - K[1, 2]) / K[1, 1]
    return math.sqrt(1 + column**2 + row**2)


def require_camera_shaders() -> None:
    """Make sure that Cycles can compile a camera.

    Raises
    ------
    SceneError
        If Blender was built without OSL, is too old, or lacks its Python module.
    """
    import bpy

    kinds = bpy.types.Camera.bl_rna.properties["type"].enum_items.keys()
    if not bpy.app.build_options.cycles_osl or "CUSTOM" not in kinds:
        raise SceneError(
            f"Blender {bpy.app.version_string} has no camera shaders, which tracing "
            "rays through the lens needs; expected 4.5 or newer, built with Open "
            "Shading Language (as from blender.org or the bpy package). Without it "
            "only layered views can be made"
        )
    _find_bundled_packages()
    try:
        import oslquery  # noqa: F401  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise SceneError(
            "Blender's module oslquery, which camera shaders need, cannot be loaded "
            f"({error}); expected it in Blender's own site-packages"
        ) from None


def require_working_pupil(scratch: Path, device: str) -> None:
    """Make sure that rays through a pupil see light, by a picture of a white world.

    Cycles renders black, without a word, what it cannot trace.

    Parameters
    ----------
    scratch : Path
        Existing folder for the picture.
    device : str
        The scene's ``cycles.device``.

    Raises
    ------
    SceneError
        If this Blender has no camera shaders, or they do not work.
    """
    import bpy

    require_camera_shaders()
    scene = bpy.data.scenes.new("pupil probe")
    path = scratch / "probe.exr"
    try:
        _prepare_probe(scene, path, device)
        bpy.ops.render.render(write_still=True, scene=scene.name)
        brightness = read_colour(path)
    finally:
        path.unlink(missing_ok=True)
        bpy.data.scenes.remove(scene)
    if not np.allclose(brightness, 1.0, atol=PROBE_TOLERANCE):
        raise SceneError(
            "camera shaders do not work in this Blender: a white world seen through "
            f"a pupil came out as {float(brightness.mean()):g}, not 1. The log has "
            "what Cycles says"
        )


def _prepare_probe(scene: Any, path: Path, device: str) -> None:
    """Make an empty scene with a white world and a camera with a pupil."""
    import bpy

    world = bpy.data.worlds.new("pupil probe")
    nodes = world.node_tree.nodes
    nodes.clear()
    white, output = (
        nodes.new("ShaderNodeBackground"),
        nodes.new("ShaderNodeOutputWorld"),
    )
    white.inputs["Color"].default_value = (1.0, 1.0, 1.0, 1.0)
    world.node_tree.links.new(white.outputs[0], output.inputs["Surface"])
    scene.world = world
    plain = bpy.data.objects.new("pupil probe", bpy.data.cameras.new("pupil probe"))
    scene.collection.objects.link(plain)
    scene.camera = plain
    scene.render.engine = "CYCLES"
    scene.cycles.device = device
    scene.cycles.samples = 1
    scene.cycles.use_denoising = False
    scene.cycles.use_adaptive_sampling = False
    scene.render.resolution_x = scene.render.resolution_y = 4
    scene.render.resolution_percentage = 100
    scene.render.use_compositing = scene.render.use_sequencer = False
    scene.render.image_settings.media_type = "MULTI_LAYER_IMAGE"
    scene.render.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    scene.render.image_settings.color_depth = "32"
    scene.render.filepath = blender_path(path)
    K = np.array([[4.0, 0, 2.0], [0, 4.0, 2.0], [0, 0, 1]])
    camera = add_pupil_camera(scene)
    camera.look_through(RampDiskPsf())
    lens = LensSpec(1.0, 1.0, ({"type": "RampDiskPsf"},))
    camera.aim(CameraPose(K, np.eye(4)), lens, BOTH)


def _find_bundled_packages() -> None:
    """Put the packages that come with Blender within reach, as its program does.

    The bpy package leaves them off the path; Cycles looks for oslquery there.
    """
    import bpy

    bundled = Path(bpy.utils.resource_path("LOCAL"), "python", "lib")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folder = str(bundled / version / "site-packages")
    if folder not in sys.path:
        sys.path.append(folder)
