# Luigi is typed in part only.
# pyright: basic
"""Luigi parameters whose complaint is one line for the user."""

from __future__ import annotations

from typing import Any

import luigi
from luigi.parameter import OptionalParameterMixin

from pipeline.errors import UserError


class WholeNumber(luigi.IntParameter):
    """An integer."""

    def parse(self, x: str) -> int:
        """Return the number that ``x`` spells."""
        return _parsed(super().parse, x, "a whole number", self.description)


class Number(luigi.FloatParameter):
    """A real number."""

    def parse(self, x: str) -> float:
        """Return the number that ``x`` spells."""
        return _parsed(super().parse, x, "a number", self.description)


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
        return _parsed(super().normalize, x, f"one of {self._words}", self._sentence)


def _parsed(parse: Any, text: Any, expected: str, description: str | None) -> Any:
    try:
        return parse(text)
    except ValueError:
        raise UserError(f"{text!r}: expected {expected}. {description}") from None
