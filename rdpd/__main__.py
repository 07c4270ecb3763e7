"""The training as a command, for ``torchrun``: one process per GPU.

torchrun --nproc-per-node 4 -m rdpd --config TOML --dataset FOLDER --folder RUN
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rdpd.config import load_config
from rdpd.sources import open_data
from rdpd.train import USER_ERRORS, train


def main() -> None:
    """Train, or go on; a user's error is one line."""
    parser = argparse.ArgumentParser(prog="python -m rdpd", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("configs/quick.toml"))
    parser.add_argument("--dataset", type=Path, help="dataset version, NAME/VERSION")
    parser.add_argument("--canon", type=Path, help="the Canon data set (DPDD)")
    parser.add_argument("--folder", type=Path, required=True, help="the run's folder")
    parser.add_argument("--cache", type=Path, help="folder for decoded pictures")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--workers", type=int, help="processes that read pictures")
    options = parser.parse_args()
    try:
        config = load_config(options.config)
        data = open_data(options.dataset, options.canon, cache=options.cache)
        train(
            config, data, options.folder, device=options.device, workers=options.workers
        )
    except USER_ERRORS as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
