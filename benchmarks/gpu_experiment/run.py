"""Train what is compared for equal time, then measure it; goes on where it stopped."""

from __future__ import annotations

import dataclasses
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu_experiment import measure, report
from benchmarks.gpu_experiment.carry import CarriedFrames
from benchmarks.gpu_experiment.clips import HeldOutViews, PooledClips, synthesised
from pipeline import layout
from pipeline.errors import UserError
from pipeline.manifest import Json, read_json, write_json
from rdpd.config import TrainConfig, changed_config, train_config
from rdpd.data import ClipSource
from rdpd.device import chosen_device
from rdpd.evaluate import Scoring, device_name, evaluate
from rdpd.evaluation_files import write_evaluation
from rdpd.methods import BLURRED, Method, load_method
from rdpd.model import build_model
from rdpd.sources import TrainingData
from rdpd.train import train
from rdpd.variants import comparison

STATE = "state.json"
SLACK = 1.1
"""More steps are planned than time is expected for, so that the time ends the run."""

SPARE_S = 30.0
"""For the validation and the files after a training."""


@dataclass(frozen=True)
class Experiment:
    """What is done, and where.

    Parameters
    ----------
    carried, work, out : Path
        What `carry.pack` wrote; runs and state between commands; results.
    config : TrainConfig
        Of RDPD. Steps per epoch follow from the time; epochs are the schedule's.
    seconds : float
        Of training, for each network.
    budget_s : float
        Of this command; a training that would not end within it is not begun.
    pool : int
        Clips that are synthesised once; 0: every patch anew.
    held_out_frames : int
        Of each sequence of the validation and of the test split.
    frame_size, synthesis_size : (int, int)
        Width and height, for inference and for view synthesis.
    peak : Peak, optional
        Of the device; None: looked up by its name.
    keep : str
        The network whose weights are written.
    device : {"auto", "cpu", "cuda"}
    """

    carried: Path
    work: Path
    out: Path
    config: TrainConfig
    seconds: float
    budget_s: float = math.inf
    pool: int = 64
    held_out_frames: int = 8
    frame_size: tuple[int, int] = (1680, 1120)
    synthesis_size: tuple[int, int] = (1920, 1080)
    peak: measure.Peak | None = None
    keep: str = "RDPD"
    device: str = "auto"


def run(experiment: Experiment) -> bool:
    """Do what is left and fits, write what is known; return whether all is done."""
    stages = _Stages(experiment)
    is_done = stages.to_the_end()
    report.write_page(experiment.out, stages.state)
    return is_done


class _Stages:
    """What has been done stays in the work folder."""

    def __init__(self, experiment: Experiment) -> None:
        self._start_s = time.perf_counter()
        self._experiment = experiment
        self._device = chosen_device(experiment.device)
        self._carried = CarriedFrames(experiment.carried)
        experiment.work.mkdir(parents=True, exist_ok=True)
        experiment.out.mkdir(parents=True, exist_ok=True)
        self.state: Json = self._earlier()
        self._configs = {
            name: changed_config(experiment.config, changes)
            for name, changes in comparison(experiment.config).items()
        }

    def _earlier(self) -> Json:
        """Return what earlier commands did, with this one's settings."""
        path, settings = self._experiment.work / STATE, self._settings()
        if not path.exists():
            return {"settings": settings, "networks": {}}
        state = read_json(path)
        for name, value in settings.items():
            if state["settings"][name] != value:
                raise UserError(
                    f"{path}: begun with {name} = {state['settings'][name]!r}, not "
                    f"{value!r}; expected the same options, or another --work"
                )
        return state

    def to_the_end(self) -> bool:
        """Return whether every stage is done."""
        if not self._are_trained():
            source = self._source()
            held_out = self._held_out("val")
            for name in self._configs:
                if not self._is_trained(name, source, held_out):
                    return False
        for stage in (self._inference, self._synthesis, self._evaluation):
            stage()
        self._save()
        return True

    def _settings(self) -> Json:
        experiment, name = self._experiment, device_name(self._device)
        peak = experiment.peak or measure.peak_of(name)
        return {
            "device": name,
            "peak": peak and dataclasses.asdict(peak),
            "torch": torch.__version__,
            "frames": self._carried.coding.words,
            "seconds_of_training": experiment.seconds,
            "pool": experiment.pool,
            "training": experiment.config.described(),
        }

    def _save(self) -> None:
        write_json(self._experiment.work / STATE, self.state)

    def _left_s(self) -> float:
        return self._experiment.budget_s - (time.perf_counter() - self._start_s)

    def _folder(self, name: str) -> Path:
        return self._experiment.work / name

    def _are_trained(self) -> bool:
        return all(
            (self._folder(n) / layout.RUN_RESULT).exists() for n in self._configs
        )

    def _source(self) -> ClipSource:
        """Return what is learned from; making the pool is not part of any training."""
        source = synthesised(self._carried, "train", self._device)
        experiment = self._experiment
        if not experiment.pool:
            return source
        start_s = time.perf_counter()
        config = experiment.config
        pool = PooledClips(source, experiment.pool, config.clip_frames, config.seed)
        measure.synchronise(self._device)
        self.state["pool_s"] = time.perf_counter() - start_s
        return pool

    def _held_out(self, split: str) -> HeldOutViews:
        experiment = self._experiment
        frames, seed = experiment.held_out_frames, experiment.config.seed
        return HeldOutViews(self._carried, split, self._device, frames, seed)

    def _is_trained(self, name: str, source: ClipSource, held_out: ClipSource) -> bool:
        """Train a network if it fits; return whether it is trained."""
        experiment, folder = self._experiment, self._folder(name)
        rows: Json = self.state["networks"]
        if name not in rows:
            speed = measure.training_speed(self._configs[name], source, self._device)
            config = self._planned(self._configs[name], speed)
            rows[name] = {"speed": speed, "training": config.described()}
            self._save()
        if (folder / layout.RUN_RESULT).exists():
            return True
        if self._left_s() < experiment.seconds + SPARE_S:
            return False
        folder.mkdir(exist_ok=True)
        data = TrainingData((source,), (held_out,))
        rows[name]["result"] = train(
            train_config(rows[name]["training"]),
            data,
            folder,
            device=experiment.device,
            workers=0,
            time_limit_s=experiment.seconds,
        )
        self._save()
        return True

    def _planned(self, config: TrainConfig, speed: dict[str, float]) -> TrainConfig:
        """Return the configuration whose schedule takes the time that there is."""
        step_s = speed["step_s"] + speed["reading_s"]
        steps = SLACK * self._experiment.seconds / step_s
        return replace(
            config,
            steps_per_epoch=max(1, math.ceil(steps / config.epochs)),
            validate_every_epochs=config.epochs,
        )

    def _inference(self) -> None:
        if "inference" not in self.state:
            size = self._experiment.frame_size
            self.state["inference"] = {
                "size": list(size),
                "ms": {
                    name: measure.inference_ms(
                        build_model(config.model), size, self._device
                    )
                    for name, config in self._configs.items()
                    if name != "sRDPD"  # RDPD's network
                },
            }
            self._save()

    def _synthesis(self) -> None:
        if "synthesis" not in self.state:
            size = self._experiment.synthesis_size
            rows = measure.synthesis_cost(
                self._carried.first_frame(), size, self._device
            )
            self.state["synthesis"] = {"size": list(size), "rows": rows}
            self._save()

    def _evaluation(self) -> None:
        """Score the networks on the test split; writes its tables, and weights."""
        experiment = self._experiment
        data = self._held_out("test").evaluation_set()
        networks = [
            load_method(
                self._folder(name) / layout.BEST_NETWORK, name, device=self._device
            )
            for name in self._configs
        ]
        methods = [Method(BLURRED), *networks]
        scores = evaluate(methods, data, Scoring(), lambda method, output: None)
        described: list[dict[str, Any]] = [
            method.described(*data.most_common_size) for method in methods
        ]
        settings = {"dataset": "carried frames", "split": "test"} | {
            key: self.state["settings"][key] for key in ("device", "frames", "pool")
        }
        self.state["evaluation"] = write_evaluation(
            experiment.out, scores, described, settings, experiment.config.seed
        )
        kept = next(one for one in networks if one.name == experiment.keep)
        self.state["weights"] = report.write_weights(kept, experiment.out)
