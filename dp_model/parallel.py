"""Independent pieces of work on all cores.

NumPy, SciPy and OpenCV let other threads run while they compute.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


def in_threads(
    function: Callable[[ItemT], ResultT], items: Sequence[ItemT]
) -> list[ResultT]:
    """Return what the function makes of each item, in order.

    Examples
    --------
    >>> in_threads(abs, [-1, 2])
    [1, 2]
    """
    if len(items) < 2:
        return [function(item) for item in items]
    with ThreadPoolExecutor(core_count()) as threads:
        return list(threads.map(function, items))


def core_count() -> int:
    """Return the number of cores that this process may use."""
    return (
        len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else (os.cpu_count() or 1)
    )
