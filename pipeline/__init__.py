"""Luigi tasks that build versioned dual-pixel datasets."""

from pipeline import luigi_worker
from pipeline.command_line import complain_in_one_line
from pipeline.tasks.dataset import BuildDataset
from pipeline.tasks.evaluation import CompareNetworks, Evaluate
from pipeline.tasks.imports import ImportSequence
from pipeline.tasks.render import RenderSequence
from pipeline.tasks.training import TrainRDPD
from pipeline.tasks.views import SynthesiseViews

__all__ = [
    "BuildDataset",
    "CompareNetworks",
    "Evaluate",
    "ImportSequence",
    "RenderSequence",
    "SynthesiseViews",
    "TrainRDPD",
]

luigi_worker.install()
complain_in_one_line()  # luigi --module pipeline runs nothing of ours but this import
