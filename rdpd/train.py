"""The training loop. A run is a folder; started again, it goes on where it was."""

from __future__ import annotations

import dataclasses
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed

from rdpd import checkpoint
from rdpd.config import ConfigError, TrainConfig
from rdpd.data import ClipSource
from rdpd.device import (
    DeviceError,
    chosen_device,
    process_group,
)
from rdpd.journal import Journal, StepRecord, write_text
from rdpd.learner import Learner, TrainingError
from rdpd.loader import (
    Process,
    TrainingBatches,
    batches,
    sensible_workers,
)
from rdpd.model import RDPD, DPDNet
from rdpd.pictures import DataError
from rdpd.sampling import SamplingError
from rdpd.sources import TrainingData
from rdpd.validation import Validation, validate
from rdpd.words import shortly

LAST, BEST = "last.json", "best.json"
RESULT = "result.json"
STEPS_PER_LOOK = 20
"""Losses are fetched so often: on a GPU every fetch waits for all that it has to do."""


USER_ERRORS = (
    ConfigError,
    SamplingError,
    DeviceError,
    DataError,
    checkpoint.CheckpointError,
    TrainingError,
)
"""Whatever a user can have got wrong; each message is one line."""


_CANNOT_GO_ON = (
    "a training cannot go on from it. Delete the run's folder to begin again"
)


@dataclass
class Progress:
    """How far a run has come.

    Parameters
    ----------
    step : int
        Steps taken. Schedule, sampler and the seed of the dropout follow from it.
    best_psnr_db : float
        Highest validation PSNR.
    best_epoch : int
        The epoch that had it, from 1; 0: none yet.
    history : list of dict
        A row per epoch.
    seconds : float
        Spent on steps and on waiting for batches.
    """

    step: int
    best_psnr_db: float
    best_epoch: int
    history: list[dict[str, Any]]
    seconds: float = 0.0


def train(
    config: TrainConfig,
    data: TrainingData,
    folder: Path,
    *,
    device: str = "auto",
    workers: int | None = None,
    time_limit_s: float = math.inf,
) -> dict[str, Any]:
    """Train a network, or go on with it, and return how good it became.

    Writes ``last.json`` and ``best.json`` (checkpoints), ``log.jsonl`` (a row per
    epoch), ``tensorboard/``, and ``result.json`` last.

    Parameters
    ----------
    config : TrainConfig
    data : TrainingData
    folder : Path
        The run's. One that was interrupted is continued, and ends as if it had not
        been (on a CPU, with the same number of threads: to the last bit).
    device : str
        ``auto``, ``cpu`` or ``cuda``.
    workers : int, optional
        Processes that read pictures; changes nothing but the speed.
    time_limit_s : float
        Seconds of learning, those before an interruption included and validation not,
        after which the run ends as if it had taken all its steps. ``result.json`` then
        says how many it took. For one process.

    Returns
    -------
    dict
        Contents of ``result.json``.

    Raises
    ------
    SamplingError
        For patches that don't fit the pictures.
    DeviceError
        For a device that is not there.
    DataError
        For a picture that cannot be used.
    CheckpointError
        For a checkpoint that cannot be continued.
    TrainingError
        If the loss is not finite, or the GPU's memory too small.
    """
    chosen = chosen_device(device)
    with process_group(chosen) as process:
        if process.count > 1 and time_limit_s < math.inf:
            raise ValueError(
                f"time_limit_s {time_limit_s:g} with {process.count} processes: "
                "expected one, they would not stop at the same step"
            )
        run = _Run(config, data, folder, chosen, process)
        run.time_limit_s = time_limit_s
        if workers is None:
            workers = sensible_workers(data.train)
        return run.to_the_end(workers)


class _Run:
    """One training in one process."""

    def __init__(
        self,
        config: TrainConfig,
        data: TrainingData,
        folder: Path,
        device: torch.device,
        process: Process,
    ) -> None:
        self.config, self.data, self.folder = config, data, folder
        self.device, self.process = device, process
        self.batches = TrainingBatches(data.train, config, process)
        self.progress = Progress(0, -math.inf, 0, [])
        start = self._resumed()
        if start is None:
            data.check_checksums(process.rank, process.count)
        try:
            self.learner = Learner(config, device, process, start)
        except KeyError as error:
            raise checkpoint.CheckpointError(
                f"{folder / LAST}: holds no tensor {error}; {_CANNOT_GO_ON}"
            ) from None
        self.journal = Journal(
            folder, self.progress.step, config.steps, process.rank == 0
        )
        self._unseen: list[tuple[Tensor, str]] = []
        self._rows: list[StepRecord] = []
        self._waited_s = self._since_s = 0.0
        self.time_limit_s = math.inf

    def to_the_end(self, workers: int) -> dict[str, Any]:
        """Take the steps that are left, then score the best network."""
        try:
            self._learn(workers)
            return self._finished()
        finally:
            self.journal.close()

    def _learn(self, workers: int) -> None:
        start = self.progress.step
        pin = self.device.type == "cuda" and workers > 0
        upcoming = batches(self.batches, start, workers=workers, pin=pin)
        self._since_s = time.perf_counter()
        if self._time_is_up():
            return
        for step in range(start, self.config.steps):
            before_s = time.perf_counter()
            batch = next(upcoming)
            self._waited_s += time.perf_counter() - before_s
            seen = self.learner.step(step, batch)
            self._unseen.append((seen, batch.words))
            self.progress.step = step + 1
            self.journal.advance(self.config.epoch_of(step))
            is_last = step + 1 == self.config.steps or self._time_is_up()
            is_end = is_last or (step + 1) % self.config.steps_per_epoch == 0
            if is_end or len(self._unseen) == STEPS_PER_LOOK:
                self._look()
            if is_end:
                self._end_epoch(self.config.epoch_of(step), is_last)
                self._since_s = time.perf_counter()  # validating is not learning
            if is_last:
                return

    def _time_is_up(self) -> bool:
        spent_s = self.progress.seconds + time.perf_counter() - self._since_s
        return spent_s >= self.time_limit_s

    def _look(self) -> None:
        """Fetch the numbers of the last steps; stop where one is not finite."""
        if not self._unseen:
            return
        first = self.progress.step - len(self._unseen)
        values = torch.stack([seen for seen, _ in self._unseen]).cpu().tolist()
        now_s = time.perf_counter()
        spent_s = now_s - self._since_s
        share = self._waited_s / max(spent_s, 1e-9)
        self.progress.seconds += spent_s
        self._waited_s, self._since_s = 0.0, now_s
        records = [
            StepRecord(first + row, *numbers, waited_share=share)
            for row, numbers in enumerate(values)
        ]
        for record, (_, words) in zip(records, self._unseen, strict=True):
            if not (math.isfinite(record.loss) and math.isfinite(record.gradient_norm)):
                raise TrainingError(self._divergence_words(record, words))
        self._unseen.clear()
        self._rows += records
        epoch = self.config.epoch_of(records[-1].step)
        self.journal.record(records, self.config.learning_rate_of(epoch))

    def _end_epoch(self, epoch: int, is_last: bool) -> None:
        """Validate and write the checkpoints."""
        progress = self.progress
        row: dict[str, Any] = {
            "epoch": epoch + 1,
            "steps": progress.step,
            "learning_rate": self.config.learning_rate_of(epoch),
            "loss": math.fsum(r.loss for r in self._rows) / len(self._rows),
            "train_psnr_db": math.fsum(r.psnr_db for r in self._rows) / len(self._rows),
        }
        self._rows.clear()
        if is_last or (epoch + 1) % self.config.validate_every_epochs == 0:
            judged = self.learner.judged()
            validation = self._scores(judged, self.data.val)
            row["val"] = validation.described()
            self.journal.validated(validation, progress.step, epoch)
            if validation.psnr_db > progress.best_psnr_db:
                progress.best_psnr_db = validation.psnr_db
                progress.best_epoch = epoch + 1
                self._save(BEST, judged.state_dict(), {"val": row["val"]}, {})
        progress.history.append(row)
        # Written after the best: killed between the two, the epoch is learned again.
        details = {
            "best_psnr_db": progress.best_psnr_db,
            "best_epoch": progress.best_epoch,
            "history": progress.history,
            "seconds": progress.seconds,
        }
        weights = self.learner.model.state_dict()
        self._save(LAST, weights, details, self.learner.state())
        if self.process.count > 1:
            distributed.barrier()  # nobody reads what is still being written
        self.journal.write_table(progress.history)

    def _scores(
        self, model: RDPD | DPDNet, sources: tuple[ClipSource, ...]
    ) -> Validation:
        is_recurrent = self.config.clip_frames > 1
        return validate(model, sources, self.process, carries_state=is_recurrent)

    def _save(
        self,
        name: str,
        weights: dict[str, Tensor],
        details: dict[str, Any],
        tensors: dict[str, Tensor],
    ) -> None:
        if self.process.rank == 0:
            checkpoint.save(
                self.folder / name,
                self.config.model,
                weights,
                details=details
                | {
                    "steps": self.progress.step,
                    "training": self.config.described(),
                    "data": self.data.identities,
                    "contents": self.data.contents,
                },
                tensors=tensors,
            )

    def _resumed(self) -> checkpoint.Checkpoint | None:
        """Return the last checkpoint of the folder, if there is one."""
        path = self.folder / LAST
        if not path.exists():
            return None
        found = checkpoint.load(path)
        self._check_same(path, found)
        self.progress = _progress_of(path, found.details, self.config.steps)
        if self.progress.best_epoch:
            self._best()
        return found

    def _best(self) -> checkpoint.Checkpoint:
        """Return the best network so far, if it is this run's."""
        path = self.folder / BEST
        best = checkpoint.load(path)
        self._check_same(path, best)
        if not isinstance(best.details.get("val"), dict):
            raise checkpoint.CheckpointError(
                f"{path}: does not say how good it is ('val'); {_CANNOT_GO_ON}"
            )
        return best

    def _check_same(self, path: Path, found: checkpoint.Checkpoint) -> None:
        """Raise CheckpointError for what another run wrote, or a hand edited."""
        details = found.details
        old, new = details.get("training"), self.config.described()
        learned_from = details.get("data")
        if not isinstance(old, dict) or not isinstance(learned_from, list):
            raise checkpoint.CheckpointError(
                f"{path}: does not say what it learned from and how ('training' and "
                f"'data'); {_CANNOT_GO_ON}"
            )
        if found.config != self.config.model:
            old = {**old, "model": dataclasses.asdict(found.config)}
        for name, value in new.items():
            if old.get(name) != value:
                raise checkpoint.CheckpointError(
                    f"{path}: this run has {name} = {old.get(name)!r}, not {value!r}; "
                    "expected the same configuration, or another folder"
                )
        if learned_from != self.data.identities:
            raise checkpoint.CheckpointError(
                f"{path}: this run learns from {', '.join(map(str, learned_from))}; "
                f"got {', '.join(self.data.identities)}. Use another folder"
            )
        contents = details.get("contents", self.data.contents)
        if contents != self.data.contents:
            raise checkpoint.CheckpointError(
                f"{path}: this run learned from other images of "
                f"{', '.join(self.data.contents)}: their checksums have changed since. "
                "Bring the data back, or use another folder"
            )

    def _finished(self) -> dict[str, Any]:
        """Score the best network on the test split and write the result."""
        best = self._best()
        result = {
            "best_epoch": self.progress.best_epoch,
            "steps": self.progress.step,
            "data": self.data.identities,
            "val": best.details["val"],
        }
        if self.time_limit_s < math.inf:
            result["seconds"] = self.progress.seconds
        if self.data.test:
            model = best.model.to(self.device)
            result["test"] = self._scores(model, self.data.test).described()
        if self.process.rank == 0:
            text = json.dumps(result, indent=1, sort_keys=True) + "\n"
            write_text(self.folder / RESULT, text)
        return result

    def _divergence_words(self, record: StepRecord, words: str) -> str:
        kept = self.folder / LAST
        where = f"kept: {kept}" if kept.exists() else "none yet: no epoch was finished"
        return (
            f"step {record.step + 1}: loss {record.loss:g}, gradient norm "
            f"{record.gradient_norm:g}; the batch was {words}. The last good "
            f"checkpoint is {where}. Try a lower learning_rate, or clip_gradient_norm"
        )


def _progress_of(path: Path, details: dict[str, Any], steps: int) -> Progress:
    """Return how far a run had come when it wrote its last checkpoint."""

    def found(name: str, *kinds: type) -> Any:
        value = details.get(name)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise checkpoint.CheckpointError(
                f"{path}: {name} is {shortly(value)}; {_CANNOT_GO_ON}"
            )
        return value

    progress = Progress(
        step=found("steps", int),
        best_psnr_db=found("best_psnr_db", int, float),
        best_epoch=found("best_epoch", int),
        history=found("history", list),
        seconds=found("seconds", int, float) if "seconds" in details else 0.0,
    )
    if not 0 < progress.step <= steps or progress.best_epoch < 0:
        raise checkpoint.CheckpointError(
            f"{path}: {progress.step} steps of {steps}, best epoch "
            f"{progress.best_epoch}; {_CANNOT_GO_ON}"
        )
    return progress
