"""The ``luigi`` command with the stand-in for Blender, for a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from luigi.cmdline import luigi_run

from pipeline import blender_process

if __name__ == "__main__":
    fake = str(Path(__file__).with_name("fake_blender.py"))
    blender_process.CHILD = (sys.executable, fake)
    luigi_run(["--module", "pipeline", *sys.argv[1:]])
