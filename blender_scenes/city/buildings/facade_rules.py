"""How each style cuts its façade: rules for the split grammar; no bpy.

Zones: "wall", "pier", "lintel", "spandrel" and "ground_wall" are wall; "window",
"ground_window", "door", "loggia" and "shop" are filled by other modules.
"""

from __future__ import annotations

from blender_scenes.city.buildings.facade_grammar import Part, Repeat, Rule, column, row
from blender_scenes.city.buildings.facade_styles import FacadeStyle

WALL_ZONES = ("wall", "pier", "lintel", "spandrel", "ground_wall")
SHOP_WIDTH_M = 5.4
_DOOR_WIDTH_M = 1.1
_DOOR_STEP_M = 0.32
_GROUND_WINDOW_M = (1.1, 2.75)


def facade_rule(style: FacadeStyle, floors: int, ground: Rule) -> Rule:
    """Return the rule of a wall of so many storeys over a given ground floor."""
    bays: tuple[Rule, ...] = (_window_bay(style),)
    if style.has("loggias"):
        bays = (*bays, *bays, _loggia_bay())
    margin = 0.45 if style.has("quoins") or style.has("pilasters") else 0.15
    storey = row(
        Part(margin, "wall"),
        Part(1.0, Repeat("x", style.bay_m, bays), stretches=True),
        Part(margin, "wall"),
    )
    storeys = [Part(style.floor_m, storey) for _ in range(floors - 1)]
    return column(Part(style.ground_floor_m, ground), *storeys)


def shop_floor() -> Rule:
    """Return a ground floor of shops."""
    return Repeat("x", SHOP_WIDTH_M, ("shop",))


def corner_floor(home: Rule, *, shop_is_right: bool) -> Rule:
    """Return a ground floor with one shop at its street corner, homes behind it."""
    parts = (Part(SHOP_WIDTH_M, "shop"), Part(1.0, home, stretches=True))
    return row(*(parts[::-1] if shop_is_right else parts))


def home_floor(style: FacadeStyle, width_m: float, door_share: float) -> Rule:
    """Return a ground floor of windows and one front door.

    ``door_share``, 0 to 1, says how far to the right the door is.
    """
    count = max(2, round(width_m / style.bay_m))
    door = min(count - 1, int(door_share * count))
    return row(
        *(
            Part(1.0, _door_bay() if n == door else _home_bay(style), stretches=True)
            for n in range(count)
        )
    )


def _window_bay(style: FacadeStyle) -> Rule:
    window = style.window
    head = min(window.head_m, style.floor_m - 0.3)
    side = Part((1.0 - window.width_share) / 2, "pier", stretches=True)
    opening = row(side, Part(window.width_share, "window", stretches=True), side)
    return column(
        Part(window.sill_m, "spandrel"),
        Part(head - window.sill_m, opening),
        Part(1.0, "lintel", stretches=True),
    )


def _loggia_bay() -> Rule:
    return column(
        Part(
            1.0,
            row(
                Part(0.15, "pier"),
                Part(1.0, "loggia", stretches=True),
                Part(0.15, "pier"),
            ),
            stretches=True,
        ),
        Part(0.3, "lintel"),
    )


def _home_bay(style: FacadeStyle) -> Rule:
    share = min(style.window.width_share, 0.7)
    side = Part((1.0 - share) / 2, "ground_wall", stretches=True)
    low, high = _GROUND_WINDOW_M
    return column(
        Part(low, "ground_wall"),
        Part(high - low, row(side, Part(share, "ground_window", stretches=True), side)),
        Part(1.0, "ground_wall", stretches=True),
    )


def _door_bay() -> Rule:
    side = Part(1.0, "ground_wall", stretches=True)
    return column(
        Part(_DOOR_STEP_M, "ground_wall"),
        Part(
            _GROUND_WINDOW_M[1] - _DOOR_STEP_M,
            row(side, Part(_DOOR_WIDTH_M, "door"), side),
        ),
        Part(1.0, "ground_wall", stretches=True),
    )
