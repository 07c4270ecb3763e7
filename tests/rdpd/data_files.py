"""Small data sets on disk, written by hand: a dataset version, and the Canon layout."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 32, 48
SPLIT_OF_SCENE = {"scene-1": "train", "scene-2": "train", "scene-3": "val"}
KINDS = {
    "left": "l/source",
    "right": "r/source",
    "combined": "c/source",
    "target": "c/target",
}


def write_png(path: Path, picture: NDArray[np.uint16]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture[..., ::-1])


def scene_pictures(seed: int) -> dict[str, NDArray[np.uint16]]:
    """Return smooth targets and views that are noisier, left and right apart."""
    rng = np.random.default_rng(seed)
    coarse = rng.random((4, 6, 3)).astype(np.float32)
    target = np.clip(cv2.resize(coarse, (WIDTH, HEIGHT)), 0, 1)
    views = {
        kind: np.clip(np.roll(target, shift, axis=1) + noise, 0, 1)
        for kind, shift, noise in (
            ("left", -1, rng.normal(0, 0.1, target.shape)),
            ("right", 1, rng.normal(0, 0.1, target.shape)),
        )
    }
    views |= {"combined": (views["left"] + views["right"]) / 2, "target": target}
    return {k: np.round(v * 65535).astype(np.uint16) for k, v in views.items()}


def write_dataset(
    folder: Path, splits: dict[str, str] | None = None, frames: int = 3
) -> Path:
    """Write a dataset version with one sequence per scene; return its folder."""
    sequences = []
    for number, (scene, split) in enumerate((splits or SPLIT_OF_SCENE).items(), 1):
        name = f"seq_{number:03d}"
        for frame in range(1, frames + 1):
            for kind, picture in scene_pictures(100 * number + frame).items():
                place = folder / f"{split}_{KINDS[kind]}" / name
                write_png(place / f"{frame:06d}.png", picture)
        sequences.append(
            {
                "name": name,
                "split": split,
                "scene": scene,
                "size": [WIDTH, HEIGHT],
                "frames": list(range(1, frames + 1)),
            }
        )
    manifest = {
        "schema_version": 2,
        "name": "tiny",
        "version": "v2-0",
        "sequences": sequences,
        "files": {
            path.relative_to(folder).as_posix(): {
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(folder.rglob("*.png"))
        },
    }
    (folder / "dataset.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def write_canon(folder: Path, pictures: int = 3) -> Path:
    """Write the Canon layout, targets numbered otherwise than their sources."""
    for split in ("train", "val", "test"):
        for number in range(pictures):
            # 9, 10, 11: the order of the numbers is not that of the words.
            source = 9 + number
            names = {
                "left": f"P{source}_L.png",
                "right": f"P{source}_R.png",
                "combined": f"P{source}.png",
                "target": f"P{source - 1}.png",
            }
            for kind, picture in scene_pictures(source).items():
                write_png(folder / f"{split}_{KINDS[kind]}" / names[kind], picture)
    return folder
