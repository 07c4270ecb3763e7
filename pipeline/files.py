"""Files and folders that a user names, checked before they are opened or written.

Opening a pipe or a device that somebody named by mistake waits for ever, and a path may
be too long, run in circles or hold a zero byte; each becomes one line here.
"""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import Any

from pipeline.errors import UserError, shown


def regular_file(path: Path) -> Path:
    """Return the path if a regular file is there.

    Raises
    ------
    OSError
        With the reason as its ``strerror``, whatever is wrong with the path.
    """
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a zero byte, which no path can hold
        raise OSError(0, str(error), str(path)) from None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(0, "is a folder, not a file", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(0, "is a pipe, socket or device, not a file", str(path))
    return path


def named_file(flag: str, text: str) -> Path:
    """Return the path of a file that an option names.

    One that is missing is left to its reader, which knows what was expected there.

    Raises
    ------
    UserError
        If anything but a file is there.
    """
    path = Path(text)
    try:
        return regular_file(path)
    except FileNotFoundError:
        return path
    except OSError as error:
        raise UserError(f"{flag} {shown(text)}: {error.strerror}") from None


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there, whatever is wrong with the path."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # not there, for one is_dir() does not pass over
        return False


def is_there(path: Path) -> bool:
    """Tell whether anything is there, whatever is wrong with the path."""
    try:
        return path.exists() and path != Path()
    except (OSError, ValueError):
        return False


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Return what a TOML file holds.

    Parameters
    ----------
    path : Path
    what : str
        What the file is, for a complaint.

    Raises
    ------
    UserError
        If it is missing, no file, or not TOML.
    """
    try:
        with regular_file(path).open("rb") as file:
            # Notepad begins a file with a mark that TOML does not know.
            return tomllib.loads(file.read().decode("utf-8-sig"))
    except OSError as error:
        raise UserError(f"{what} {shown(path)}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        # Besides TOML's own error: bytes that are no text, whole numbers beyond
        # Python's limit of digits, and tables within tables without end.
        raise UserError(f"{what} {shown(path)}: not valid TOML ({error})") from None


def check_output_folder(flag: str, text: str) -> None:
    """Refuse a folder that is none and cannot be made; nothing is made.

    Raises
    ------
    UserError
        Naming the option, and what is in the way.
    """
    if text.startswith("~"):
        raise UserError(
            f"{flag} {shown(text)}: only the shell knows ~, and only at the start of a "
            f"word; write {flag} ~/FOLDER, or $HOME/FOLDER"
        )
    try:
        place = _nearest(Path(text).absolute())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{flag} {shown(text)}: {reason}; expected a folder") from None
    if not place.is_dir():
        raise UserError(
            f"{flag} {shown(text)}: {shown(place)} is no folder; expected a folder, "
            "or a place where one can be made"
        )


def check_writable(flag: str, text: str) -> None:
    """Refuse a folder in which nothing can be written; root may write anywhere.

    Raises
    ------
    UserError
        Naming the option, and what is in the way.
    """
    check_output_folder(flag, text)
    place = _nearest(Path(text).absolute())
    if not os.access(place, os.W_OK | os.X_OK):
        raise UserError(
            f"{flag} {shown(text)}: {shown(place)} may not be written to; expected a "
            "writable folder"
        )


def _nearest(place: Path) -> Path:
    """Return a path, or the nearest above it, where something is.

    Raises
    ------
    OSError, ValueError
        If the path runs in circles, is too long or holds a zero byte.
    """
    while True:
        try:
            place.stat()
        except FileNotFoundError:
            if place.is_symlink():
                raise  # to nowhere: no folder can be made in its place
        except NotADirectoryError:
            pass  # a file is somewhere above
        else:
            return place
        place = place.parent
