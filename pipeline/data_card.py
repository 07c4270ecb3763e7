"""The words inside a dataset: its data card and one row of metadata per frame."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pipeline import layout
from pipeline.plot_text import percent

Json = dict[str, Any]

# EXR columns end in `_path`, not `_file_name`: common image-folder loaders open
# every `*_file_name` as a picture, and most can't open EXR.
COLUMNS = {
    "left": "left_file_name",
    "right": "right_file_name",
    "combined": "combined_file_name",
    "target": "target_file_name",
    "coc": "coc_path",
    "depth": "depth_path",
}


def metadata_lines(sequences: list[Json]) -> str:
    """Return ``metadata.jsonl``: one JSON object per frame."""
    rows = [
        json.dumps(
            {
                "split": sequence["split"],
                "sequence": sequence["name"],
                "scene": sequence["scene"],
                "camera": sequence["settings"]["camera"]["name"],
                "frame": frame,
                **{
                    column: layout.dataset_file(
                        kind, sequence["split"], sequence["name"], frame
                    )
                    for kind, column in COLUMNS.items()
                },
            }
        )
        for sequence in sequences
        for frame in sequence["frames"]
    ]
    return "\n".join(rows) + "\n"


def data_card(dataset: Json, clipped_shares: Mapping[str, float]) -> str:
    """Return the ``README.md`` of a dataset.

    Parameters
    ----------
    dataset : dict
        Its manifest.
    clipped_shares : dict
        Scene name -> share of its pixels that are brighter than white.
    """
    sequences: list[Json] = dataset["sequences"]
    count = sum(len(sequence["frames"]) for sequence in sequences)
    per_split = ", ".join(
        f"{split} {sum(len(s['frames']) for s in sequences if s['split'] == split)}"
        for split in layout.SPLITS
    )
    sizes = sorted({tuple(sequence["size"]) for sequence in sequences})
    rows = "\n".join(_sequence_row(sequence) for sequence in sequences)
    example = {
        kind: layout.dataset_file(
            kind,
            sequences[0]["split"],
            sequences[0]["name"],
            sequences[0]["frames"][0],
        )
        for kind in ("left", "depth")
    }
    return _CARD.format(
        title=markdown(dataset["name"]),
        version=dataset["version"],
        # Every JSON string is a YAML one.
        pretty_name=json.dumps(f"{dataset['name']} {dataset['version']}"),
        size_category=size_category(count),
        frames=f"{count} dual-pixel {'frame' if count == 1 else 'frames'}",
        per_split=per_split,
        sizes=" or ".join(f"{width} x {height}" for width, height in sizes),
        origin=_origin(dataset["parameters"]),
        rows=rows,
        **example,
        notes=_notes(dataset["notes"]),
        clipped=_clipped(clipped_shares),
        parameters=json.dumps(dataset["parameters"], indent=1, sort_keys=True),
    )


def _notes(notes: list[Json]) -> str:
    """Return what there is to know of the frames, a line each."""
    rows = [
        f"- {'**Warning**, ' if note['level'] == 'warning' else ''}"
        f"{markdown(note['scene'])}: {markdown(note['message'])}"
        for note in notes
    ]
    if any(note["level"] == "warning" for note in notes):
        rows += ["", "A warning means that pixels may be wrong."]
    return "\n".join(rows) or "There is no note on any frame."


def _clipped(shares: Mapping[str, float]) -> str:
    """Return how much of each scene is brighter than white."""
    if not any(shares.values()):
        return "No pixel is brighter than white."
    words = ", ".join(f"{markdown(name)} {percent(shares[name])}" for name in shares)
    return f"Share of pixels that are brighter than white, and clipped: {words}."


def markdown(text: str) -> str:
    r"""Return text that Markdown shows as it is, in one line.

    Examples
    --------
    >>> markdown("a|b *c* <d> my_scene-1")
    'a\\|b \\*c\\* \\<d\\> my_scene-1'
    """
    escaped = re.sub(r"([\\`*\[\]<>|~&$])", r"\\\1", " ".join(text.split()))
    # Within a word a line is a line; elsewhere it may begin emphasis.
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", escaped)


def size_category(count: int) -> str:
    """Return the words that the Hugging Face hub has for a number of samples.

    Examples
    --------
    >>> size_category(12), size_category(20_000), size_category(5_000_000)
    ('n<1K', '10K<n<100K', '1M<n<10M')
    """
    edges = {"1K": 10**3, "10K": 10**4, "100K": 10**5, "1M": 10**6, "10M": 10**7}
    below = [name for name, edge in edges.items() if count >= edge]
    above = [name for name, edge in edges.items() if count < edge]
    if not below:
        return "n<1K"
    return f"{below[-1]}<n<{above[0]}" if above else "10M<n<100M"


def _sequence_row(sequence: Json) -> str:
    settings = sequence["settings"]
    camera, noise = settings["camera"], settings["noise"]
    name = sequence["name"]
    lens = (
        f"f {camera['focal_length_m']:g}, N {camera['f_number']:g}, "
        f"focus {camera['focus_distance_m']:g}"
    )
    sigma = "none" if noise["model"] == "none" else f"{noise['sigma']:.3f}"
    low, high = sequence["coc_range_px"]
    return (
        f"| [{name}](preview/{name}.png) | {sequence['split']} | "
        f"{markdown(sequence['scene'])} | {markdown(camera['name'])} | {lens} | "
        f"{psf_text(settings['psf'])} | {sigma} | "
        f"{low:.1f} .. {high:.1f} | {len(sequence['frames'])} | "
        f"[flip](preview/{name}_flip.gif) |"
    )


def _origin(parameters: Json) -> str:
    """Return whose the pictures are."""
    sources = parameters.get("sources", [])
    names = ", ".join(map(markdown, sources))
    imported = (
        f"Made from imported frames: {names}. The terms of their makers hold for what "
        "was made from them, and for citing them."
    )
    rendered = (
        "The pictures that were rendered belong to whoever built this dataset. "
        "Procedural cities hold no third-party material."
    )
    parts = [imported] * bool(sources) + [rendered] * bool(parameters["scenes"])
    return "\n\n".join(parts)


def psf_text(psf: Json) -> str:
    """Return a PSF in a few words.

    Examples
    --------
    >>> psf_text({"type": "RampDiskPsf"})
    'RampDiskPsf'
    """
    names = {"order": "n", "alpha": "alpha", "beta": "beta", "kappa": "kappa"}
    given = [f"{short} {psf[key]:g}" for key, short in names.items() if key in psf]
    return ", ".join(given) or psf["type"]


_CARD = """---
pretty_name: {pretty_name}
task_categories:
- image-to-image
- depth-estimation
tags:
- dual-pixel
- defocus-deblurring
- synthetic
size_categories:
- {size_category}
---

# {title}, version {version}

{frames} of {sizes} pixels ({per_split}), each with left and
right view, combined picture, sharp target, depth and circle of confusion. Made by the
dual-pixel pipeline; its blur is simulated. Scenes never cross splits.

![Overview](preview/overview.png)

Depth, classes, texture and blur: [statistics](preview/statistics.png).

## Sequences

Lens values are metres; where the pixel pitch is 1 m, as in the paper's five camera
sets, one unit of blur is one pixel. Noise sigma is relative to intensity.

| sequence | split | scene | camera | lens | PSF | noise | CoC radius, px | frames | |
|---|---|---|---|---|---|---|---|---|---|
{rows}

## What might surprise

{notes}

{clipped}

A program finds the notes in `dataset.json`:

```python
import json

with open("dataset.json", encoding="utf-8") as file:
    for note in json.load(file).get("notes", []):
        print(note["scene"], note["level"], note["code"], note["message"])
```

## Files

| path | what |
|---|---|
| `SPLIT_l/source`, `SPLIT_r/source` | left and right view, full exposure |
| `SPLIT_c/source` | combined = mean of left and right |
| `SPLIT_c/target` | all-in-focus picture, without noise |
| `SPLIT_c/coc` | EXR, channel Y: signed CoC radius, pixels, > 0 behind focus |
| `SPLIT_c/depth` | EXR, channel Y: planar depth, metres, sky = +inf |
| `dataset.json` | every parameter, seed and checksum |
| `metadata.jsonl` | one row per frame, with relative paths |

Pictures are 16-bit PNG, sRGB-encoded after blur and noise in linear light. Left is the
view through the left half of the pupil, seen from behind the camera: behind the focus
plane things lie further left in the left view, in front of it further right. A
horizontal flip of a sample must swap left and right.

## Reading

All 16 bits of a picture, with OpenCV:

```python
import cv2

left = cv2.imread("{left}", cv2.IMREAD_UNCHANGED)
left = left[..., ::-1] / 65535  # RGB, sRGB-encoded, 0 to 1
```

Pillow, imageio, scikit-image and the image columns of Hugging Face datasets give 8 of
the 16 bits of a colour PNG; so does OpenCV without `IMREAD_UNCHANGED`.

Depth (metres, sky = +inf) and circle of confusion (pixels), with OpenEXR:

```python
import OpenEXR

with OpenEXR.File("{depth}") as file:
    depth_m = file.channels()["Y"].pixels
```

or with OpenCV 4, which reads EXR only if it is told so before it is imported:

```python
import os

os.environ["OPENCV_IO_ENABLE_OPENEXR"] = "1"
import cv2

depth_m = cv2.imread("{depth}", cv2.IMREAD_UNCHANGED)
```

Versions of schema 2 call the channel of the depth Z, which OpenCV reads as zeros.

## Parameters

```json
{parameters}
```

{origin}
"""
