"""Whatever bytes, names and tables a stranger gives: frames, or one line that says why.

`--hypothesis-profile=thorough` tries many more.
"""

from __future__ import annotations

import json
import shutil
import struct
import tomllib
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.errors import UserError
from pipeline.importers.file_notes import notes_of_files
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.selection import SOURCES, parse_source
from pipeline.importers.source import Source, SourceFrame
from tests.pipeline.foreign_files import (
    colours,
    synthia_sf,
    write_any_exr,
    write_exr_parts,
    write_npy,
    write_npz,
    write_png,
    write_tiff,
)
from tests.pipeline.test_importers_formats import (
    write_hypersim,
    write_sintel,
    write_synthia_seqs,
    write_tartanair,
    write_vkitti2,
)

IN_ONE_FOLDER = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DEPTH = np.linspace(2, 8, 6 * 8, dtype=np.float32).reshape(6, 8)


@dataclass(frozen=True)
class Specimen:
    """A small source that is right."""

    source: Source
    frame: SourceFrame


def complaint_of(action: Callable[[], Any]) -> str:
    """Return the one line that an action ends with; empty if it ends well."""
    try:
        action()
    except UserError as error:
        message = str(error)
        assert message
        assert "\n" not in message
        return message
    return ""


def decode(specimen: Specimen) -> None:
    """Do with one frame what an import does."""
    frame = specimen.source.read(specimen.frame)
    assert (frame.depth_m > 0).all()
    assert np.isfinite(frame.linear_rgb).all()
    height, width = frame.depth_m.shape
    specimen.source.known_camera(specimen.frame, (width, height))
    notes_of_files([specimen.frame], specimen.source)


def only_specimen(source: Source, root: Path) -> Specimen:
    folder = next(iter(source.sequences(root).values()))
    return Specimen(source, source.frames(folder)[0])


def folder_specimen(root: Path, picture: str, depth: str) -> Specimen:
    path = root / "images" / f"1.{picture}"
    if picture == "exr":
        write_any_exr(path, dict.fromkeys("RGB", DEPTH / 8))
    elif picture == "png":
        write_png(path, colours(6, 8))
    else:
        from PIL import Image

        path.parent.mkdir(parents=True)
        exif = Image.Exif()
        exif[274] = 3
        Image.fromarray(colours(6, 8)).save(path, exif=exif)
    path = root / "depth" / f"1.{depth}"
    if depth == "exr":
        parts = {"a": {"a.R": DEPTH}, "L.Depth": {"L.Depth.Z": DEPTH}}
        write_exr_parts(path, parts)
    elif depth == "tiff":
        write_tiff(path, DEPTH)
    elif depth == "png":
        write_png(path, (DEPTH * 1000).astype(np.uint16), bits=16)
    elif depth == "npz":
        write_npz(path, depth=DEPTH, mask=DEPTH > 3)
    else:
        write_npy(path, DEPTH)
    return only_specimen(PlainFolder(depth_scale_m=0.001), root)


@pytest.fixture(scope="module")
def specimens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Specimen]:
    root = tmp_path_factory.mktemp("specimens")
    written = {
        "synthia-sf": synthia_sf(root / "sf", sequences=1, frames=1, size=(8, 6)),
        "synthia-seqs": write_synthia_seqs(root / "seqs"),
        "vkitti2": write_vkitti2(root / "vkitti2"),
        "sintel": write_sintel(root / "sintel"),
        "tartanair": write_tartanair(root / "tartanair"),
        "hypersim": write_hypersim(root / "hypersim", (6, 8), 3.0),
    }
    found = {kind: only_specimen(SOURCES[kind](), at) for kind, at in written.items()}
    for picture, depth in (
        ("png", "npy"), ("jpg", "npz"), ("exr", "exr"), ("png", "tiff"), ("jpg", "png"),
    ):  # fmt: skip
        name = f"{picture} {depth}"
        found[name] = folder_specimen(root / name, picture, depth)
    for specimen in found.values():
        decode(specimen)
    return found


# Bytes

POSITIONS = st.one_of(st.integers(0, 200), st.integers(0, 2**20))
MUTATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), POSITIONS, st.binary(min_size=1, max_size=8)),
        st.tuples(st.just("insert"), POSITIONS, st.binary(min_size=1, max_size=8)),
        st.tuples(st.just("cut"), POSITIONS, st.integers(1, 40)),
        st.tuples(st.just("end"), POSITIONS, st.none()),
    ),
    min_size=1,
    max_size=4,
)


def mutated(data: bytes, mutations: list[tuple[str, int, Any]]) -> bytes:
    """Return bytes that were set, put in, cut out or cut off; positions wrap."""
    for what, position, value in mutations:
        at = position % (len(data) + 1)
        if what == "end":
            data = data[:at]
        else:
            rest = {"set": len(value), "insert": 0} if what != "cut" else {"cut": value}
            data = (
                data[:at] + (b"" if what == "cut" else value) + data[at + rest[what] :]
            )
    return data


def sealed(data: bytes) -> bytes:
    """Return a PNG whose chunks have the checksums of what they now hold."""
    found, at = data[:8], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + length]
        found += data[at : at + 4] + body + struct.pack(">I", zlib.crc32(body))
        at += 12 + length
    return found


@given(
    name=st.integers(0, 10),
    role=st.integers(0, 4),
    mutations=MUTATIONS,
    is_sealed=st.booleans(),
)
@IN_ONE_FOLDER
def test_damaged_files_are_read_or_refused_in_one_line(
    specimens: dict[str, Specimen],
    name: int,
    role: int,
    mutations: list[tuple[str, int, Any]],
    is_sealed: bool,
) -> None:
    specimen = list(specimens.values())[name % len(specimens)]
    paths = list(specimen.frame.files().values())
    path = paths[role % len(paths)]
    whole = path.read_bytes()
    try:
        damaged = mutated(whole, mutations)
        is_png = path.suffix == ".png" and is_sealed
        path.write_bytes(sealed(damaged) if is_png else damaged)
        line = complaint_of(lambda: decode(specimen))
    finally:
        path.write_bytes(whole)
    assert not line or any(other.name in line for other in paths)


# What the user writes

WORDS = st.one_of(
    st.sampled_from([*SOURCES, ".", "..", "images", "depth", "inverse", "left", "F"]),
    st.text(max_size=8),
)
VALUES = st.recursive(
    st.one_of(
        WORDS,
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from([0, -1, 1e308, 10**400]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner)
    ),
    max_leaves=4,
)
OPTIONS = (
    *("images", "depth", "depth_scale_m", "depth_kind", "sky_from_m", "camera"),
    *("direction", "clip_m", "rendering", "exposure", "kind", "path", "other"),
)


def toml_of(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        rows = (f"{json.dumps(key)} = {toml_of(x)}" for key, x in value.items())
        return "{" + ", ".join(rows) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_of(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return hex(value) if value > 10**18 else str(value)
    return repr(value) if isinstance(value, float) else json.dumps(value)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_specimen(
        tmp_path_factory.mktemp("table"), "png", "npy"
    ).frame.colour.parents[1]


def select(path: Path) -> None:
    """Go as far with a source file as happens before any frame is decoded."""
    selection = parse_source(str(path))
    for folder in selection.sequences().values():
        selection.source.place(folder)
        selection.source.frames(folder)


@given(
    table=st.dictionaries(st.sampled_from(OPTIONS), VALUES, max_size=5),
    kind=st.sampled_from([None, *SOURCES]),
    has_path=st.booleans(),
)
@IN_ONE_FOLDER
def test_tables_give_a_source_or_one_line(
    root: Path, table: dict[str, Any], kind: str | None, has_path: bool
) -> None:
    given = {**table, **({"kind": kind} if kind else {})}
    given |= {"path": "."} if has_path else {}
    text = "\n".join(f"{key} = {toml_of(value)}" for key, value in given.items())
    path = root / "source.toml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    complaint_of(lambda: select(path))


@given(data=st.one_of(st.binary(max_size=60), st.text(max_size=60)))
@IN_ONE_FOLDER
def test_a_source_file_of_any_bytes_is_one_line(root: Path, data: bytes | str) -> None:
    raw = data if isinstance(data, bytes) else data.encode(errors="surrogatepass")
    with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
        assume("kind" not in tomllib.loads(raw.decode()))
    path = root / "source.toml"
    path.write_bytes(raw)
    line = complaint_of(lambda: select(path))
    assert line.startswith(f"source file {path}: ")


@given(text=st.one_of(WORDS, st.builds("{}:{}:{}".format, WORDS, WORDS, WORDS)))
@IN_ONE_FOLDER
def test_what_names_a_source_is_read_or_refused_in_one_line(
    root: Path, text: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        complaint_of(lambda: parse_source(text).sequences())


# Names of files

NAMES = st.lists(
    st.builds(
        "{}{}".format,
        st.from_regex(r"[a_.]{0,2}[0-9]{0,22}[_a]?[0-9]{0,3}", fullmatch=True),
        st.sampled_from([".png", ".PNG", ".jpg", ".npy", ".npz", ".Exr", ".db", ""]),
    ),
    max_size=5,
    unique=True,
)


@given(pictures=NAMES, depths=NAMES)
@IN_ONE_FOLDER
def test_names_pair_or_are_refused_in_one_line(
    tmp_path: Path, pictures: list[str], depths: list[str]
) -> None:
    shutil.rmtree(tmp_path)
    for folder, names in (("images", pictures), ("depth", depths)):
        (tmp_path / folder).mkdir(parents=True)
        for name in {x for x in names if x not in ("", ".", "..")}:
            (tmp_path / folder / name).touch()
    found: list[SourceFrame] = []
    line = complaint_of(lambda: found.extend(PlainFolder().frames(tmp_path)))
    assert found or line
    assert len({row.number for row in found}) == len(found)
    assert len({row.depth for row in found}) == len(found)
    assert not any(row.colour.name.startswith(".") for row in found)
