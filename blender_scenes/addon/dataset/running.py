"""The build under way or last finished, and what is known of the pipeline."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from blender_scenes.addon.dataset.job import BuildJob
from blender_scenes.addon.dataset.pipeline_check import EnvironmentCheck

check = EnvironmentCheck()

_jobs: list[BuildJob] = []


def last_job() -> BuildJob | None:
    """Return the build under way, or the last one; None before the first."""
    return _jobs[-1] if _jobs else None


def is_building() -> bool:
    """Return whether a data set is being built."""
    return bool(_jobs) and not _jobs[-1].is_finished


def follow(job: BuildJob) -> None:
    """Make this the build that panels show."""
    end_build()
    _jobs[:] = [job]


def end_build() -> None:
    """End the build under way, if there is one; its finished frames stay."""
    for job in _jobs:
        job.close()


def forget() -> None:
    """End and forget everything."""
    end_build()
    _jobs.clear()
    check.forget()


def finished_folder() -> Path | None:
    """Return the data set that the last build made, if it did and it is still there."""
    job = last_job()
    folder = job.progress.folder if job is not None and job.is_finished else None
    return folder if folder is not None and folder.is_dir() else None
