"""What tasks for one scene and one camera share."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

from typing import cast

import luigi

from pipeline.errors import UserError, shown
from pipeline.tasks.imports import ImportSequence
from pipeline.tasks.options import RenderOptions, position_parameter
from pipeline.tasks.parameters import Position, WholeNumber
from pipeline.tasks.render import RenderSequence


class SceneCameraOptions(RenderOptions):
    """Which scene, or imported sequence, is seen through which camera."""

    source: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Sequence to import in place of a scene, as of ImportSequence.",
    )
    scene: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Scene: city-N or street-N, a .blend file or a scene.json.",
    )
    margin_px: WholeNumber = WholeNumber(
        default=48,
        description="Overscan of the frames on every side, pixels.",
    )
    camera_set: luigi.Parameter[str] = luigi.Parameter(
        description="Camera: number of one of the paper's five sets, or a TOML file."
    )
    draw_name: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="What is drawn at random is drawn for this name; empty takes the "
        "sequence's own. BuildDataset sets it where plain names collide.",
    )
    position: Position = position_parameter()
    scene_position: Position = position_parameter()

    def _scenes(self) -> tuple[str, ...]:
        """Return what is rendered.

        Raises
        ------
        UserError
            Unless there is one scene, or one source.
        """
        if bool(self.source) == bool(self.scene):
            raise UserError(
                f"--scene {shown(self.scene)} --source {shown(self.source)}: expected "
                "one of them"
            )
        return () if self.source else (self.scene,)

    def frames_task(self) -> RenderSequence | ImportSequence:
        """Return the task that makes the frames."""
        kind = ImportSequence if self.source else RenderSequence
        task = cast(luigi.Task, self).clone(kind, position=self.scene_position)
        return cast("RenderSequence | ImportSequence", task)
