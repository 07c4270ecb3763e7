"""Words on pictures for people: names as they are, whatever they hold."""

# Matplotlib is typed in part only.
# pyright: basic

from __future__ import annotations

from functools import cache

from matplotlib import font_manager

UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def plot_text(text: str) -> str:
    r"""Return text that Matplotlib draws as it is.

    A dollar would begin a formula, and a line at the start hide a name from a legend.
    What DejaVu Sans, which comes with Matplotlib, has no glyph for is replaced: other
    fonts are not the same everywhere, and so would the bytes of the picture not be.

    Examples
    --------
    >>> plot_text("a$b"), plot_text("_hidden"), plot_text("street-1")
    ('a\\$b', ' _hidden', 'street-1')
    """
    known = "".join(c if ord(c) in _glyphs() else UNKNOWN for c in text)
    escaped = known.replace("$", r"\$")
    return f" {escaped}" if escaped.startswith("_") else escaped


def percent(share: float) -> str:
    """Return a share as a percentage; a little is not nothing.

    Examples
    --------
    >>> percent(0.0), percent(0.00001), percent(0.1234)
    ('0 %', '< 0.1 %', '12.3 %')
    """
    if 0 < share < 0.001:
        return "< 0.1 %"
    return f"{100 * share:.1f} %" if share else "0 %"


@cache
def _glyphs() -> frozenset[int]:
    path = font_manager.findfont("DejaVu Sans")
    return frozenset(font_manager.get_font(path).get_charmap())
