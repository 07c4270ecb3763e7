"""Where a training computes, how exactly, and with how many others."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

import torch
from torch import distributed

from rdpd.config import PATCH_MULTIPLE, Precision
from rdpd.loader import Process

SMALLEST_PATCH_PX = 64


class DeviceError(ValueError):
    """A device that torch does not have."""


def chosen_device(name: str) -> torch.device:
    """Return a device: of ``auto`` the GPU if there is one; each process has its own.

    Raises
    ------
    DeviceError
        For a name that torch does not know, or a GPU that is not there.
    """
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda":
        name = f"cuda:{local}"
    try:
        device = torch.device(name)
    except RuntimeError:
        raise DeviceError(f"device {name!r}: expected auto, cpu or cuda") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise DeviceError(f"device {name!r}: torch finds no CUDA GPU; expected cpu")
    return device


def uses_bfloat16(precision: Precision, device: torch.device) -> bool:
    """Tell whether to compute in bfloat16.

    Examples
    --------
    >>> uses_bfloat16("auto", torch.device("cpu"))
    False
    """
    return precision == "bfloat16" or (precision == "auto" and device.type == "cuda")


@contextmanager
def process_group(device: torch.device) -> Generator[Process]:
    """Join the other processes that ``torchrun`` started; alone there is no group."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Process()
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Process(distributed.get_rank(), count)
    finally:
        distributed.destroy_process_group()


def largest_that_fits(
    fits: Callable[[int, int], bool], items: int, patch_px: int
) -> tuple[int, int] | None:
    """Return the first smaller batch, else the first smaller patch, that fits.

    Parameters
    ----------
    fits : callable
        Tells whether a step of so many items and pixels fits into memory.
    items, patch_px : int
        What did not fit.

    Returns
    -------
    (items, patch_px), or None if nothing does

    Examples
    --------
    >>> largest_that_fits(lambda items, patch_px: items * patch_px**2 < 2e5, 8, 512)
    (1, 256)
    >>> largest_that_fits(lambda items, patch_px: items * patch_px**2 < 1e6, 8, 512)
    (2, 512)
    """
    for fewer in _halvings(items, 1):
        if fits(fewer, patch_px):
            return fewer, patch_px
    for smaller in _halvings(patch_px, SMALLEST_PATCH_PX):
        rounded = smaller - smaller % PATCH_MULTIPLE
        if fits(1, rounded):
            return 1, rounded
    return None


def _halvings(value: int, least: int) -> list[int]:
    """Return the halves, quarters, ... of a number, down to the least.

    Examples
    --------
    >>> _halvings(8, 1)
    [4, 2, 1]
    """
    found: list[int] = []
    while value // 2 >= least:
        value //= 2
        found.append(value)
    return found
