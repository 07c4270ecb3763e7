"""The choice of a device, on a stand-in for Cycles' preferences."""

from types import SimpleNamespace

import pytest

from blender_scenes import devices
from blender_scenes.scene_error import SceneError


class CyclesPreferences:
    """Knows three backends; lists the devices of the one chosen, and the CPU."""

    def __init__(self, found):
        self.found = found
        self._backend = "NONE"
        self.devices = []

    @property
    def compute_device_type(self):
        return self._backend

    @compute_device_type.setter
    def compute_device_type(self, backend):
        if backend not in ("CUDA", "OPTIX", "HIP"):
            raise TypeError(backend)
        self._backend = backend

    def refresh_devices(self):
        names = self.found.get(self._backend, [])
        self.devices = [
            SimpleNamespace(name=name, type=self._backend, use=False) for name in names
        ] + [SimpleNamespace(name="some CPU", type="CPU", use=True)]


@pytest.fixture(name="with_gpus")
def pretend_gpus(monkeypatch):
    def pretend(**found):
        preferences = CyclesPreferences(found)
        monkeypatch.setattr(devices, "_cycles_preferences", lambda: preferences)
        return preferences

    return pretend


def test_auto_without_a_gpu_is_the_cpu(with_gpus):
    with_gpus()
    assert devices.choose_device("auto") == ("CPU", "CPU")


def test_auto_takes_optix_before_cuda(with_gpus):
    with_gpus(CUDA=["card"], OPTIX=["card"])
    assert devices.choose_device("auto") == ("GPU", "OPTIX: card")


def test_a_backend_asked_for_by_name_is_taken_with_all_its_cards(with_gpus):
    preferences = with_gpus(CUDA=["one", "two"], OPTIX=["one", "two"])
    assert devices.choose_device("cuda") == ("GPU", "CUDA: one, two")
    used = [device.name for device in preferences.devices if device.use]
    assert used == ["one", "two"]


def test_the_cpu_asked_for_is_taken_where_there_is_a_gpu(with_gpus):
    with_gpus(CUDA=["card"])
    assert devices.choose_device("cpu") == ("CPU", "CPU")


@pytest.mark.parametrize("wanted", ["hip", "metal"])
def test_a_missing_backend_is_an_error_that_names_those_found(with_gpus, wanted):
    with_gpus(CUDA=["card"])
    with pytest.raises(SceneError, match=f"device {wanted}: .* auto, cpu, cuda$"):
        devices.choose_device(wanted)
