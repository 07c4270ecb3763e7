"""Chooses what Cycles renders on: the CPU or a GPU that it finds."""

from __future__ import annotations

from typing import Any

from blender_scenes.scene_error import SceneError

# OptiX before CUDA: both drive the same cards and OptiX traces rays in hardware.
GPU_BACKENDS = ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI")
CAMERA_SHADER_DEVICES = ("auto", "cpu", "optix")


def choose_device(wanted: str) -> tuple[str, str]:
    """Switch Cycles to a device; return its ``scene.cycles.device`` and its name.

    Parameters
    ----------
    wanted : str
        One of `blender_scenes.spec.DEVICES`; ``auto`` takes the first backend
        of `GPU_BACKENDS` with a device, else the CPU.

    Raises
    ------
    SceneError
        If a GPU backend is asked for by name and has no device here.
    """
    if wanted == "cpu":
        return "CPU", "CPU"
    backends = GPU_BACKENDS if wanted == "auto" else (wanted.upper(),)
    for backend in backends:
        names = _use_backend(backend)
        if names:
            return "GPU", f"{backend}: {', '.join(names)}"
    if wanted == "auto":
        return "CPU", "CPU"
    found = [name for name in GPU_BACKENDS if _use_backend(name)]
    raise SceneError(
        f"device {wanted}: Cycles finds no such device here; expected "
        + ", ".join(["auto", "cpu", *(name.lower() for name in found)])
    )


def choose_device_for_camera_shaders(wanted: str) -> tuple[str, str]:
    """Switch Cycles to a device that runs OSL: the CPU, or OptiX; see `choose_device`.

    Raises
    ------
    SceneError
        If another backend is asked for, or OptiX and there is none.
    """
    if wanted not in CAMERA_SHADER_DEVICES:
        raise SceneError(
            f"device {wanted}: Cycles has no camera shaders there, which tracing the "
            f"lens needs; expected {', '.join(CAMERA_SHADER_DEVICES)}"
        )
    if wanted == "auto" and not _use_backend("OPTIX"):
        return "CPU", "CPU"
    return choose_device("optix" if wanted == "auto" else wanted)


def _use_backend(backend: str) -> list[str]:
    """Enable every device of a backend; return their names, none if unsupported."""
    preferences = _cycles_preferences()
    try:
        preferences.compute_device_type = backend
    except TypeError:  # this build of Blender does not know the backend
        return []
    preferences.refresh_devices()
    devices = [device for device in preferences.devices if device.type == backend]
    for device in preferences.devices:
        device.use = device.type == backend
    return [device.name for device in devices]


def _cycles_preferences() -> Any:
    import bpy

    return bpy.context.preferences.addons["cycles"].preferences
