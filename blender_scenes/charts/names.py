"""What the charts are called; standard library only, for whoever asks for one."""

from __future__ import annotations

CHART_PREFIX = "chart-"

CHART_NAMES = (
    "plane",
    "poles",
    "rings",
    "grid",
    "fence",
    "clutter",
    "thicket",
    "highlights",
    "slant",
    "stack",
    "solids",
)
"""The charts: ``chart-plane`` and so on."""
