"""What is drawn at random for each sequence, from a seed that is recorded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from dp_model.noise import SIGMA_GRID
from dp_model.psf import PAPER_BANK, DualPixelPsf, RampDiskPsf
from dp_model.released import RELEASED_BANK

PSF_BANKS: dict[str, tuple[DualPixelPsf, ...]] = {
    "paper": PAPER_BANK,
    "released": RELEASED_BANK,
    "ramp-disk": (RampDiskPsf(),),
}


@dataclass(frozen=True)
class SequenceDraw:
    """One sequence's point spread function, noise strength and seed.

    Parameters
    ----------
    psf : DualPixelPsf
    noise_sigma : float
        Strength of the signal-dependent noise.
    seed : tuple of int
        Entropy of every generator of this sequence.
    """

    psf: DualPixelPsf
    noise_sigma: float
    seed: tuple[int, int]

    def frame_rng(self, frame: int) -> np.random.Generator:
        """Return the noise generator of one frame."""
        return np.random.default_rng([*self.seed, frame])


def draw_sequence(seed: int, sequence: str, psf_bank: str) -> SequenceDraw:
    """Return what the sequence named ``sequence`` gets under a dataset seed.

    It depends on nothing else, so adding a scene or a camera leaves the others
    as they were.

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
    bank = PSF_BANKS[psf_bank]
    return SequenceDraw(
        psf=bank[int(rng.random() * len(bank))],
        noise_sigma=SIGMA_GRID[int(rng.random() * len(SIGMA_GRID))],
        seed=entropy,
    )
