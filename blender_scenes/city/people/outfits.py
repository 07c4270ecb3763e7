"""What a person wears, carries and does while standing; drawn from a seed; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Rgb = tuple[float, float, float]

_SKINS = (
    (0.5, 0.31, 0.22), (0.42, 0.24, 0.15), (0.19, 0.095, 0.06), (0.55, 0.36, 0.27),
    (0.32, 0.17, 0.1), (0.1, 0.05, 0.032),
)  # fmt: skip
_HAIR = (
    (0.012, 0.01, 0.009), (0.02, 0.013, 0.009), (0.06, 0.03, 0.014),
    (0.12, 0.06, 0.025), (0.3, 0.19, 0.08), (0.28, 0.27, 0.26), (0.16, 0.045, 0.015),
)  # fmt: skip
_TOPS = (
    (0.025, 0.03, 0.06), (0.24, 0.03, 0.03), (0.45, 0.43, 0.38), (0.02, 0.02, 0.022),
    (0.05, 0.1, 0.07), (0.2, 0.14, 0.08), (0.1, 0.15, 0.24), (0.2, 0.19, 0.18),
    (0.28, 0.12, 0.15), (0.12, 0.05, 0.08), (0.35, 0.22, 0.06), (0.09, 0.1, 0.06),
    (0.5, 0.5, 0.52), (0.06, 0.2, 0.22),
)  # fmt: skip
_LEGS = (
    (0.035, 0.05, 0.1), (0.06, 0.08, 0.13), (0.02, 0.02, 0.023), (0.17, 0.135, 0.09),
    (0.07, 0.07, 0.078), (0.09, 0.085, 0.06), (0.015, 0.018, 0.035),
)  # fmt: skip
_SHOES = ((0.015, 0.015, 0.015), (0.07, 0.035, 0.02), (0.45, 0.45, 0.44))
_CHILD_TOPS = (
    (0.4, 0.06, 0.06),
    (0.08, 0.2, 0.4),
    (0.45, 0.3, 0.05),
    (0.4, 0.12, 0.22),
)

IDLE_POSES = ("waiting", "phone", "pockets", "folded_arms", "hand_on_hip")


@dataclass(frozen=True)
class Outfit:
    """Dress and habits of one person; colours are linear Rec.709.

    Parameters
    ----------
    top : str
        "shirt", "jacket", "coat" or "dress": how far down it reaches.
    bottom : str
        "trousers", "shorts" or "skirt".
    pattern : str
        Of the top: "plain", "stripes", "blocks" or "checks".
    hair : str
        "short", "long", "bun" or "bald".
    hat : str
        "none", "cap", "beanie" or "brim".
    bag : str
        "none", "rucksack", "handbag" or "shopping".
    idle : str
        One of `IDLE_POSES`: what the person does while standing.
    busy_hand : str
        While walking: "none", "phone" or "pocket".
    girth : float
        See `Body`.
    """

    skin_rgb: Rgb
    hair_rgb: Rgb
    top_rgb: Rgb
    trim_rgb: Rgb
    leg_rgb: Rgb
    shoe_rgb: Rgb
    bag_rgb: Rgb
    top: str
    bottom: str
    pattern: str
    hair: str
    hat: str
    bag: str
    idle: str
    busy_hand: str
    has_beard: bool
    has_scarf: bool
    has_bare_arms: bool
    girth: float

    @property
    def skirt_hem(self) -> float | None:
        """Height over the ground of a skirt's or coat's hem, shares of the height."""
        if self.top == "coat":
            return 0.33
        if self.top == "dress":
            return 0.3
        return 0.29 if self.bottom == "skirt" else None


def outfit_random(seed: int, *, is_child: bool) -> Outfit:
    """Return what the person of a seed wears."""
    rng = np.random.default_rng([seed, 3])

    def colour(palette: tuple[Rgb, ...]) -> Rgb:
        chosen = np.array(palette[rng.integers(len(palette))])
        # Worn and washed.
        faded = 0.72 * chosen + 0.28 * chosen.mean()
        shade = faded * rng.uniform(0.7, 1.25) * rng.uniform(0.93, 1.07, 3)
        return (float(shade[0]), float(shade[1]), float(shade[2]))

    def word(*choices: tuple[str, float]) -> str:
        words, weights = zip(*choices, strict=True)
        shares = np.array(weights) / np.sum(weights)
        return str(rng.choice(words, p=shares))

    is_womanly = bool(rng.random() < 0.5)
    tops = _TOPS + (_CHILD_TOPS * 3 if is_child else ())
    dress_share = 0.14 if is_womanly else 0.0
    top = word(
        ("shirt", 0.36), ("jacket", 0.36), ("coat", 0.16), ("dress", dress_share)
    )
    long_hair = 0.62 if is_womanly else 0.05
    return Outfit(
        skin_rgb=colour(_SKINS),
        hair_rgb=colour(_HAIR),
        top_rgb=colour(tops),
        trim_rgb=colour(_TOPS),
        leg_rgb=colour(_LEGS),
        shoe_rgb=colour(_SHOES),
        bag_rgb=colour(_TOPS),
        top=top,
        bottom=word(
            ("trousers", 0.84),
            ("shorts", 0.0 if top == "coat" else 0.08),
            ("skirt", 0.2 if is_womanly and top != "coat" else 0.0),
        ),
        pattern=word(
            ("plain", 0.52), ("stripes", 0.2), ("blocks", 0.16), ("checks", 0.12)
        ),
        hair=word(
            ("long", long_hair),
            ("bun", 0.5 * long_hair),
            ("short", 0.8),
            ("bald", 0.0 if is_womanly or is_child else 0.14),
        ),
        hat=word(("none", 0.78), ("cap", 0.08), ("beanie", 0.1), ("brim", 0.04)),
        bag=word(
            ("none", 0.42),
            ("rucksack", 0.24),
            ("handbag", 0.0 if is_child else 0.18),
            ("shopping", 0.16),
        ),
        idle=str(rng.choice(IDLE_POSES)),
        busy_hand=word(
            ("none", 0.72), ("phone", 0.0 if is_child else 0.16), ("pocket", 0.12)
        ),
        has_beard=not is_womanly and not is_child and bool(rng.random() < 0.3),
        has_scarf=bool(rng.random() < 0.18),
        has_bare_arms=top in ("shirt", "dress") and bool(rng.random() < 0.5),
        girth=float(rng.uniform(0.92, 1.12 if rng.random() < 0.75 else 1.32)),
    )
