"""What the pipeline prints, read as progress."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from blender_scenes.addon.notes import Note

# `views 1/2 street camera 3      5/24  ███  00:07 so far, 00:20 left`
_BAR = re.compile(
    r"(?P<stage>render|views|dataset)"
    r"(?: (?P<place>\d+)/(?P<places>\d+) (?P<what>\S.*?))?"
    r" +(?P<done>\d+)/(?P<total>\d+) .* left"
)
_ERROR, _FOLDER, _PREVIEW = "error: ", "dataset: ", "preview: "
_NOTE, _WARNING = "note: ", "warning: "

# About how long a frame takes in each stage, in units of one view: only their ratio
# matters, for a bar that moves evenly.
_STAGES = {"render": 10.0, "views": 1.0, "dataset": 0.1}
_NOTES_KEPT = 50

_FLAG = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_FIELDS = {
    "camera-set": "Camera Sets",
    "datasets-dir": "Folder",
    "frames": "Frames",
    "name": "Name",
    "nearest": "Nearest Surface",
    "samples": "Samples",
    "size": "Width",
    "strict": "Strict",
}


@dataclass(frozen=True)
class BuildProgress:
    """How far the pipeline has come with one scene.

    Parameters
    ----------
    cameras : int
        Cameras that the scene is seen through.
    share : float
        0 to 1.
    text : str
        What it is doing, a few words.
    error : str
        Its error in one line; "" if there is none.
    folder : Path or None
        The finished version of the data set.
    remarks : tuple of Note
        What it noted about the frames.
    notes : tuple of str
        What else it said.
    """

    cameras: int
    share: float = 0.0
    text: str = "Starting the pipeline"
    error: str = ""
    folder: Path | None = None
    remarks: tuple[Note, ...] = ()
    notes: tuple[str, ...] = ()

    def after(self, line: str) -> BuildProgress:
        """Return the progress after a line of the pipeline's output."""
        line = line.strip()
        bar = _BAR.fullmatch(line)
        if bar is not None:
            return self._after_bar(bar)
        if line.startswith(_ERROR):
            return replace(self, error=self.error or line.removeprefix(_ERROR))
        if line.startswith(_FOLDER):
            return replace(self, folder=Path(line.removeprefix(_FOLDER)), share=1.0)
        if line.startswith((_NOTE, _WARNING)):
            remark = Note(line.partition(": ")[2], line.startswith(_WARNING))
            return replace(self, remarks=(*self.remarks, remark)[-_NOTES_KEPT:])
        if not line or line.startswith(_PREVIEW):
            return self
        return replace(self, notes=(*self.notes, line)[-_NOTES_KEPT:])

    def _after_bar(self, bar: re.Match[str]) -> BuildProgress:
        stage, done, total = bar["stage"], int(bar["done"]), int(bar["total"])
        place, places = int(bar["place"] or 1), int(bar["places"] or 1)
        within = (place - 1 + done / max(1, total)) / places
        share = max(self.share, self._share(stage, within))
        counted = f"{done} of {total}"
        text = {
            "render": f"Rendering: {counted} frames",
            "views": f"Camera {place} of {places}: {counted} views",
            "dataset": f"Putting together: {counted}",
        }[stage]
        return replace(self, share=share, text=text)

    def _share(self, stage: str, within: float) -> float:
        """Return the share of all work, with ``within`` of a stage done."""
        weights = {
            name: weight * (1 if name == "render" else self.cameras)
            for name, weight in _STAGES.items()
        }
        before = 0.0
        for name, weight in weights.items():
            if name == stage:
                break
            before += weight
        return (before + within * weights[stage]) / sum(weights.values())


def failure(progress: BuildProgress, exit_status: int) -> str:
    """Return why a pipeline that has ended made no data set, in one line.

    "" where it made one.
    """
    if progress.error:
        return in_words_of_the_panel(progress.error)
    if exit_status == 0 and progress.folder is not None:
        return ""
    # A library warns in the same form, and may have been the last to say anything.
    warned = [remark.message for remark in progress.remarks if remark.is_warning]
    said = progress.notes or warned
    last = f": {said[-1]}" if said else ""
    return f"The pipeline ended with status {exit_status}{last}"


def in_words_of_the_panel(error: str) -> str:
    """Return an error with the panel's fields in place of the command's options.

    Examples
    --------
    >>> in_words_of_the_panel("--samples 0: expected more; --device cpu is as it was")
    'Samples 0: expected more; --device cpu is as it was'
    """
    return _FLAG.sub(lambda flag: _FIELDS.get(flag[1], flag[0]), error)
