"""Samples per second of the training's loader beside what a training step consumes.

Reads mini-batches alone, then takes steps on one that is already there, with the
network, patches and batches of a configuration. A sample is one frame's patch: left,
right, target. The loader keeps up if it delivers more than the steps consume; ``share
of compute`` is the time of a step over that of a step that has to wait.

    python -m benchmarks.training_loader [--config TOML] [--dataset FOLDER]

Without a dataset it writes random pictures of 1680 x 1120 to a temporary folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import torch

from rdpd.config import TrainConfig, load_config
from rdpd.data import FOLDERS, ClipSource
from rdpd.device import chosen_device
from rdpd.loader import TrainingBatches, batches, sensible_workers
from rdpd.sources import TrainingData, open_data
from rdpd.train import Learner

SIZE = (1120, 1680)
FRAMES = 4
WARM_UP = 2


def main() -> None:
    """Print both rates and the share of compute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("configs/quick.toml"))
    parser.add_argument("--dataset", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--steps", type=int, default=10)
    options = parser.parse_args()
    steps = options.steps + WARM_UP
    config = replace(load_config(options.config), epochs=1, steps_per_epoch=steps)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        dataset = options.dataset or random_dataset(folder / "dataset")
        data = open_data(dataset, cache=folder / "decoded")
        device = chosen_device(options.device)
        samples = config.clip_batch * config.clip_frames
        step_s = step_time_s(config, data, device)
        print(f"{device}, {torch.get_num_threads()} threads")
        print(f"step consumes {samples / step_s:9.1f} samples/s")
        train_source = data.train[0]
        for workers in sorted({0, sensible_workers(data.train)}):
            batch_s = batch_time_s(config, train_source, workers)
            # Readers work ahead while the step computes; nobody else reads.
            share = 1.0 if batch_s <= step_s else step_s / batch_s
            if workers == 0:
                share = step_s / (step_s + batch_s)
            print(
                f"loader with {workers} readers {samples / batch_s:9.1f} samples/s, "
                f"share of compute {share:.0%}"
            )


def random_dataset(folder: Path) -> Path:
    """Write a dataset version of noise, one sequence per split; return its folder."""
    rng = np.random.default_rng(0)
    rows = []
    for number, split in enumerate(("train", "val"), start=1):
        name = f"seq_{number:03d}"
        for kind in FOLDERS.values():
            place = folder / f"{split}_{kind}" / name
            place.mkdir(parents=True)
            for frame in range(1, FRAMES + 1):
                noise = rng.integers(0, 65536, (*SIZE, 3), np.uint16)
                cv2.imwrite(str(place / f"{frame:06d}.png"), noise)
        rows.append(
            {
                "name": name,
                "split": split,
                "scene": split,
                "size": [SIZE[1], SIZE[0]],
                "frames": list(range(1, FRAMES + 1)),
            }
        )
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in folder.rglob("*.png")
    }
    manifest = {"schema_version": 3, "name": "noise", "version": "v3-0"}
    text = json.dumps(manifest | {"sequences": rows, "files": files})
    (folder / "dataset.json").write_text(text, encoding="utf-8")
    return folder


def step_time_s(config: TrainConfig, data: TrainingData, device: torch.device) -> float:
    """Return the median time of a step on a batch that is there."""
    learner = Learner(config, device)
    batch = TrainingBatches(data.train[:1], config)[0]
    times_s: list[float] = []
    for step in range(config.steps):
        start_s = time.perf_counter()
        learner.step(step, batch)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        times_s.append(time.perf_counter() - start_s)
    return median(times_s[WARM_UP:])


def batch_time_s(config: TrainConfig, source: ClipSource, workers: int) -> float:
    """Return the mean time between two batches, pictures decoded before."""
    dataset = TrainingBatches([source], config)
    for _ in batches(dataset, 0, workers=0, pin=False):
        pass
    upcoming = batches(dataset, 0, workers=workers, pin=False)
    for _ in range(WARM_UP):
        next(upcoming)
    start_s = time.perf_counter()
    count = sum(1 for _ in upcoming)
    return (time.perf_counter() - start_s) / count


if __name__ == "__main__":
    main()
