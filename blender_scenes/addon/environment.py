"""The Python environment that has the pipeline, which builds data sets."""

# SPDX-License-Identifier: GPL-3.0-or-later

import os
from pathlib import Path

_PACKAGE = "dual_pixel_pipeline"
_IS_WINDOWS = os.name == "nt"
_PYTHON = "Scripts/python.exe" if _IS_WINDOWS else "bin/python"
_PACKAGES = "Lib/site-packages" if _IS_WINDOWS else "lib/python3*/site-packages"


def environment_python(path: Path) -> Path:
    """Return the Python that is meant by a file, an environment or its parent folder.

    Links are left alone: through them Python knows which environment it is of.
    """
    if not path.is_dir():
        return path
    inside = path / ".venv"
    return (inside if inside.is_dir() else path) / _PYTHON


def environment_problem(python: Path) -> str:
    """Return what an environment lacks, in one line; "" if it has the pipeline.

    Only looks at files; starts nothing.
    """
    if not python.is_file():
        return f"There is no Python at {python}"
    root = python.parents[1]
    if not any(root.glob(f"{_PACKAGES}/{_PACKAGE}-*.dist-info")):
        return f"The pipeline is not installed in {root}"
    return ""
