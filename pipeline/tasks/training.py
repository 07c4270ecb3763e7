"""A network, trained on a dataset version."""

# Luigi is typed in part only; torch and rdpd are imported where a task needs them.
# pyright: basic

from __future__ import annotations

from pathlib import Path
from typing import Any

import luigi

from blender_scenes.own_names import remove_partials_in
from pipeline import layout
from pipeline.console import plain_failures, say
from pipeline.errors import UserError
from pipeline.files import check_writable, named_file
from pipeline.identity import digest, library_versions
from pipeline.manifest import kept_json, read_json, verify_version, write_json
from pipeline.run_lock import exclusive
from pipeline.tasks.dataset import BuildDataset
from pipeline.tasks.options import verify_parameter
from pipeline.tasks.parameters import Choice, OutputFolder, WholeNumber

RUN_FORMAT = 1
_SCORES = ("psnr_db", "blurred_db", "frames")
LIBRARIES = ("numpy", "safetensors", "torch")
DEFAULT_CONFIG = "configs/quick.toml"


class TrainRDPD(luigi.Task):
    """Train a network on a dataset version, with the Canon data set if it is given.

    Needs a dataset, by default the one that ``BuildDataset`` builds by default; writes
    ``RUNS_DIR/NAME-HASH`` with ``best.json`` and ``last.json`` (checkpoints),
    ``log.jsonl``, ``tensorboard/``, ``config.json``, and ``result.json`` last. An
    interrupted run goes on at its last epoch. `configs/quick.toml` takes minutes on two
    cores, `configs/paper.toml` is for a GPU.
    """

    config: luigi.Parameter[str] = luigi.Parameter(
        default=DEFAULT_CONFIG,
        description="Network and training: a TOML file such as configs/paper.toml.",
    )
    changes: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Values in place of the file's, as TOML with semicolons: "
        "'clip_frames = 1; model.width = 16'.",
    )
    dataset: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Dataset version to learn from, a folder; empty builds "
        "BuildDataset's, whose parameters are --BuildDataset-NAME.",
    )
    canon: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Folder of the Canon dual-pixel data set, whose single images then "
        "alternate with the dataset's clips; empty for none.",
    )
    on_the_fly: luigi.BoolParameter = luigi.BoolParameter(
        description="Synthesise the training views anew for every step, from the "
        "frames that the dataset was made from.",
    )
    work_dir: OutputFolder = OutputFolder(
        default="work",
        significant=False,
        description="Folder for frames and decoded pictures, kept between runs.",
    )
    runs_dir: OutputFolder = OutputFolder(
        default="runs", description="Folder that holds the runs."
    )
    device: Choice = Choice(
        choices=("auto", "cpu", "cuda"),
        default="auto",
        significant=False,
        description="Where to compute; auto takes a GPU if there is one.",
    )
    loaders: WholeNumber = WholeNumber(
        default=-1,
        significant=False,
        description="Processes that read pictures; -1 takes half as many as there are "
        "cores.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the parameters before Luigi schedules anything."""
        super().__init__(*args, **kwargs)
        if self.loaders < -1:
            raise UserError(
                f"--loaders {self.loaders}: expected how many processes, or -1"
            )
        if self.canon and not Path(self.canon).is_dir():
            raise UserError(f"--canon {self.canon}: no such folder")
        self._identity = self._current_identity()
        self._check_data()

    verify: luigi.BoolParameter = verify_parameter()

    def requires(self) -> list[BuildDataset]:
        """Return the dataset's task, unless a version is given.

        Raises
        ------
        UserError
            If the run could not be written once the dataset is there.
        """
        check_writable("--runs-dir", self.runs_dir)
        return [] if self.dataset else [BuildDataset()]

    def dataset_folder(self) -> Path:
        """Return the dataset version."""
        if not self.dataset:
            return BuildDataset().folder()
        return dataset_folder(self.dataset)

    def identity(self) -> str:
        """Return the hash of everything that changes what is learned."""
        return self._identity

    def _current_identity(self) -> str:
        return digest(
            {
                "format": RUN_FORMAT,
                "training": self._described_config(),
                "dataset": self._version(),
                "canon": self._canon_identity(),
                "on_the_fly": self.on_the_fly,
                "versions": library_versions(*LIBRARIES),
            }
        )

    def _described_config(self) -> dict[str, Any]:
        from rdpd.config import ConfigError, changed_config, load_config

        try:
            config = load_config(named_file("--config", self.config))
        except ConfigError as error:
            raise UserError(f"--config {error}") from None
        try:
            return changed_config(config, self.changes).described()
        except ConfigError as error:
            raise UserError(f"--changes {error}") from None

    def _version(self) -> str:
        if not self.dataset:
            return BuildDataset().version()
        manifest = read_json(self.dataset_folder() / layout.DATASET_MANIFEST)
        return str(manifest.get("version"))

    def _check_data(self) -> None:
        """Check that what is learned from is whole, and has all that it takes.

        Raises
        ------
        UserError
            For an empty split, and for what a version that is there lacks; also if it
            is not what this run has learned from before.
        """
        if not self.dataset:
            for split in ("train", "val"):
                BuildDataset().check_split(split, self.task_family)
            if not BuildDataset().complete():
                return
        contents = version_contents(self.dataset_folder())
        if self.verify:
            verify_version(self.dataset_folder())
        kept = kept_json(self.folder() / layout.RUN_CONFIG).get("contents")
        if isinstance(kept, dict) and not kept.items() <= contents.items():
            raise UserError(
                f"{self.folder()}: this run learned from other images than "
                f"{self.dataset_folder()} now lists: checksums or sizes differ. Bring "
                "the data back, or name another --runs-dir"
            )

    def _canon_identity(self) -> list[str]:
        """Return what the Canon data set's splits hold."""
        if not self.canon:
            return []
        from rdpd.canon import CanonDataset
        from rdpd.pictures import DataError

        try:
            splits = [CanonDataset(Path(self.canon), name) for name in ("train", "val")]
        except DataError as error:
            raise UserError(f"--canon {error}") from None
        return [split.identity for split in splits]

    def folder(self) -> Path:
        """Return the run's folder."""
        name = f"{Path(self.config).stem}-{self.identity()}"
        return layout.run_folder(Path(self.runs_dir), name)

    def output(self) -> luigi.LocalTarget:
        """Return ``result.json``, the last file to be written."""
        return luigi.LocalTarget(str(self.folder() / layout.RUN_RESULT))

    def complete(self) -> bool:
        """Tell whether the result is there; one that cannot be read is made again."""
        return bool(self.result())

    def result(self) -> dict[str, dict[str, float]]:
        """Return the scores of each split; none where the run is not finished."""
        kept = kept_json(self.folder() / layout.RUN_RESULT)
        scores = {split: kept[split] for split in ("val", "test") if split in kept}
        are_whole = all(
            isinstance(one, dict)
            and all(isinstance(one.get(key), int | float) for key in _SCORES)
            for one in scores.values()
        )
        return scores if are_whole and "val" in scores else {}

    def run(self) -> None:
        """Train, or go on."""
        from rdpd.train import USER_ERRORS

        folder = self.folder()
        with plain_failures(folder), exclusive(folder, f"training {folder.name}"):
            if self.complete():
                return  # another run has trained it
            remove_partials_in(layout.decoded_folder(Path(self.work_dir)))
            try:
                self._train()
            except USER_ERRORS as error:
                raise UserError(str(error)) from error

    def _train(self) -> None:
        from rdpd.config import train_config
        from rdpd.device import chosen_device
        from rdpd.sources import open_data
        from rdpd.train import train

        config = train_config(self._described_config())
        work, dataset = Path(self.work_dir), self.dataset_folder()
        fresh = None
        if self.on_the_fly:
            from pipeline.on_the_fly import training_clips

            fresh = training_clips(dataset, work, chosen_device(self.device))
        data = open_data(
            dataset,
            Path(self.canon) if self.canon else None,
            cache=layout.decoded_folder(work),
            train=fresh,
        )
        folder = self.folder()
        folder.mkdir(parents=True, exist_ok=True)
        write_json(
            folder / layout.RUN_CONFIG,
            {
                "training": config.described(),
                "data": data.identities,
                "contents": data.contents,
                "versions": library_versions(*LIBRARIES),
            },
        )
        workers = None if self.loaders < 0 else self.loaders
        train(config, data, folder, device=self.device, workers=workers)


def dataset_folder(text: str) -> Path:
    """Return the folder of the version that ``--dataset`` names.

    Raises
    ------
    UserError
        If its manifest is no file.
    """
    named_file("--dataset", str(Path(text) / layout.DATASET_MANIFEST))
    return Path(text)


@TrainRDPD.event_handler(luigi.Event.SUCCESS)
@TrainRDPD.event_handler(luigi.Event.DEPENDENCY_PRESENT)
def announce(task: TrainRDPD) -> None:
    """Say where the run lies and how good the network is."""
    for split, one in task.result().items():
        say(
            f"{split}: PSNR {one['psnr_db']:.2f} dB, blurred input "
            f"{one['blurred_db']:.2f} dB, {one['frames']} frames"
        )
    say(f"run: {task.folder()}")


def version_contents(folder: Path) -> dict[str, str]:
    """Return the hash of what each split of a dataset version holds, by its identity.

    Raises
    ------
    UserError
        If it lacks the split for training or validation, or anything of one.
    """
    from rdpd.pictures import DataError
    from rdpd.sources import open_data

    try:
        return open_data(folder).contents
    except DataError as error:
        raise UserError(str(error)) from None
