"""What is drawn at random for sequences and frames, from seeds that are recorded."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from dp_model.noise import SIGMA_GRID
from dp_model.psf import PAPER_BANK, DualPixelPsf, RampDiskPsf
from dp_model.released import RELEASED_BANK

PsfPer: TypeAlias = Literal["sequence", "frame"]

PSF_BANKS: dict[str, tuple[DualPixelPsf, ...]] = {
    "paper": PAPER_BANK,
    "released": RELEASED_BANK,
    "ramp-disk": (RampDiskPsf(),),
}
OWN_PSF = "own"
"""In place of a bank, where every camera brings a PSF along."""


ChoiceT = TypeVar("ChoiceT")

_PSF_STREAM = 1  # sets it apart from the noise of the same frame
_BEFORE_ZERO = 2  # sets frame -n apart from frame n


@dataclass(frozen=True)
class SequenceDraw:
    """One sequence's point spread function, noise strength and seed.

    A camera's own PSF or noise strength takes the place of what is drawn.

    Parameters
    ----------
    psf : DualPixelPsf or None
        Of all frames; None where each frame draws its own.
    psf_bank : str
        Key of `PSF_BANKS`: what is drawn from.
    noise_sigma : float
        Strength of the signal-dependent noise.
    seed : tuple of int
        Entropy of every generator of this sequence.
    """

    psf: DualPixelPsf | None
    psf_bank: str
    noise_sigma: float
    seed: tuple[int, int]

    def with_own(
        self, psf: DualPixelPsf | None, noise_sigma: float | None
    ) -> SequenceDraw:
        """Return the draw with what a camera brings along; the noise stays as it was.

        Examples
        --------
        >>> draw = draw_sequence(0, "a", "paper", "frame").with_own(RampDiskPsf(), None)
        >>> draw.frame_psf(1)
        RampDiskPsf()
        """
        return dataclasses.replace(
            self,
            psf=self.psf if psf is None else psf,
            noise_sigma=self.noise_sigma if noise_sigma is None else noise_sigma,
        )

    def frame_rng(self, frame: int) -> np.random.Generator:
        """Return the noise generator of one frame."""
        return np.random.default_rng([*self.seed, *_frame_entropy(frame)])

    def frame_psf(self, frame: int) -> DualPixelPsf:
        """Return the PSF of one frame.

        Examples
        --------
        >>> draw = draw_sequence(0, "a", "paper", "frame")
        >>> len({draw.frame_psf(frame) for frame in range(100)}) > 30
        True
        """
        if self.psf is not None:
            return self.psf
        entropy = [*self.seed, *_frame_entropy(frame), _PSF_STREAM]
        rng = np.random.default_rng(entropy)
        return _drawn(rng, PSF_BANKS[self.psf_bank])


def _frame_entropy(frame: int) -> list[int]:
    """Return what a frame adds to a seed: numbers >= 0, as NumPy wants them."""
    return [frame] if frame >= 0 else [-frame, _BEFORE_ZERO]


def seed_name(name: str, *, filler: str) -> str:
    """Return what a sequence's seeds are drawn from: its name, plain.

    Not the name itself, so that seeds stay what they were when names were plain.

    Examples
    --------
    >>> seed_name("a b", filler="_"), seed_name("city-1", filler="_")
    ('a_b', 'city-1')
    """
    return re.sub(r"[^A-Za-z0-9_.-]", filler, name)


def draw_sequence(
    seed: int, sequence: str, psf_bank: str, psf_per: PsfPer = "sequence"
) -> SequenceDraw:
    """Return what the sequence named ``sequence`` gets under a dataset seed.

    It depends on nothing else, so adding a scene, a camera or a frame leaves the
    others as they were; and the noise is the same whether PSFs are drawn per sequence
    or per frame.

    Examples
    --------
    >>> draw_sequence(0, "a", "paper") == draw_sequence(0, "a", "paper")
    True
    >>> draw_sequence(0, "a", "paper").seed == draw_sequence(0, "b", "paper").seed
    False
    """
    name_hash = int.from_bytes(hashlib.sha256(sequence.encode()).digest()[:6], "big")
    entropy = (seed, name_hash)
    rng = np.random.default_rng(entropy)
    psf = _drawn(rng, PSF_BANKS[psf_bank])
    return SequenceDraw(
        psf=psf if psf_per == "sequence" else None,
        psf_bank=psf_bank,
        noise_sigma=_drawn(rng, SIGMA_GRID),
        seed=entropy,
    )


def _drawn(rng: np.random.Generator, choices: tuple[ChoiceT, ...]) -> ChoiceT:
    return choices[int(rng.random() * len(choices))]
