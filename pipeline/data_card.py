"""The words inside a dataset: its data card and one row of metadata per frame."""

from __future__ import annotations

import json
from typing import Any

from pipeline import layout

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


def data_card(dataset: Json) -> str:
    """Return the ``README.md`` of a dataset from its manifest."""
    sequences: list[Json] = dataset["sequences"]
    count = sum(len(sequence["frames"]) for sequence in sequences)
    per_split = ", ".join(
        f"{split} {sum(len(s['frames']) for s in sequences if s['split'] == split)}"
        for split in layout.SPLITS
    )
    sizes = sorted({tuple(sequence["size"]) for sequence in sequences})
    rows = "\n".join(_sequence_row(sequence) for sequence in sequences)
    first = sequences[0]["name"]
    return _CARD.format(
        name=dataset["name"],
        version=dataset["version"],
        size_category="n<1K" if count < 1000 else "1K<n<1M",
        count=count,
        per_split=per_split,
        sizes=" or ".join(f"{width} x {height}" for width, height in sizes),
        origin=_origin(dataset["parameters"]),
        rows=rows,
        first=first,
        notes=_notes(dataset["notes"]),
        parameters=json.dumps(dataset["parameters"], indent=1, sort_keys=True),
    )


def _notes(notes: list[Json]) -> str:
    """Return what there is to know of the frames, a line each."""
    rows = [
        f"- {'**warning** ' if note['level'] == 'warning' else ''}`{note['scene']}`: "
        f"{note['message']}"
        for note in notes
    ]
    return "\n".join(rows) or "Nothing."


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
        f"| [{name}](preview/{name}.png) | {sequence['split']} | {sequence['scene']} | "
        f"{camera['name']} | {lens} | {psf_text(settings['psf'])} | {sigma} | "
        f"{low:.1f} .. {high:.1f} | {len(sequence['frames'])} | "
        f"[flip](preview/{name}_flip.gif) |"
    )


def _origin(parameters: Json) -> str:
    """Return whose the pictures are."""
    sources = parameters.get("sources", [])
    imported = (
        f"Made from imported frames: {', '.join(sources)}. The terms of their "
        "makers hold for what was made from them, and for citing them."
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
pretty_name: {name} {version}
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

# {name}, version {version}

{count} dual-pixel frames of {sizes} pixels ({per_split}), each with left and
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

## Files

| path | what |
|---|---|
| `SPLIT_l/source`, `SPLIT_r/source` | left and right view, full exposure |
| `SPLIT_c/source` | combined = mean of left and right |
| `SPLIT_c/target` | all-in-focus picture, without noise |
| `SPLIT_c/coc` | EXR, channel Y: signed CoC radius, pixels, > 0 behind focus |
| `SPLIT_c/depth` | EXR, channel Z: planar depth, metres, sky = +inf |
| `dataset.json` | every parameter, seed and checksum |
| `metadata.jsonl` | one row per frame, with relative paths |

Pictures are 16-bit PNG, sRGB-encoded after blur and noise in linear light. Left is the
view through the left half of the pupil, seen from behind the camera: behind the focus
plane things lie further left in the left view, in front of it further right. A
horizontal flip of a sample must swap left and right.

```python
import cv2
left = cv2.imread("train_l/source/{first}/000001.png", cv2.IMREAD_UNCHANGED)
left = left[..., ::-1] / 65535
```

## Parameters

```json
{parameters}
```

{origin}
"""
