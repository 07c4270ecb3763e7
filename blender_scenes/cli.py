"""Command line of the Blender child: a specification in, a folder of frames out.

``python -m blender_scenes.cli SPEC.json OUTPUT_FOLDER`` tells its parent how it
gets on through lines that start with ``@event`` on standard output; all else is
log. It ends when its standard input is closed. With ``--list-files`` it renders
nothing, and tells which files the scene reads.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from pathlib import Path

from blender_scenes.events import EventWriter, claim_standard_output
from blender_scenes.frames import FrameError
from blender_scenes.parent_watch import exit_with_parent
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import SequenceSpec

USER_ERROR = 2


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status: 0 done, 2 a user's mistake, reported as an event."""
    parser = argparse.ArgumentParser(
        prog="python -m blender_scenes.cli",
        description="Render one sequence into a frame folder (docs/frames.md), or, "
        "if it has a lens, into pairs of views (docs/raytraced.md).",
    )
    parser.add_argument("spec", type=Path, help="JSON file of a SequenceSpec")
    parser.add_argument("output_folder", type=Path, help="made if missing")
    parser.add_argument(
        "--list-files",
        action="store_true",
        help="only tell which files the scene reads; makes nothing",
    )
    parser.add_argument(
        "--detached",
        action="store_true",
        help="run on when standard input is closed",
    )
    options = parser.parse_args(arguments)
    events = claim_standard_output()
    if not options.detached:
        exit_with_parent()
    return run(
        options.spec, options.output_folder, events, list_files=options.list_files
    )


def run(
    spec_file: Path, folder: Path, events: EventWriter, *, list_files: bool = False
) -> int:
    """Render, or list files; turn a user's mistake into one error event."""
    from blender_scenes.list_files import list_scene_files
    from blender_scenes.render_sequence import render_sequence
    from blender_scenes.render_views import render_views

    try:
        spec = read_spec(spec_file)
        if list_files:
            list_scene_files(spec.scene, events)
            return 0
        render = render_sequence if spec.lens is None else render_views
        render(spec, folder, events)
    except (SceneError, FrameError) as error:
        events.error(str(error))
        return USER_ERROR
    except OSError as error:
        events.error(_in_words(error, folder))
        return USER_ERROR
    return 0


def _in_words(error: OSError, folder: Path) -> str:
    """Return file and cause of an error, without its number."""
    if error.strerror is None:
        return str(error)
    return (
        f"{error.filename2 or error.filename or folder}: {error.strerror}; expected a "
        "writable folder with room. Finished frames are kept"
    )


def read_spec(path: Path) -> SequenceSpec:
    """Return the specification in a JSON file.

    Raises
    ------
    SceneError
        If it is not a valid specification.
    """
    try:
        return SequenceSpec.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, TypeError) as error:
        raise SceneError(f"{path}: not a valid specification: {error}") from None


def _exit_now(status: int) -> None:
    """End without Blender's own clean-up, which may crash after the work is done."""
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    try:
        exit_status = main()
    except SystemExit:
        raise
    except BaseException:
        traceback.print_exc()
        exit_status = 1
    _exit_now(exit_status)
