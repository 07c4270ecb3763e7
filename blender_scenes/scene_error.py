"""The one error for a user's mistake about a scene, a device or a frame folder."""

from __future__ import annotations


class SceneError(ValueError):
    """What the user asked for cannot be rendered; the message is one line."""
