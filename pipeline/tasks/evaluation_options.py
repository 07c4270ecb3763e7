"""Parameters that evaluations share, and how they write their folder."""

# Luigi is typed in part only; torch and rdpd are imported where a task needs them.
# pyright: basic

from __future__ import annotations

import abc
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import luigi

from blender_scenes.own_names import partial_folder
from pipeline import layout
from pipeline.console import FrameBar
from pipeline.errors import UserError, shown
from pipeline.files import named_file, regular_file
from pipeline.identity import digest, library_versions
from pipeline.manifest import (
    file_record,
    kept_json,
    put_in_place,
    verify_version,
    write_json,
)
from pipeline.run_lock import exclusive
from pipeline.scenes import parse_list
from pipeline.tasks.meaning import is_given
from pipeline.tasks.options import verify_parameter
from pipeline.tasks.parameters import (
    MAX_SEED,
    Choice,
    Number,
    OutputFolder,
    WholeNumber,
)

if TYPE_CHECKING:
    from rdpd.config import Compiler
    from rdpd.evaluate import BitDepth
    from rdpd.evaluation_run import Candidate, EvaluationConfig
    from rdpd.methods import EvaluationPrecision

EVALUATION_FORMAT = 2  # 2: named by the contents of the data
LIBRARIES = ("numpy", "opencv-python-headless", "scipy", "torch")


class EvaluationOptions(abc.ABC):
    """On what and how networks are evaluated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the parameters before Luigi schedules anything."""
        super().__init__(*args, **kwargs)
        if self.pictures < 0:
            raise UserError(f"--pictures {self.pictures}: expected 0 or more")
        if not 0.0 <= self.niqe_sharpness < 1.0:
            raise UserError(
                f"--niqe-sharpness {self.niqe_sharpness:g}: expected 0 to below 1"
            )
        self._check_names()
        if self.niqe_model and is_given(cast(luigi.Task, self), "niqe_sharpness"):
            raise UserError(
                f"--niqe-sharpness {self.niqe_sharpness:g}: says what the model of "
                "NIQE is fitted to, and --niqe-model is one; expected one of them"
            )
        self._identity = digest(
            {
                "format": EVALUATION_FORMAT,
                "methods": self.methods_identity(),
                "places": {name: checksum(path) for name, path in self.lists().items()},
                "niqe_model": self.niqe_model and checksum(Path(self.niqe_model)),
                "niqe_sharpness": self.niqe_sharpness,
                "lpips": self._lpips_identity(),
                "split": self.split,
                "bit_depth": self.bit_depth,
                "precision": self.precision,
                "device": self.device,
                "compiler": self.compiler,
                "pictures": self.pictures,
                "seed": self.seed,
                "versions": library_versions(*LIBRARIES),
            }
        )
        self._check_data()

    split: Choice = Choice(
        choices=layout.SPLITS, default="test", description="Split to evaluate on."
    )
    places: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Lists of pictures or sequences to take means over, such as "
        "indoor=FILE,outdoor=FILE: a name or a number from 1 per line, or .npy.",
    )
    bit_depth: Choice = Choice(
        choices=("float", "8", "16"),
        default="float",
        description="Bits that outputs are rounded to before they are scored.",
    )
    precision: Choice = Choice(
        choices=("float32", "bfloat16"),
        default="float32",
        description="Precision that networks compute in.",
    )
    compiler: Choice = Choice(
        choices=("off", "inductor", "aot_eager", "eager"),
        default="off",
        description="Backend of torch.compile; inductor is faster on a GPU.",
    )
    device: Choice = Choice(
        choices=("auto", "cpu", "cuda"),
        default="auto",
        description="Where to compute; auto takes a GPU if there is one.",
    )
    niqe_model: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Reference model of NIQE, JSON; empty fits one to the targets of "
        "the split.",
    )
    niqe_sharpness: Number = Number(
        default=0.75,
        description="Blocks at least this sharp, over the sharpest of their target, "
        "make the reference model of NIQE; 0 takes all.",
    )
    lpips_weights: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Folder with the weights of LPIPS (docs/evaluation.md); empty "
        "leaves LPIPS out.",
    )
    pictures: WholeNumber = WholeNumber(
        default=8, description="Frames of which pictures are kept, evenly spread."
    )
    seed: WholeNumber = WholeNumber(
        lowest=0, highest=MAX_SEED, default=0, description="Seed of the bootstrap."
    )
    evaluations_dir: OutputFolder = OutputFolder(
        default="evaluations", description="Folder that holds the evaluations."
    )

    verify: luigi.BoolParameter = verify_parameter()

    @abc.abstractmethod
    def methods_identity(self) -> Any:
        """Return what changes when the data or a network does, as JSON."""

    @abc.abstractmethod
    def candidates(self) -> list[Candidate]:
        """Return the networks in the order of the tables."""

    @abc.abstractmethod
    def data_folder(self) -> Path:
        """Return the dataset version, or the Canon data set."""

    @abc.abstractmethod
    def title(self) -> str:
        """Return the first part of the folder's name."""

    def identity(self) -> str:
        """Return the hash of everything that changes the result."""
        return self._identity

    def folder(self) -> Path:
        """Return the folder of the evaluation."""
        root = Path(self.evaluations_dir)
        return layout.evaluation_folder(root, self.title(), self.identity())

    def output(self) -> luigi.LocalTarget:
        """Return ``results.json``, the last file to be written."""
        return luigi.LocalTarget(str(self.folder() / layout.EVALUATION_RESULTS))

    def complete(self) -> bool:
        """Tell whether results and page are there; broken ones are made again."""
        is_there = "summaries" in kept_json(self.folder() / layout.EVALUATION_RESULTS)
        return is_there and (self.folder() / layout.EVALUATION_PAGE).is_file()

    def _check_names(self) -> None:
        from rdpd.evaluate import EvaluationError
        from rdpd.evaluation_files import check_names

        try:
            check_names(one.name for one in self.candidates() if one.name)
        except EvaluationError as error:
            raise UserError(str(error)) from None

    def _check_data(self) -> None:
        """Check that old results are of the data that is there now.

        Raises
        ------
        UserError
            If they are not, and with ``--verify`` for any file that was changed.
        """
        if not self.data_folder().is_dir():
            return  # it will be built
        if self.verify and (self.data_folder() / layout.DATASET_MANIFEST).is_file():
            verify_version(self.data_folder())
        kept = kept_json(self.folder() / layout.EVALUATION_RESULTS).get("contents")
        if kept is not None and kept != self.data_contents():
            raise UserError(
                f"{self.folder()}: these are results on other images than "
                f"{self.data_folder()} now lists: checksums or sizes differ. Bring the "
                "data back, or name another --evaluations-dir"
            )

    def data_contents(self) -> str:
        """Return the hash of what the split holds.

        Raises
        ------
        UserError
            If it is empty, or anything of it is missing or of another size.
        """
        from rdpd.evaluation_set import open_evaluation_set
        from rdpd.pictures import DataError

        folder, split = self.data_folder(), self.split
        try:
            return open_evaluation_set(folder, split, self.lists()).dataset.contents
        except DataError as error:
            raise UserError(str(error)) from None

    def evaluate(self, bar: FrameBar) -> None:
        """Evaluate beside the place, then give the folder its name."""
        folder = self.folder()
        with exclusive(folder, f"evaluation {folder.name}"):
            if not cast(luigi.Task, self).complete():  # or another run has made it
                self._put_together(folder, bar)

    def _put_together(self, folder: Path, bar: FrameBar) -> None:
        from rdpd.evaluation_run import USER_ERRORS, run_evaluation

        with partial_folder(folder) as part:
            try:
                results = run_evaluation(self._config(), part, bar.start, bar.advance)
            except USER_ERRORS as error:
                raise UserError(str(error)) from error
            results["versions"] = library_versions(*LIBRARIES)
            write_json(part / layout.EVALUATION_RESULTS, results)
            put_in_place(part, folder, layout.EVALUATION_RESULTS)

    def _config(self) -> EvaluationConfig:
        from rdpd.evaluation_run import EvaluationConfig

        return EvaluationConfig(
            candidates=self.candidates(),
            data=self.data_folder(),
            split=self.split,
            places=self.lists(),
            bit_depth=cast("BitDepth", self.bit_depth),
            precision=cast("EvaluationPrecision", self.precision),
            compiler=cast("Compiler", self.compiler),
            device=self.device,
            niqe_model=Path(self.niqe_model) if self.niqe_model else None,
            niqe_sharpness=self.niqe_sharpness,
            lpips_weights=Path(self.lpips_weights) if self.lpips_weights else None,
            pictures=self.pictures,
            seed=self.seed,
        )

    def _lpips_identity(self) -> list[str]:
        from rdpd.lpips import BACKBONE_FILE, LINEAR_FILE

        if not self.lpips_weights:
            return []
        folder = Path(self.lpips_weights)
        return [checksum(folder / name) for name in (BACKBONE_FILE, LINEAR_FILE)]

    def lists(self) -> dict[str, Path]:
        """Return the file of each place.

        Raises
        ------
        UserError
            For an item that is none.
        """
        lists: dict[str, Path] = {}
        for item in parse_list(self.places, "--places"):
            place, _, path = item.partition("=")
            if not (place and path):
                raise UserError(f"--places {shown(item)}: expected PLACE=FILE")
            lists[place] = named_file("--places", path)
        return lists


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    UserError
        If it cannot be read.
    """
    try:
        return str(file_record(regular_file(path))["sha256"])
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
