# Luigi is typed in part only.
# pyright: basic
"""Luigi parameters whose complaint is one line for the user."""

from __future__ import annotations

import math
import os
import re
from typing import Any

import luigi
from luigi.parameter import OptionalParameterMixin

from pipeline.errors import UserError, shown
from pipeline.files import check_output_folder

LONGEST_NAME = 200
"""Bytes: a file system takes 255, and a name gets company."""

MAX_SEED = 2**63 - 1
"""What every reader of a manifest takes for a whole number."""


class WholeNumber(luigi.IntParameter):
    """An integer, within bounds where there are some."""

    def __init__(
        self, *, lowest: int | None = None, highest: int | None = None, **options: Any
    ) -> None:
        """Take the bounds, both included; None for no bound."""
        self._lowest = -math.inf if lowest is None else lowest
        self._highest = math.inf if highest is None else highest
        super().__init__(**options)

    def normalize(self, x: int) -> int:
        """Return the number if it is within the bounds."""
        if not self._lowest <= x <= self._highest:
            raise UserError(
                f"{flag_of(self)} {shown(x)}: expected a whole number "
                f"{_bounds(self._lowest, self._highest)}. {self.description}"
            )
        return x

    def parse(self, x: str) -> int:
        """Return the number that ``x`` spells."""
        return _parsed(super().parse, x, "a whole number", self)


class Number(luigi.FloatParameter):
    """A real number."""

    def parse(self, x: str) -> float:
        """Return the number that ``x`` spells."""
        return _parsed(super().parse, x, "a number", self)


class PlainName(luigi.Parameter[str]):
    """What a folder is called: no path, and nothing that hides or breaks a line."""

    def normalize(self, x: str) -> str:
        """Return the name if it is one."""
        is_plain = x.isprintable() and not set(x) & set("/\\") and x == x.strip()
        if not (x and is_plain and x[0] not in ".-"):
            raise UserError(
                f"{flag_of(self)} {shown(x)}: expected the name of a folder: printable "
                "characters, no / and no \\, no dot, hyphen or space at its start"
            )
        if len(os.fsencode(x)) > LONGEST_NAME:
            raise UserError(
                f"{flag_of(self)} {shown(x)}: expected at most {LONGEST_NAME} bytes"
            )
        return x


class Position(luigi.Parameter[str]):
    """Which one of how many, such as 2/3, or nothing."""

    def normalize(self, x: str) -> str:
        """Return the text if it is one; Luigi's order of work is made of it."""
        if not re.fullmatch(r"([0-9]{1,5}/[0-9]{1,5})?", x):
            raise UserError(f"{flag_of(self)} {shown(x)}: expected NUMBER/COUNT")
        return x


class OutputFolder(luigi.Parameter[str]):
    """A folder to write to, which need not be there."""

    def normalize(self, x: str) -> str:
        """Return the path if a folder is there, or can be made."""
        check_output_folder(flag_of(self), x)
        return x


class OptionalNumber(OptionalParameterMixin, Number):
    """A real number, or None where the text is empty."""

    expected_type = float


class Choice(luigi.ChoiceParameter[str]):
    """One of a few words."""

    def __init__(
        self, *, choices: tuple[str, ...], description: str, **options: Any
    ) -> None:
        """Take the choices in the order in which they are to be named."""
        self._words = ", ".join(choices)
        self._sentence = description  # Luigi adds the choices to its own copy
        super().__init__(choices=choices, description=description, **options)

    def normalize(self, x: str) -> str:
        """Return the word if it is one of the choices."""
        return _parsed(super().normalize, x, f"one of {self._words}", self)


def flag_of(parameter: luigi.Parameter[Any]) -> str:
    """Return how the command line calls a parameter."""
    return f"--{parameter._attribute_name.replace('_', '-')}"


def _bounds(lowest: float, highest: float) -> str:
    if math.isinf(highest):
        return f">= {lowest}"
    return f"from {lowest} to {highest}"


def _parsed(parse: Any, text: Any, expected: str, parameter: Any) -> Any:
    try:
        return parse(text)
    except ValueError:
        sentence = getattr(parameter, "_sentence", parameter.description)
        raise UserError(
            f"{flag_of(parameter)} {shown(text)}: expected {expected}. {sentence}"
        ) from None
