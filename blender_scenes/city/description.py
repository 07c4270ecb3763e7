"""A street's plan as JSON, and back again, value for value; no bpy.

Descriptions come from anywhere: what is read is checked against the plan's own
types, words and ranges, and nothing of it is ever run.
"""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from blender_scenes.city.description_limits import (
    MAX_ITEMS,
    MAX_NUMBER,
    RANGES,
    WORDS,
)
from blender_scenes.city.plan import StreetPlan

DESCRIPTION_FORMAT = "dual-pixel-city"
DESCRIPTION_VERSION = 1
MAX_BYTES = 64 * 2**20


class DescriptionError(ValueError):
    """A description that describes no street; the message is one line."""


def plan_to_json(plan: StreetPlan) -> str:
    """Return the description of a plan; floats keep every digit.

    Raises
    ------
    ValueError
        If a value is not finite.
    """
    content = {
        "format": DESCRIPTION_FORMAT,
        "version": DESCRIPTION_VERSION,
        "plan": dataclasses.asdict(plan),
    }
    return json.dumps(content, allow_nan=False, separators=(",", ":")) + "\n"


def plan_from_json(text: str) -> StreetPlan:
    """Return the plan that `plan_to_json` wrote.

    Raises
    ------
    DescriptionError
        If it is no description, or a value is missing, unknown or out of range.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DescriptionError(f"not JSON ({error})") from None
    if not isinstance(content, dict) or content.get("format") != DESCRIPTION_FORMAT:
        raise DescriptionError(
            f'no scene description; expected "format": "{DESCRIPTION_FORMAT}"'
        )
    if content.get("version") != DESCRIPTION_VERSION:
        raise DescriptionError(
            f"version: got {content.get('version')!r}; expected {DESCRIPTION_VERSION}"
        )
    if set(content) != {"format", "version", "plan"}:
        raise DescriptionError("expected format, version and plan, nothing else")
    return _value(StreetPlan, content["plan"], "plan")


def read_plan(path: Path) -> StreetPlan:
    """Return the plan that a file describes.

    Raises
    ------
    DescriptionError
        If it can't be; the message names the file and the field.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DescriptionError(f"{size} bytes; expected at most {MAX_BYTES}")
        return plan_from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DescriptionError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise DescriptionError(f"{path}: {error}") from None


def _value(kind: Any, value: Any, where: str) -> Any:
    """Return a value as the type that a field has."""
    if dataclasses.is_dataclass(kind):
        return _record(kind, value, where)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), value, where)
    if get_origin(kind) in (Union, UnionType):
        (some,) = (option for option in get_args(kind) if option is not NoneType)
        return None if value is None else _value(some, value, where)
    # In Python a truth value is a whole number, and a whole number is no float.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if (
        kind is float
        and is_number
        and math.isfinite(value)
        and abs(value) <= MAX_NUMBER
    ):
        return float(value)
    if kind is int and is_number and value == int(value) and abs(value) < 2**53:
        return int(value)
    if kind in (bool, str) and isinstance(value, kind):
        return value
    raise DescriptionError(f"{where}: got {_shown(value)}; expected {kind.__name__}")


def _record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise DescriptionError(f"{where}: got {_shown(value)}; expected an object")
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    if strange := sorted(set(value) - set(names)):
        raise DescriptionError(f"{where}: unknown {_shown(strange[0])}")
    if missing := [name for name in names if name not in value]:
        raise DescriptionError(f"{where}: no {missing[0]!r}")
    fields = {}
    for name in names:
        field = _value(hints[name], value[name], f"{where}.{name}")
        _check(kind, name, field, f"{where}.{name}")
        fields[name] = field
    try:
        return kind(**fields)
    except ValueError as error:
        raise DescriptionError(f"{where}: {error}") from None


def _tuple(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DescriptionError(f"{where}: got {_shown(value)}; expected a list")
    if kinds[-1] is Ellipsis:
        if len(value) > MAX_ITEMS:
            raise DescriptionError(
                f"{where}: {len(value)} items; expected at most {MAX_ITEMS}"
            )
        kinds = (kinds[0],) * len(value)
    if len(value) != len(kinds):
        raise DescriptionError(f"{where}: {len(value)} items; expected {len(kinds)}")
    return tuple(
        _value(kind, item, f"{where}[{number}]")
        for number, (kind, item) in enumerate(zip(kinds, value, strict=True))
    )


def _check(kind: Any, name: str, value: Any, where: str) -> None:
    """Refuse a word that nothing can be built from, and a number out of range."""
    words = WORDS.get((kind, name))
    if words is not None and value not in words:
        raise DescriptionError(
            f"{where}: got {_shown(value)}; expected one of {', '.join(sorted(words))}"
        )
    low, high = RANGES.get((kind, name), (-math.inf, math.inf))
    numbers = value if isinstance(value, tuple) else (value,)
    if (kind, name) in RANGES and not all(low <= number <= high for number in numbers):
        raise DescriptionError(
            f"{where}: got {_shown(value)}; expected {low:g} to {high:g}"
        )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
