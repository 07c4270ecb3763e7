"""RDPD, sRDPD and DPDNet, trained on the fly for equal time on one GPU, and measured.

``pack`` writes the frames of a dataset into a small folder, here. ``run``, on a machine
with a GPU, needs torch, NumPy, SciPy, OpenCV, safetensors, tqdm, TensorBoard and that
folder: no Blender, no Luigi, no OpenEXR. It stops before a training that would not end
in time, and the same command goes on with it.

    python -m benchmarks.gpu_experiment pack --dataset datasets/NAME/VERSION
    python -m benchmarks.gpu_experiment run --minutes 2 --out $OUT
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
CARRY = Path("work/carry")


def main(words: list[str] | None = None) -> int:
    """Pack or run; return the exit status, 3 where a further call is needed."""
    options = parser().parse_args(words)
    if options.command == "pack":
        from benchmarks.gpu_experiment.carry import pack

        most_bytes = int(options.most_mb * 1e6)
        print(pack(options.dataset, options.work, options.carried, most_bytes))
        return 0
    find_what_is_missing(options.carried)
    return run_with(options)


def parser() -> argparse.ArgumentParser:
    """Return the command line's."""
    form = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    commands = top.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack", help="write the folder that is carried")
    packing.add_argument("--dataset", type=Path, required=True)
    packing.add_argument("--work", type=Path, default=Path("work"))
    packing.add_argument("--carried", type=Path, default=CARRY)
    packing.add_argument("--most-mb", type=float, default=48.0)
    running = commands.add_parser(
        "run", help="train and measure; goes on if called again"
    )
    running.add_argument("--carried", type=Path, default=CARRY)
    running.add_argument("--work", type=Path, default=Path("work/gpu"))
    running.add_argument("--out", type=Path, default=Path("work/gpu/results"))
    running.add_argument("--config", type=Path, default=Path("configs/gpu.toml"))
    running.add_argument("--changes", default="", help="TOML in place of the file's")
    running.add_argument("--minutes", type=float, default=2.0, help="for each network")
    running.add_argument("--budget-minutes", type=float, default=math.inf)
    running.add_argument("--pool", type=int, default=64, help="0: every patch anew")
    running.add_argument("--held-out-frames", type=int, default=8)
    running.add_argument("--frame-size", type=size, default=(1680, 1120))
    running.add_argument("--synthesis-size", type=size, default=(1920, 1080))
    running.add_argument("--peak-tflops", type=float, help="dense bfloat16")
    running.add_argument("--gb-per-s", type=float, help="of the device's memory")
    running.add_argument("--keep", default="RDPD", help="whose weights are written")
    running.add_argument("--device", default="auto")
    return top


def size(text: str) -> tuple[int, int]:
    """Return width and height.

    Examples
    --------
    >>> size("1680x1120")
    (1680, 1120)
    """
    width, height = (int(part) for part in text.split("x"))
    return width, height


def find_what_is_missing(carried: Path) -> None:
    """Let packages be found that were carried, and `pipeline` do without Luigi."""
    if importlib.util.find_spec("array_api_compat") is None:
        sys.path.append(str(carried / "site"))
    if importlib.util.find_spec("luigi") is None:
        # Its __init__ imports the tasks; what is used here lies beside them.
        bare = ModuleType("pipeline")
        bare.__path__ = [str(ROOT / "pipeline")]
        sys.modules["pipeline"] = bare


def run_with(options: argparse.Namespace) -> int:
    """Run with the options of the command line."""
    from benchmarks.gpu_experiment.measure import Peak
    from benchmarks.gpu_experiment.run import Experiment, run
    from pipeline.errors import UserError
    from rdpd.config import changed_config, load_config
    from rdpd.train import USER_ERRORS

    peak = None
    if options.peak_tflops and options.gb_per_s:
        peak = Peak(options.peak_tflops, options.gb_per_s)
    try:
        config = changed_config(load_config(options.config), options.changes)
        is_done = run(
            Experiment(
                carried=options.carried,
                work=options.work,
                out=options.out,
                config=config,
                seconds=60 * options.minutes,
                budget_s=60 * options.budget_minutes,
                pool=options.pool,
                held_out_frames=options.held_out_frames,
                frame_size=options.frame_size,
                synthesis_size=options.synthesis_size,
                peak=peak,
                keep=options.keep,
                device=options.device,
            )
        )
    except (UserError, *USER_ERRORS) as error:
        print(error, file=sys.stderr)
        return 1
    print((options.out / "results.md").read_text(encoding="utf-8"))
    if not is_done:
        print("not done: call again with the same --work")
    return 0 if is_done else 3


if __name__ == "__main__":
    sys.exit(main())
