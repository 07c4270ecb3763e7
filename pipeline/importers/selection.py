"""What the user writes for a source -> a reader, a folder and its sequences."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pipeline.errors import UserError, shown
from pipeline.files import is_folder, read_toml
from pipeline.importers.hypersim import Hypersim
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.sintel import Sintel
from pipeline.importers.source import Source
from pipeline.importers.synthia_seqs import SynthiaSeqs
from pipeline.importers.synthia_sf import SynthiaSf
from pipeline.importers.tartanair import TartanAir
from pipeline.importers.vkitti2 import Vkitti2

SOURCES: dict[str, type[Source]] = {
    "synthia-sf": SynthiaSf,
    "synthia-seqs": SynthiaSeqs,
    "vkitti2": Vkitti2,
    "sintel": Sintel,
    "tartanair": TartanAir,
    "hypersim": Hypersim,
    "folder": PlainFolder,
}

_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True)
class Selection:
    """A reader, where it reads, and which sequences.

    Parameters
    ----------
    kind : str
        Key of `SOURCES`.
    source : Source
    root : Path
    pattern : str
        Name of a sequence, with ``*`` for any characters; empty takes all.
    text : str
        What the user wrote, without the pattern.
    """

    kind: str
    source: Source
    root: Path
    pattern: str
    text: str

    def sequences(self) -> dict[str, Path]:
        """Return the folders of the chosen sequences by name.

        Raises
        ------
        UserError
            If there is none, or the folder can't be read.
        """
        try:
            found = self.source.sequences(self.root)
        except (OSError, ValueError) as error:  # forbidden, too long, or no path
            cause = getattr(error, "strerror", None) or error
            raise UserError(f"--source {self.text}: {cause}") from None
        if not self.pattern:
            return found
        if self.pattern in found:  # to the letter, brackets and all
            return {self.pattern: found[self.pattern]}
        chosen = {n: f for n, f in found.items() if fnmatchcase(n, self.pattern)}
        if not chosen:
            some = ", ".join(list(found)[:6]) + (", ..." if len(found) > 6 else "")
            raise UserError(
                f"--source {self.text}:{self.pattern}: no such sequence; expected one "
                f"of {some}"
            )
        return chosen

    def scene_name(self, sequence: str) -> str:
        """Return what a sequence is called in reports."""
        return f"{self.kind}-{sequence}".replace("/", "-")

    def options(self) -> dict[str, Any]:
        """Return the options of the reader; paths are not among them."""
        reader: Any = self.source
        return dataclasses.asdict(reader)


def parse_source(text: str) -> Selection:
    """Return what ``KIND:PATH[:SEQUENCE]`` or ``FILE.toml[:SEQUENCE]`` names.

    Raises
    ------
    UserError
        For an unknown kind, an unreadable file or an impossible option.
    """
    kind, _, rest = text.partition(":")
    if kind in SOURCES and rest:
        path, pattern = _path_and_pattern(rest)
        return Selection(kind, SOURCES[kind](), path, pattern, f"{kind}:{path}")
    match = re.fullmatch(r"(.+?\.toml)(?::(.+))?", text)
    if match is not None:
        return _from_file(Path(match[1]), match[2] or "")
    raise UserError(
        f"--source {shown(text)}: expected KIND:FOLDER, KIND:FOLDER:SEQUENCE or a "
        f".toml file; the kinds are {', '.join(SOURCES)}"
    )


def _path_and_pattern(text: str) -> tuple[Path, str]:
    """Return a folder and the name of a sequence; both may have colons."""
    parts = text.split(":")
    for count in range(len(parts), 0, -1):
        path = Path(":".join(parts[:count]))
        if is_folder(path):
            return path, ":".join(parts[count:])
    head, _, tail = text.rpartition(":")
    is_whole = not head or _WINDOWS_PATH.match(text) is not None
    return (Path(text), "") if is_whole else (Path(head), tail)


def _from_file(path: Path, pattern: str) -> Selection:
    data = read_toml(path, "source file")
    kind, root = data.pop("kind", None), data.pop("path", None)
    is_known = isinstance(kind, str) and kind in SOURCES
    if not (is_known and isinstance(root, str) and root and root.isprintable()):
        raise UserError(
            f"source file {path}: kind = {_told(kind)}, path = {_told(root)}; expected "
            f"kind (one of {', '.join(SOURCES)}) and path, a folder"
        )
    reader: Any = SOURCES[kind]
    known = [field.name for field in dataclasses.fields(reader)]
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise UserError(
            f"source file {path}: unknown {shown(', '.join(unknown))}; {kind} has "
            f"{', '.join(known)}"
        )
    try:
        source = reader(**data)
    except ValueError as error:
        raise UserError(f"source file {path}: {error}") from None
    return Selection(kind, source, path.parent / root, pattern, str(path))


def _told(value: Any) -> str:
    return "(missing)" if value is None else shown(value)
