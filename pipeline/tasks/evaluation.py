"""How good networks are: from checkpoints, or trained here to be compared."""

# Luigi is typed in part only; torch and rdpd are imported where a task needs them.
# pyright: basic

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import luigi

from pipeline import layout
from pipeline.console import frame_bar, plain_failures, say
from pipeline.errors import UserError
from pipeline.files import check_writable, named_file
from pipeline.scenes import parse_list
from pipeline.tasks.dataset import BuildDataset
from pipeline.tasks.evaluation_options import EvaluationOptions, checksum
from pipeline.tasks.parameters import Choice
from pipeline.tasks.training import TrainRDPD, dataset_folder

if TYPE_CHECKING:
    from rdpd.evaluation_run import Candidate
    from rdpd.variants import Budget

SINGLE_FRAMES = ":single"


class Evaluate(EvaluationOptions, luigi.Task):
    """Say how good networks are on a split of a dataset.

    Needs checkpoints and a dataset version (or the Canon data set), which are only
    read; writes ``EVALUATIONS_DIR/networks-HASH`` with tables, pictures and
    ``results.json`` last. Seconds per frame and network, minutes in full HD on a CPU.
    """

    checkpoint: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Networks, separated by commas: FILE.json of a run, or .hdf5 of "
        "the authors' network; NAME=FILE to call it so, FILE:single to feed it single "
        "frames. The blurred input is always there.",
    )
    dataset: luigi.Parameter[str] = luigi.Parameter(
        description="Dataset version, or folder of the Canon data set."
    )

    def candidates(self) -> list[Candidate]:
        """Return the networks in the order of the tables."""
        from rdpd.evaluation_run import Candidate

        found: list[Candidate] = []
        for item in parse_list(self.checkpoint, "--checkpoint"):
            name, _, rest = item.rpartition("=")
            path = named_file("--checkpoint", rest.removesuffix(SINGLE_FRAMES))
            found.append(Candidate(path, name.strip(), rest.endswith(SINGLE_FRAMES)))
        return found

    def methods_identity(self) -> Any:
        """Return the checksums of checkpoints, and of what they are tried on.

        Raises
        ------
        UserError
            For a file that is not there.
        """
        networks = [
            [one.name, checksum(one.path), one.single_frames]
            for one in self.candidates()
        ]
        return {"data": self.data_contents(), "networks": networks}

    def data_folder(self) -> Path:
        """Return the dataset version, or the Canon data set."""
        return dataset_folder(self.dataset)

    def title(self) -> str:
        """Return the first part of the folder's name."""
        return "networks"

    def run(self) -> None:
        """Evaluate."""
        with (
            plain_failures(self.folder()),
            frame_bar(self, self.title()) as bar,
        ):
            self.evaluate(bar)


class CompareNetworks(EvaluationOptions, luigi.Task):
    """Train networks alike on a dataset, and say how good each has become.

    Needs a run of each network; writes ``EVALUATIONS_DIR/comparison-HASH``, or
    ``ablation-HASH``, as ``Evaluate`` does. The blurred input, DPDNet, sRDPD and RDPD,
    or RDPD with one thing after the other taken from it; all are trained as long
    (``--equal``). Takes as long as the trainings: with `configs/quick.toml` minutes
    each.
    """

    ablation: luigi.BoolParameter = luigi.BoolParameter(
        description="Compare RDPD without radial distance, edge loss or ConvLSTM, and "
        "with other numbers of frames, in place of DPDNet, sRDPD and RDPD.",
    )
    equal: Choice = Choice(
        choices=("steps", "macs"),
        default="steps",
        description="What the trainings have in common: the number of steps, or of "
        "multiplications, which is near to equal time.",
    )
    config = TrainRDPD.config
    changes = TrainRDPD.changes
    dataset = TrainRDPD.dataset
    canon = TrainRDPD.canon
    on_the_fly = TrainRDPD.on_the_fly
    work_dir = TrainRDPD.work_dir
    runs_dir = TrainRDPD.runs_dir
    loaders = TrainRDPD.loaders

    @cached_property
    def trainings(self) -> dict[str, TrainRDPD]:
        """The training of each network, by its name.

        Raises
        ------
        UserError
            For a configuration that is not RDPD's.
        """
        from rdpd.config import ConfigError, changed_config, load_config
        from rdpd.variants import ablation, comparison, with_budget

        try:
            base = changed_config(
                load_config(named_file("--config", self.config)), self.changes
            )
        except ConfigError as error:
            raise UserError(f"--config {error}") from None
        try:
            variants = (ablation if self.ablation else comparison)(base)
            variants = with_budget(base, variants, cast("Budget", self.equal))
        except ValueError as error:
            raise UserError(f"--config {self.config}: {error}") from None
        return {
            name: cast(
                TrainRDPD,
                self.clone(
                    TrainRDPD, changes=_joined(self.changes, more), verify=False
                ),  # the data is verified once
            )
            for name, more in variants.items()
        }

    def requires(self) -> list[TrainRDPD]:
        """Return the runs.

        Raises
        ------
        UserError
            If the evaluation could not be written once they are there.
        """
        check_writable("--evaluations-dir", self.evaluations_dir)
        return list(self.trainings.values())

    def candidates(self) -> list[Candidate]:
        """Return the best network of each run."""
        from rdpd.evaluation_run import Candidate

        return [
            Candidate(task.folder() / layout.BEST_NETWORK, name)
            for name, task in self.trainings.items()
        ]

    def methods_identity(self) -> Any:
        """Return the hash of each run, which has that of the data's version.

        Raises
        ------
        UserError
            If the split to be evaluated is empty, before anything is trained.
        """
        if not self.dataset:
            BuildDataset().check_split(self.split, self.task_family)
        elif self.data_folder().is_dir():
            self.data_contents()
        return {name: task.identity() for name, task in self.trainings.items()}

    def data_folder(self) -> Path:
        """Return the dataset version."""
        return self.requires()[0].dataset_folder()

    def title(self) -> str:
        """Return the first part of the folder's name."""
        return "ablation" if self.ablation else "comparison"

    def run(self) -> None:
        """Evaluate what was trained."""
        with (
            plain_failures(self.folder()),
            frame_bar(self, self.title()) as bar,
        ):
            self.evaluate(bar)


@Evaluate.event_handler(luigi.Event.SUCCESS)
@Evaluate.event_handler(luigi.Event.DEPENDENCY_PRESENT)
@CompareNetworks.event_handler(luigi.Event.SUCCESS)
@CompareNetworks.event_handler(luigi.Event.DEPENDENCY_PRESENT)
def announce(task: EvaluationOptions) -> None:
    """Show the page up to the tables by label, and say where the rest lies."""
    page = task.folder() / layout.EVALUATION_PAGE
    say(page.read_text(encoding="utf-8").partition("\n##")[0])
    say(f"evaluation: {task.folder()}")


def _joined(changes: str, more: str) -> str:
    return "; ".join(part for part in (changes, more) if part)
