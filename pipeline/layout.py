"""Where every artefact lies: one function per path."""

from __future__ import annotations

import re
from pathlib import Path

SPLITS = ("train", "val", "test")
VIEWS_MANIFEST = "views.json"
DATASET_MANIFEST = "dataset.json"
METADATA = "metadata.jsonl"
DATA_CARD = "README.md"
PREVIEW = "preview"
STATISTICS = f"{PREVIEW}/statistics.json"
STATISTICS_PAGE = f"{PREVIEW}/statistics.png"
RUN_CONFIG = "config.json"
RUN_RESULT = "result.json"
BEST_NETWORK = "best.json"
EVALUATION_RESULTS = "results.json"
EVALUATION_PAGE = "results.md"


LONGEST_NAME = 80  # characters; file systems take 255 bytes with all that follows


def safe_name(name: str) -> str:
    """Return a name as a part of a file's: several may become one.

    Examples
    --------
    >>> safe_name("a b/c|d"), safe_name("city-1")
    ('a_b_c_d', 'city-1')
    """
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)[:LONGEST_NAME]


def frames_folder(work: Path, scene: str, identity: str) -> Path:
    """Return the frame folder of one rendered sequence."""
    return work / "frames" / f"{safe_name(scene)}-{identity}"


def listing_folder(work: Path) -> Path:
    """Return the folder that keeps which files the .blend files read."""
    return work / "files"


def listing_file(work: Path, scene: str, key: str) -> Path:
    """Return the file that keeps which files one .blend reads."""
    return listing_folder(work) / f"{safe_name(scene)}-{key}.json"


def render_log(work: Path, scene: str, identity: str) -> Path:
    """Return the file that keeps what Blender printed."""
    return work / "logs" / f"{safe_name(scene)}-{identity}.log"


def pairs_folder(work: Path, scene: str, camera: str, identity: str) -> Path:
    """Return the folder with the pairs traced through one camera set."""
    name = f"{safe_name(scene)}-camera-{safe_name(camera)}-{identity}"
    return work / "raytraced" / name


def views_folder(work: Path, scene: str, camera: str, identity: str) -> Path:
    """Return the folder with the views of one sequence and one camera set."""
    return work / "views" / f"{safe_name(scene)}-camera-{safe_name(camera)}-{identity}"


def decoded_folder(work: Path) -> Path:
    """Return the folder with decoded pictures of the data that networks learn from."""
    return work / "decoded"


def run_folder(root: Path, name: str) -> Path:
    """Return the folder of one training."""
    return root / name


def evaluation_folder(root: Path, name: str, identity: str) -> Path:
    """Return the folder of one evaluation."""
    return root / f"{name}-{identity}"


def dataset_folder(root: Path, name: str, version: str) -> Path:
    """Return the folder of one finished dataset version."""
    return root / name / version


def sequence_name(number: int) -> str:
    """Return the folder name of the nth sequence of a dataset, from 1."""
    return f"seq_{number:03d}"


def frame_name(number: int) -> str:
    """Return the file stem of a frame."""
    return f"{number:06d}"


# What a view folder holds and where the DPDD layout puts it: kind -> (suffix of the
# split folder, sub-folder, file suffix). Only `_c` has a target.
PICTURES = {
    "left": ("l", "source", ".png"),
    "right": ("r", "source", ".png"),
    "combined": ("c", "source", ".png"),
    "target": ("c", "target", ".png"),
    "coc": ("c", "coc", ".exr"),
    "depth": ("c", "depth", ".exr"),
}


def view_file(kind: str, frame: int) -> str:
    """Return where a view folder keeps a picture.

    Examples
    --------
    >>> view_file("left", 3)
    'left/000003.png'
    """
    return f"{kind}/{frame_name(frame)}{PICTURES[kind][2]}"


def dataset_file(kind: str, split: str, sequence: str, frame: int) -> str:
    """Return where the dataset keeps a picture (DPDD layout).

    Examples
    --------
    >>> dataset_file("target", "train", "seq_001", 3)
    'train_c/target/seq_001/000003.png'
    """
    letter, folder, suffix = PICTURES[kind]
    return f"{split}_{letter}/{folder}/{sequence}/{frame_name(frame)}{suffix}"
