"""The frame that is previewed and the pictures made of it, in the background.

No bpy: a worker thread touches nothing but arrays.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from collections.abc import Callable

from blender_scenes.addon.camera_values import CameraValues
from blender_scenes.addon.preview.frame import PreviewFrame
from blender_scenes.addon.preview.synthesis import PreviewPictures, pictures_of


class PreviewSession:
    """The last frame, and its pictures for the newest camera values.

    All methods may be called from any thread.  Of values that come in faster than
    pictures can be made only the newest are used.

    Parameters
    ----------
    make : callable
        Makes the pictures.
    """

    def __init__(
        self,
        make: Callable[[PreviewFrame, CameraValues], PreviewPictures] = pictures_of,
    ) -> None:
        self._make = make
        self._changed = threading.Condition()
        self._frame: PreviewFrame | None = None
        self._pictures: PreviewPictures | None = None
        self._values: CameraValues | None = None
        self._error = ""
        self._wanted: tuple[PreviewFrame, CameraValues] | None = None
        self._is_new = False
        self._worker: threading.Thread | None = None

    @property
    def frame(self) -> PreviewFrame | None:
        """The frame that was rendered last."""
        return self._frame

    @property
    def pictures(self) -> PreviewPictures | None:
        """The pictures that were made last of this frame."""
        return self._pictures

    @property
    def values(self) -> CameraValues | None:
        """The values that were submitted last for this frame."""
        return self._values

    @property
    def error(self) -> str:
        """Why the last pictures could not be made, one line; "" if they could."""
        return self._error

    @property
    def is_busy(self) -> bool:
        """Whether pictures are being made."""
        return self._worker is not None

    def set_frame(self, frame: PreviewFrame) -> None:
        """Take a new frame; pictures of the one before are dropped."""
        self._start_over(frame)

    def clear(self) -> None:
        """Forget everything; what is being made is dropped when it is ready."""
        self._start_over(None)

    def _start_over(self, frame: PreviewFrame | None) -> None:
        with self._changed:
            self._frame = frame
            self._pictures = self._values = self._wanted = None
            self._error = ""
            self._is_new = False

    def submit(self, values: CameraValues) -> None:
        """Have pictures made with these values, instead of any that still wait.

        Raises
        ------
        RuntimeError
            If there is no frame.
        """
        with self._changed:
            if self._frame is None:
                raise RuntimeError(
                    "submit: there is no frame; expected set_frame first"
                )
            self._values = values
            self._wanted = self._frame, values
            if self._worker is None:
                self._worker = threading.Thread(
                    target=self._work, name="dual_pixel synthesis"
                )
                self._worker.start()

    def collect(self) -> PreviewPictures | None:
        """Return pictures that are ready and were not collected yet; never waits."""
        with self._changed:
            if not self._is_new:
                return None
            self._is_new = False
            return self._pictures

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing is being made; return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._worker is None, timeout_s)

    def _work(self) -> None:
        """Make pictures until nothing more is wanted."""
        while (wanted := self._next()) is not None:
            frame, values = wanted
            try:
                pictures, error = self._make(frame, values), ""
            except Exception as reason:  # nobody else would hear of it
                pictures, error = None, _one_line(reason)
            with self._changed:
                if frame is self._frame:
                    self._error = error
                if frame is self._frame and pictures is not None:
                    self._pictures, self._is_new = pictures, True

    def _next(self) -> tuple[PreviewFrame, CameraValues] | None:
        with self._changed:
            wanted, self._wanted = self._wanted, None
            if wanted is None:
                self._worker = None
                self._changed.notify_all()
            return wanted


def _one_line(reason: Exception) -> str:
    text = " ".join(str(reason).split())
    return (
        text if isinstance(reason, ValueError) else f"{type(reason).__name__}: {text}"
    )


session = PreviewSession()
"""The one preview of this Blender."""
