"""What is wrong with a command line, in one line, before there is any task.

Luigi reads the command line itself. All that it runs of ours before it gives up is the
import of this package, which ``--module pipeline`` asks for between its first look at
the arguments and its second. So that is where its parser is replaced, by one that says
in one line what argparse says in forty, and Luigi with a traceback or not at all.
"""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import argparse
import difflib
import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.parameter import ParameterException
from luigi.task_register import Register

from pipeline.errors import UserError, shown

USAGE_STATUS = 2
"""Exit status for what is no command at all, as argparse has it."""

PACKAGE = "pipeline"
ROOT = Path(__file__).parents[1]
LISTS = ("--scene", "--source", "--camera-set", "--checkpoint", "--places")
LOWEST = {"core_workers": 1, "core_lock_size": 1, "core_scheduler_port": 1}
BUILDS_IF_NO_DATASET = ("TrainRDPD", "CompareNetworks")


def complain_in_one_line() -> None:
    """Replace the parser that Luigi builds for a command line."""
    build = CmdlineParser._build_parser

    @functools.wraps(build)
    def build_ours(*args: Any, **options: Any) -> argparse.ArgumentParser:
        parser = build(*args, **options)
        parser.__class__ = OneLineParser  # Luigi has no place for a class of ours
        return parser

    CmdlineParser._build_parser = staticmethod(build_ours)


class OneLineParser(argparse.ArgumentParser):
    """Luigi's parser with complaints of one line each."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; refuse a task that is missing or misspelt."""
        known, rest = super().parse_known_args(args, namespace)
        if not (known.core_help or known.core_help_all):
            self._check_task(known.root_task)
        return known, rest

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; refuse values that can't be, or that nothing would look at."""
        known, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error(self._unrecognised(known.root_task, rest[0]))
        if not _has_our_settings():
            self.error(
                f"luigi.cfg of {ROOT} was not read, without which nothing ends as is "
                f"described; expected luigi to be started there"
            )
        self._check_repeated(args or ())
        try:
            _check_required(known)
            for flag, task, parameter, text in self._given(known):
                _check_value(flag, parameter, text)
                _check_is_used(flag, task, known)
            for dest, lowest in LOWEST.items():
                _check_lowest(dest, getattr(known, dest), lowest)
        except UserError as error:
            self._end(_failure_status(), str(error))
        return known

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and end."""
        match = re.fullmatch(r"argument (--\S+): (.*)", message)
        if match is not None:
            message = f"{match[1]}: {_plain(match[2])}"
        self._end(USAGE_STATUS, message)

    def _end(self, status: int, message: str) -> NoReturn:
        line = " ".join(message.split())
        self.exit(status, f"error: {line}\n")
        raise AssertionError  # exit() never returns

    def _check_task(self, name: str | None) -> None:
        ours = [task for task in Register.task_names() if _is_ours(task)]
        if name is None:
            self.error(f"no task; expected one of {', '.join(ours)}, then its options")
        if name in Register.task_names():
            return
        near = difflib.get_close_matches(name, ours, n=1)
        if near:
            self.error(f"no task {shown(name)}; did you mean {near[0]}?")
        self.error(
            f"no task {shown(name)}; expected one of {', '.join(ours)}, before any of "
            "its options"
        )

    def _unrecognised(self, task: str, argument: str) -> str:
        if argument.lower() in ("true", "false", "yes", "no", "on", "off"):
            return f"{shown(argument)}: an option such as --strict stands alone"
        if unicodedata.category(argument[:1] or " ") == "Pd" and argument[0] != "-":
            return f"{shown(argument)}: a dash; options begin with two hyphens"
        if not argument.startswith("-"):
            return (
                f"{shown(argument)}: expected an option here. A value with spaces "
                "needs quotes, the items of a list commas"
            )
        name = argument.partition("=")[0]
        near = difflib.get_close_matches(name, self._short_options(), n=1)
        hint = f"did you mean {near[0]}?" if near else "--help lists them"
        return f"{task} has no option {shown(name)}; {hint}"

    def _short_options(self) -> list[str]:
        """Return the options of the task, and Luigi's own."""
        strings = [text for action in self._actions for text in action.option_strings]
        return [text for text in strings if not _is_long(text)]

    def _check_repeated(self, arguments: Sequence[str]) -> None:
        """Refuse a list that is given in pieces, of which argparse keeps the last."""
        for flag in LISTS:
            places = [a for a in arguments if a == flag or a.startswith(f"{flag}=")]
            if len(places) > 1:
                self.error(
                    f"{flag}: given {len(places)} times; expected one list, with "
                    "commas between its items"
                )

    def _given(
        self, known: argparse.Namespace
    ) -> Iterator[tuple[str, str, luigi.Parameter[Any], str]]:
        """Yield flag, task, parameter and text of every value on the command line."""
        for task, is_without_section, name, parameter in Register.get_all_params():
            flag = name if is_without_section else f"{task}_{name}"
            dests = {f"{task}_{name}": flag}
            if task == known.root_task:
                dests[name] = name
            for dest, words in dests.items():
                text = getattr(known, dest, None)
                if text is not None and text is not False:
                    yield f"--{words.replace('_', '-')}", task, parameter, text


def _is_ours(task: str) -> bool:
    return Register.get_task_cls(task).__module__.partition(".")[0] == PACKAGE


def _is_long(flag: str) -> bool:
    """Tell whether an option is one of another task's, such as --BuildDataset-name."""
    return flag[2:].partition("-")[0] in Register.task_names()


def _plain(message: str) -> str:
    """Return argparse's complaint about an option in plain words."""
    if message == "expected one argument":
        return (
            "expected a value after it (one that begins with a hyphen is written "
            "OPTION=VALUE)"
        )
    if message.startswith("ignored explicit argument"):
        return message.replace("ignored explicit argument", "expected no value; got")
    return message


def _check_value(flag: str, parameter: luigi.Parameter[Any], text: Any) -> None:
    """Refuse a text that a parameter can't read, and an empty one that Luigi drops."""
    if text == "" and parameter._default != "":
        raise UserError(
            f"{flag} '': expected a value; left out, it has its default. An empty "
            "variable of the shell?"
        )
    try:
        parameter.normalize(parameter.parse(text))
    except (ValueError, ParameterException):
        raise UserError(f"{flag} {shown(text)}: expected {_kind(parameter)}") from None


def _kind(parameter: luigi.Parameter[Any]) -> str:
    if isinstance(parameter, luigi.ChoiceParameter):
        return f"one of {', '.join(map(str, parameter._choices))}"
    if isinstance(parameter, luigi.IntParameter):
        return "a whole number"
    if isinstance(parameter, luigi.FloatParameter):
        return "a number"
    return f"what {type(parameter).__name__} reads"


def _check_required(known: argparse.Namespace) -> None:
    """Refuse a command without an option that has no default."""
    task = known.root_task
    for name, parameter in Register.get_task_cls(task).get_params():
        given = getattr(known, name), getattr(known, f"{task}_{name}")
        # Neither on the command line nor in luigi.cfg.
        if not any(given) and not parameter.has_task_value(task, name):
            flag = f"--{name.replace('_', '-')}"
            raise UserError(f"{task} needs {flag}: {parameter.description}")


def _check_lowest(dest: str, text: str | None, lowest: int) -> None:
    if text is not None and int(text) < lowest:
        flag = dest.removeprefix("core_").replace("_", "-")
        raise UserError(f"--{flag} {text}: expected {lowest} or more")


def _check_is_used(flag: str, task: str, known: argparse.Namespace) -> None:
    """Refuse an option of a task whose parameters all come from the one that is run."""
    root = known.root_task
    if task == root or not _is_ours(task):
        return
    if root in BUILDS_IF_NO_DATASET and task == "BuildDataset":
        if not (known.dataset or getattr(known, f"{root}_dataset")):
            return
        raise UserError(f"{flag}: says how --dataset is built; expected one of the two")
    raise UserError(
        f"{flag}: {root} gives {task} its parameters; expected an option of {root}"
    )


def _has_our_settings() -> bool:
    """Tell whether Luigi has read luigi.cfg: it looks in the working directory."""
    return luigi.configuration.get_config().has_section("retcode")


def _failure_status() -> int:
    """Return what luigi.cfg says of what goes wrong before a task runs."""
    settings = luigi.configuration.get_config()
    return settings.getint("retcode", "unhandled_exception", 4)
