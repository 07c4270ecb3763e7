"""What tasks for one scene and one camera share."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

from typing import cast

import luigi

from pipeline.tasks.options import RenderOptions, position_parameter
from pipeline.tasks.parameters import WholeNumber
from pipeline.tasks.render import RenderSequence


class SceneCameraOptions(RenderOptions):
    """Which scene is seen through which camera."""

    scene: luigi.Parameter[str] = luigi.Parameter(
        description="Scene: street-N (N = 1, 2, ...) or a .blend file."
    )
    margin_px: WholeNumber = WholeNumber(
        default=48,
        description="Overscan of the frames on every side, pixels.",
    )
    camera: luigi.Parameter[str] = luigi.Parameter(
        description="Camera: number of one of the paper's five sets, or a TOML file."
    )
    position: luigi.Parameter[str] = position_parameter()
    scene_position: luigi.Parameter[str] = position_parameter()

    def frames_task(self) -> RenderSequence:
        """Return the task that makes the frames."""
        return cast(
            RenderSequence,
            cast(luigi.Task, self).clone(RenderSequence, position=self.scene_position),
        )
