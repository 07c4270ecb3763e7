"""What a person can follow of a training: a progress bar, a table, TensorBoard."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from rdpd.own_names import partial_path
from rdpd.validation import Validation

LOG = "log.jsonl"
TENSORBOARD = "tensorboard"


@dataclass(frozen=True)
class StepRecord:
    """Numbers of one step.

    Parameters
    ----------
    step : int
        From 0.
    loss, mse, gradient_norm : float
    waited_share : float
        Share of the time since the last record that no batch was ready.
    """

    step: int
    loss: float
    mse: float
    gradient_norm: float
    waited_share: float

    @property
    def psnr_db(self) -> float:
        """PSNR of the batch."""
        return -10 * math.log10(max(self.mse, 1e-10))


class Journal:
    """Writes down how a training goes; nothing if it is not the first process.

    Parameters
    ----------
    folder : Path
        The run's.
    start, steps : int
        First step of this process, and steps of the whole training.
    is_first : bool
    """

    def __init__(self, folder: Path, start: int, steps: int, is_first: bool) -> None:
        self._folder = folder
        self._bar: tqdm[Any] | None = None
        self._writer: SummaryWriter | None = None
        if is_first:
            # A run that was killed has logged steps that are now taken again.
            self._writer = SummaryWriter(folder / TENSORBOARD, purge_step=start)
            self._bar = tqdm(
                total=steps,
                initial=start,
                unit="step",
                file=sys.stderr,
                bar_format="{desc} {n_fmt}/{total_fmt} {bar:20} {elapsed} so far, "
                "{remaining} left, {rate_fmt}{postfix}",
            )

    def advance(self, epoch: int) -> None:
        """Count one step."""
        if self._bar is not None:
            self._bar.set_description_str(f"epoch {epoch + 1}", refresh=False)
            self._bar.update()

    def record(self, records: Sequence[StepRecord], learning_rate: float) -> None:
        """Log some steps."""
        if self._writer is None or self._bar is None or not records:
            return
        for one in records:
            self._writer.add_scalar("train/loss", one.loss, one.step)
            self._writer.add_scalar("train/psnr_db", one.psnr_db, one.step)
            self._writer.add_scalar("train/gradient_norm", one.gradient_norm, one.step)
        last = records[-1]
        self._writer.add_scalar("train/learning_rate", learning_rate, last.step)
        self._writer.add_scalar("train/waited_share", last.waited_share, last.step)
        self._bar.set_postfix_str(f"loss {last.loss:.5f}, PSNR {last.psnr_db:.1f} dB")

    def validated(self, validation: Validation, step: int, epoch: int) -> None:
        """Log a validation: a line, scalars by scene, pictures."""
        if self._writer is None:
            return
        found = validation.described()
        for scene, means in [("all", found), *found["scenes"].items()]:
            self._writer.add_scalar(f"val/{scene}/psnr_db", means["psnr_db"], step)
            gain_db = means["psnr_db"] - means["blurred_db"]
            self._writer.add_scalar(f"val/{scene}/gain_db", gain_db, step)
        for scene, strip in validation.strips.items():
            self._writer.add_image(f"blurred, output, target/{scene}", strip, step)
        self.say(
            f"epoch {epoch + 1}: validation PSNR {validation.psnr_db:.2f} dB, blurred "
            f"input {validation.blurred_db:.2f} dB"
        )

    def say(self, message: str) -> None:
        """Write one line above the bar."""
        if self._bar is not None:
            tqdm.write(message, file=sys.stderr)

    def write_table(self, history: Sequence[Mapping[str, Any]]) -> None:
        """Write ``log.jsonl``, a row per epoch, whole."""
        if self._writer is None:
            return
        lines = "".join(json.dumps(row, sort_keys=True) + "\n" for row in history)
        write_text(self._folder / LOG, lines)
        self._writer.flush()

    def close(self) -> None:
        """Leave bar and files as they are."""
        if self._writer is not None:
            self._writer.close()
        if self._bar is not None:
            self._bar.close()


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = partial_path(path)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
