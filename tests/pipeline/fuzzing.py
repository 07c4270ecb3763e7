"""What a fuzz test tries, and what may come of it: success, or one line."""

from __future__ import annotations

import contextlib
import copy
import os
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from luigi.cmdline_parser import CmdlineParser
from luigi.task_register import Register

from pipeline.console import USER_ERRORS

PER_TARGET = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""Inputs for every test (`make fuzz`); 0: the few of continuous integration."""

COUNTS: Counter[tuple[str, str]] = Counter()
"""How many inputs of each test ended how."""

LONGEST_LINE = 3000


def fuzzed(few: int) -> settings:
    """Return how many inputs a test tries, the same ones every time unless asked."""
    return settings(
        max_examples=PER_TARGET or few,
        derandomize=not PER_TARGET,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def attempt(
    target: str, call: Callable[[], Any], errors: tuple[type[Exception], ...] = ()
) -> None:
    """Call what may succeed or be refused in one line; all else is a bug of ours."""
    Register.clear_instance_cache()  # a task is made anew, its files being others
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            call()
    except (*USER_ERRORS, *errors) as error:
        check_line(str(error))
        COUNTS[target, "refused in one line"] += 1
    else:
        COUNTS[target, "accepted"] += 1


def attempt_command(target: str, arguments: list[str], capsys: Any) -> None:
    """Do what Luigi does with a command line, up to the first task that would run."""
    Register.clear_instance_cache()
    capsys.readouterr()
    with contextlib.ExitStack() as stack:
        try:
            parser = stack.enter_context(CmdlineParser.global_instance(arguments))
        except SystemExit as end:
            lines = capsys.readouterr().err.splitlines()
            if not end.code:  # --help
                assert not lines
                COUNTS[target, "accepted"] += 1
                return
            (line,) = lines
            assert line.startswith("error: ")
            check_line(line)
            COUNTS[target, "refused in one line"] += 1
            return

        def schedule() -> None:
            task = parser.get_task_obj()
            assert task.priority >= 0  # a negative one is never run
            if not task.complete():
                for needed in task.deps():
                    needed.complete()

        attempt(target, schedule)


def check_line(line: str) -> None:
    """Check that a complaint is one line that can be read."""
    assert line.strip()
    assert "\n" not in line
    assert len(line) < LONGEST_LINE
    for ugly in ("Traceback", "<class ", "[Errno", "KeyError", "NoneType", "object at"):
        assert ugly not in line, line


numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from((0, -1, 1, 2**31, 2**63, 2**64, 10**400, 1e-300, 1e300))
)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn, document: Any, new: Any = values) -> Any:
    """Return a document in which a few places hold something else, or nothing."""
    result = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        result = _mutated_once(draw, result, new)
    return result


def _mutated_once(draw: st.DrawFn, document: Any, new: Any) -> Any:
    places = list(_places(document))
    if not places:
        return copy.deepcopy(draw(new))
    container, key = draw(st.sampled_from(places))
    action = draw(st.sampled_from(("replace", "replace", "delete", "nudge", "add")))
    if action == "delete":
        del container[key]
    elif action == "nudge" and isinstance(container[key], int | float):
        container[key] *= draw(st.sampled_from((-1, 0, 2, 10**9)))
    elif action == "add" and isinstance(container, dict):
        container[draw(st.text(max_size=8))] = copy.deepcopy(draw(new))
    else:
        container[key] = copy.deepcopy(draw(new))
    return document


def _places(document: Any) -> Any:
    """Yield every container and key below a document."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield document, key
            yield from _places(value)
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield document, index
            yield from _places(value)


def toml(table: dict[str, Any]) -> str:
    """Return a table as TOML, whether or not TOML can hold it."""
    return "".join(f"{_toml_key(key)} = {_toml_value(v)}\n" for key, v in table.items())


def _toml_key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return hex(value) if value > 10**300 else str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        escaped = (f"\\U{ord(letter):08x}" for letter in value)
        return '"' + "".join(escaped) + '"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, dict):
        rows = (f"{_toml_key(key)} = {_toml_value(v)}" for key, v in value.items())
        return "{" + ", ".join(rows) + "}"
    return "nothing"
