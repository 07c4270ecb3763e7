"""Make the pictures of the README and of docs.

Those of the dataset come from one that is built for them.

python docs/figures.py OUTPUT_FOLDER
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from city_figures import write_city_pictures
from PIL import Image
from psf_figures import write_psf_pictures

ROOT = Path(__file__).parents[1]
LUIGI = Path(sys.executable).with_name("luigi")
OVERVIEW_WIDTH_PX = 1400

# Camera 5 through city-2: the widest blur, on either side of focus.
OPTIONS = {
    "scene": "city-2,city-1,city-4",
    "size": "640x360",
    "samples": "24",
    "frames": "1",
    "noise": "none",
}


def main() -> None:
    """Write psf_*.png, the pictures of the city, and those of a dataset."""
    output = Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    write_psf_pictures(output)
    write_city_pictures(output)
    with tempfile.TemporaryDirectory() as scratch:
        flags = [part for key, value in OPTIONS.items() for part in (f"--{key}", value)]
        flags += ["--work-dir", f"{scratch}/work", "--datasets-dir", f"{scratch}/data"]
        subprocess.run(
            [str(LUIGI), "--module", "pipeline", "BuildDataset", *flags],
            check=True,
            cwd=ROOT,
        )
        (preview,) = Path(scratch, "data").rglob("preview")
        shutil.copyfile(preview / "seq_005.png", output / "contact_sheet.png")
        shutil.copyfile(preview / "seq_005_flip.gif", output / "flip.gif")
        shutil.copyfile(preview / "statistics.png", output / "statistics.png")
        with Image.open(preview / "overview.png") as overview:
            height = round(overview.height * OVERVIEW_WIDTH_PX / overview.width)
            size = (OVERVIEW_WIDTH_PX, height)
            overview.resize(size, Image.Resampling.LANCZOS).save(
                output / "overview.png"
            )


if __name__ == "__main__":
    main()
