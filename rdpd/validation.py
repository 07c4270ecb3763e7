"""How good a network is on whole pictures it has not learned from, scene by scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import torch
from torch import Tensor, distributed

from rdpd.data import SCORING_KINDS, ClipSource
from rdpd.inference import network_input
from rdpd.loader import Process
from rdpd.model import RDPD, DPDNet
from rdpd.sampling import whole

MOST_STRIPS = 4
STRIP_HEIGHT_PX = 360
HIGHEST_DB = 100.0
"""PSNR of equal pictures, which would be infinite."""


@dataclass(frozen=True)
class FrameScores:
    """PSNR of every frame of one sequence: of the output, of the blurred input."""

    scene: str
    output_db: list[float]
    blurred_db: list[float]


@dataclass(frozen=True)
class Validation:
    """Scores of all sequences, and pictures of some.

    Parameters
    ----------
    sequences : list of FrameScores
    strips : dict of Tensor (3, h, w)
        By scene: blurred combined view, output and target side by side.
    """

    sequences: list[FrameScores]
    strips: dict[str, Tensor]

    @property
    def psnr_db(self) -> float:
        """Mean over all frames of the output's PSNR."""
        return fmean(db for one in self.sequences for db in one.output_db)

    @property
    def blurred_db(self) -> float:
        """Mean over all frames of the PSNR of the blurred combined view."""
        return fmean(db for one in self.sequences for db in one.blurred_db)

    def described(self) -> dict[str, Any]:
        """Return the means, of all and of each scene, as JSON can hold them."""
        by_scene = {
            scene: Validation([s for s in self.sequences if s.scene == scene], {})
            for scene in dict.fromkeys(one.scene for one in self.sequences)
        }
        return {
            **self._means(),
            "scenes": {scene: one._means() for scene, one in by_scene.items()},
        }

    def _means(self) -> dict[str, Any]:
        frames = sum(len(one.output_db) for one in self.sequences)
        means = {"psnr_db": self.psnr_db, "blurred_db": self.blurred_db}
        return {"frames": frames, **{name: round(db, 4) for name, db in means.items()}}


def validate(
    model: RDPD | DPDNet,
    sources: Sequence[ClipSource],
    process: Process | None = None,
    *,
    carries_state: bool = True,
) -> Validation:
    """Return the scores of every sequence, frame by frame.

    Parameters
    ----------
    model : RDPD or DPDNet
        Computes on its own device, in float32.
    sources : sequence of ClipSource
    process : Process, optional
        Where several train together each takes some sequences; all get all scores.
    carries_state : bool
        From frame to frame; a network that learned from single frames starts anew.
    """
    process = process or Process()
    rows = [(s, n) for s in sources for n in range(len(s.extents))]
    mine: list[tuple[int, FrameScores]] = []
    strips: dict[str, Tensor] = {}
    was_training = model.training
    model.eval()
    try:
        for row in range(process.rank, len(rows), process.count):
            source, sequence = rows[row]
            scores, strip = _score(model, source, sequence, carries_state)
            mine.append((row, scores))
            if len(strips) < MOST_STRIPS:
                strips.setdefault(scores.scene, strip)
    finally:
        model.train(was_training)
    everyone = [mine]
    if process.count > 1:
        everyone = [mine] * process.count
        distributed.all_gather_object(everyone, mine)
    in_order = sorted((pair for part in everyone for pair in part), key=lambda p: p[0])
    return Validation([scores for _, scores in in_order], strips)


@torch.inference_mode()
def _score(
    model: RDPD | DPDNet, source: ClipSource, sequence: int, carries_state: bool
) -> tuple[FrameScores, Tensor]:
    device = next(model.parameters()).device
    extent = source.extents[sequence]
    scores = FrameScores(source.scene(sequence), [], [])
    strip, state = torch.empty(0), None
    for frame in range(extent.frames):
        item = source.read(whole(sequence, extent, frame, 1), SCORING_KINDS)
        on_device = {name: tensor.to(device)[None] for name, tensor in item.items()}
        x = network_input(on_device["left"], on_device["right"], model.channels)
        y, state = model(x, state if carries_state else None)
        scores.output_db.append(psnr_db(y, on_device["target"]))
        scores.blurred_db.append(psnr_db(on_device["combined"], on_device["target"]))
        if frame == 0:
            shown = (on_device["combined"], y, on_device["target"])
            strip = _shrunk(torch.cat([picture[0, 0] for picture in shown], dim=-1))
    return scores, strip


def psnr_db(picture: Tensor, target: Tensor) -> float:
    """Return 10 log10(1 / MSE), at most `HIGHEST_DB`.

    Examples
    --------
    >>> round(psnr_db(torch.full((2, 2), 0.6), torch.full((2, 2), 0.5)), 4)
    20.0
    """
    mse = (picture.double() - target.double()).square().mean()
    return min(float(-10 * torch.log10(mse)), HIGHEST_DB)


def _shrunk(strip: Tensor) -> Tensor:
    """Return a picture of a height that a log has room for."""
    step = max(1, strip.shape[-2] // STRIP_HEIGHT_PX)
    return strip[..., ::step, ::step].cpu()
