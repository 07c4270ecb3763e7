"""A network, its optimiser, and how one mini-batch changes them."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Adam

from rdpd.checkpoint import Checkpoint
from rdpd.config import TrainConfig
from rdpd.device import largest_that_fits, uses_bfloat16
from rdpd.loader import Batch, Process
from rdpd.losses import Loss, training_loss
from rdpd.model import RDPD, DPDNet, build_model
from rdpd.sampling import dropout_seed
from rdpd.training_state import (
    RunningMean,
    restore_state,
    set_dropout,
    set_learning_rate,
    state_tensors,
)


class TrainingError(Exception):
    """A training that cannot go on; the message says where it stopped and why."""


class Learner:
    """What learns, on one device, in one of the processes that learn together.

    Parameters
    ----------
    config : TrainConfig
    device : torch.device
    process : Process, optional
    start : Checkpoint, optional
        Of a run that is continued.
    """

    def __init__(
        self,
        config: TrainConfig,
        device: torch.device,
        process: Process | None = None,
        start: Checkpoint | None = None,
    ) -> None:
        self._config, self._device = config, device
        self._process = process or Process()
        torch.manual_seed(config.seed)
        model = build_model(config.model).to(device)
        if device.type == "cuda":
            model = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        set_dropout(model, config.dropout)
        model.train()
        self.model: RDPD | DPDNet = model
        self._optimiser = Adam(model.parameters(), lr=config.learning_rate)
        self._mean = RunningMean(model, config.ema_decay)
        if start is not None:
            model.load_state_dict(start.model.state_dict())
            restore_state(start.tensors, self._optimiser, self._mean)
        self._shared: nn.Module = model
        if self._process.count > 1:
            self._shared = DistributedDataParallel(model)
        self._stepped = self._shared
        if config.compile != "off":
            # A wrapper; names in checkpoints are those of the network inside.
            self._stepped = cast(
                nn.Module, torch.compile(self._shared, backend=config.compile)
            )

    def state(self) -> dict[str, Tensor]:
        """Return what a checkpoint needs beside the weights."""
        return state_tensors(self._optimiser, self._mean)

    def judged(self) -> RDPD | DPDNet:
        """Return the network that is validated: the running mean, if there is one."""
        if not self._mean.is_apart:
            return self.model
        judged = build_model(self._config.model).to(self._device)
        judged.load_state_dict(self._mean.weights)
        return judged

    def step(self, step: int, batch: Batch) -> Tensor:
        """Learn from a batch; return loss, its MSE and the gradient's norm, (3,).

        Parameters
        ----------
        step : int
            From 0; learning rate and dropout follow from it.
        batch : Batch

        Raises
        ------
        TrainingError
            If the GPU's memory is too small.
        """
        config = self._config
        rate = config.learning_rate_of(config.epoch_of(step))
        set_learning_rate(self._optimiser, rate)
        # Torch's dropout draws from the process's generator and no other.
        torch.manual_seed(dropout_seed(config.seed, step, self._process.rank))
        tensors = {
            name: tensor.to(self._device, non_blocking=True)
            for name, tensor in batch.tensors.items()
        }
        try:
            self._optimiser.zero_grad(set_to_none=True)
            loss = self._loss(self._stepped, tensors)
            loss.total.backward()
            norm = nn.utils.clip_grad_norm_(
                self.model.parameters(), config.clip_gradient_norm or math.inf
            )
            self._optimiser.step()
        except torch.OutOfMemoryError:
            raise TrainingError(self._memory_words(step, tensors)) from None
        self._mean.update(self.model)
        return torch.stack([loss.total.detach(), loss.mse.detach(), norm.detach()])

    def _loss(self, model: nn.Module, tensors: dict[str, Tensor]) -> Loss:
        config = self._config
        channels = [tensors["left"], tensors["right"], tensors["radial"]]
        x = torch.cat(channels, dim=2)[:, :, : self.model.channels]
        is_half = uses_bfloat16(config.precision, self._device)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=is_half):
            y, _ = model(x)
        return training_loss(
            y.float(),
            tensors["target"],
            lambda_x=config.lambda_x,
            lambda_y=config.lambda_y,
            sizes=config.edge_sizes,
        )

    def _memory_words(self, step: int, tensors: dict[str, Tensor]) -> str:
        items, frames, _, patch_px, _ = tensors["target"].shape

        def fits(items: int, patch_px: int) -> bool:
            shape = (items, frames, 3, patch_px, patch_px)
            blank = {
                name: torch.zeros(shape, device=self._device)
                for name in ("left", "right", "target")
            }
            blank["radial"] = blank["left"][:, :, :1]
            try:
                # By itself: the other processes are not asked.
                self._loss(self.model, blank).total.backward()
            except torch.OutOfMemoryError:
                return False
            finally:
                self._optimiser.zero_grad(set_to_none=True)
                if self._device.type == "cuda":
                    torch.cuda.empty_cache()
            return True

        self._optimiser.zero_grad(set_to_none=True)
        found = largest_that_fits(fits, items, patch_px)
        batch = "image_batch" if frames == 1 else "clip_batch"
        advice = (
            f"{batch} = {found[0]} with patch_px = {found[1]} fits"
            if found
            else "no smaller batch or patch fits; try a narrower network"
        )
        return (
            f"step {step + 1}: {self._device} has too little memory for {items} x "
            f"{frames} patches of {patch_px} pixels; {advice}"
        )
