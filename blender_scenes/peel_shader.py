"""Lets camera rays pass the near surfaces of all materials, for some renders only.

A node group before every material's output reads, per pixel, up to which depth rays
pass. It stays in the materials, and is linked only while something is peeled: an
unlinked node changes no pixel, a linked one would make every shadow transparent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from blender_scenes.instances import RENDERED_TYPES
from blender_scenes.peel_limits import PeelLimits

# Each surface that a ray passes counts, and each leaf before it; Blender's own is 8.
TRANSPARENT_BOUNCES = 64
_TRANSPARENT_NODES = frozenset(
    {"ShaderNodeBsdfTransparent", "ShaderNodeBsdfRayPortal", "ShaderNodeHoldout"}
)


@dataclass(frozen=True)
class _PeelableMaterial:
    """A material with the peeling group beside its output."""

    material: Any
    output: Any
    source: Any
    peel: Any
    is_transparent: bool

    def link(self) -> None:
        """Put the group between the surface and the output."""
        links = self.material.node_tree.links
        links.new(self.peel.outputs[0], self.output.inputs["Surface"])
        # Only to save time: rays of other kinds pass nothing by peeling.
        if not self.is_transparent:
            self.material.use_transparent_shadow = False

    def unlink(self, had_transparent_shadow: bool) -> None:
        """Put the material back as its artist made it."""
        links = self.material.node_tree.links
        if self.source is None:
            links.remove(self.output.inputs["Surface"].links[0])
        else:
            links.new(self.source, self.output.inputs["Surface"])
        self.material.use_transparent_shadow = had_transparent_shadow


class PeelShader:
    """The peeling of a scene's materials; must be made before frames are walked.

    Parameters
    ----------
    scene : bpy.types.Scene
    size : tuple of int
        Width and height of the render, pixels.
    """

    def __init__(self, scene: Any, size: tuple[int, int]) -> None:
        import bpy

        self._scene = scene
        _give_bare_objects_a_material()
        self._limits = bpy.data.images.new(
            "peel limits", *size, alpha=False, float_buffer=True, is_data=True
        )
        group = _peeling_group(self._limits)
        found = (_peelable(m, group) for m in bpy.data.materials)
        self._materials = [material for material in found if material is not None]
        if scene.rigidbody_world is not None:
            _set_all(scene.cycles, {"transparent_max_bounces": self._bounces()})

    @contextmanager
    def peeled(self, limits: PeelLimits) -> Iterator[None]:
        """Let camera rays pass what is within the limits, for a block."""
        self._write(limits)
        cycles = self._scene.cycles
        settings: dict[str, Any] = {}
        if self._scene.rigidbody_world is None:
            # Not with rigid bodies: writing Cycles' settings empties their cache (bpy
            # 5.0.1), and the colour of one pixel runs into the next.
            settings = {
                "transparent_max_bounces": self._bounces(),
                "pixel_filter_type": "BOX",  # each sample under its own pixel's limits
            }
        usual = {name: getattr(cycles, name) for name in settings}
        shadows = [m.material.use_transparent_shadow for m in self._materials]
        _set_all(cycles, settings)
        for material in self._materials:
            material.link()
        try:
            yield
        finally:
            for material, had_shadow in zip(self._materials, shadows, strict=True):
                material.unlink(had_shadow)
            _set_all(cycles, usual)

    def _bounces(self) -> int:
        return max(self._scene.cycles.transparent_max_bounces, TRANSPARENT_BOUNCES)

    def _write(self, limits: PeelLimits) -> None:
        """Fill the picture that the shaders read; Blender's lowest row is first."""
        width, height = self._limits.size
        pixels = np.ones((height, width, 4), np.float32)
        pixels[..., 0] = limits.front[::-1]
        pixels[..., 1] = limits.back[::-1]
        pixels[..., 2] = ~limits.is_wanted[::-1]
        self._limits.pixels.foreach_set(pixels.ravel())
        self._limits.update()


def _set_all(settings: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def _give_bare_objects_a_material() -> None:
    """Put what Cycles shows where there is no material into a material.

    What geometry nodes make without a material stays as it is, and is not peeled.
    """
    import bpy

    # A new material is what Cycles shows where there is none, bit by bit.
    bare = bpy.data.materials.new("no material")
    for thing in bpy.data.objects:
        if thing.type not in RENDERED_TYPES - {"VOLUME"}:
            continue
        # Through the data where it can be: the slots of linked objects are read-only.
        materials = thing.data.materials
        if not materials:
            materials.append(bare)
        for index, slot in enumerate(thing.material_slots):
            if slot.material is None and slot.link == "DATA":
                materials[index] = bare
            elif slot.material is None and not slot.is_property_readonly("material"):
                slot.material = bare


def _peelable(material: Any, group: Any) -> _PeelableMaterial | None:
    """Return a material with the group added; None if it has no surface to peel."""
    tree = material.node_tree
    if tree is None:
        return None
    output = tree.get_output_node("CYCLES")
    if output is None:
        return None
    links = [link for link in output.inputs["Surface"].links if not link.is_muted]
    if not links and output.inputs["Volume"].is_linked:
        return None
    for link in [link for link in output.inputs["Surface"].links if link.is_muted]:
        tree.links.remove(link)
    peel = tree.nodes.new("ShaderNodeGroup")
    peel.node_tree = group
    source = links[0].from_socket if links else None
    if source is not None:
        tree.links.new(source, peel.inputs[0])
    return _PeelableMaterial(
        material, output, source, peel, has_transparency(tree, set())
    )


def has_transparency(tree: Any, seen: set[str]) -> bool:
    """Return whether a tree has a node that may let shadow rays through."""
    seen.add(tree.name_full)
    for node in tree.nodes:
        alpha = node.inputs.get("Alpha")
        inner = getattr(node, "node_tree", None)
        if node.bl_idname in _TRANSPARENT_NODES:
            return True
        if alpha is not None and (alpha.is_linked or alpha.default_value < 1):
            return True
        is_new = inner is not None and inner.name_full not in seen
        if is_new and has_transparency(inner, seen):
            return True
    return False


def _peeling_group(limits: Any) -> Any:
    """Return the node group: a shader in, what is left of it for this ray out."""
    import bpy

    group: Any = bpy.data.node_groups.new("peel", "ShaderNodeTree")
    group.interface.new_socket(
        "Surface", in_out="INPUT", socket_type="NodeSocketShader"
    )
    group.interface.new_socket(
        "Surface", in_out="OUTPUT", socket_type="NodeSocketShader"
    )

    def node(kind: str, *inputs: Any, **settings: Any) -> Any:
        made = group.nodes.new(f"ShaderNode{kind}")
        for name, value in settings.items():
            setattr(made, name, value)
        for socket, source in zip(made.inputs, inputs, strict=False):
            group.links.new(source, socket)
        return made

    def maths(operation: str, first: Any, second: Any) -> Any:
        return node("Math", first, second, operation=operation).outputs[0]

    surface = group.nodes.new("NodeGroupInput").outputs[0]
    place = node("TexCoord").outputs["Window"]
    texture = node(
        "TexImage", place, image=limits, interpolation="Closest", extension="EXTEND"
    )
    colour = node("SeparateColor", texture.outputs["Color"])
    front, back, unwanted = (colour.outputs[index] for index in range(3))
    depth = node("CameraData").outputs["View Z Depth"]
    is_camera_ray = node("LightPath").outputs["Is Camera Ray"]
    is_back_face = node("NewGeometry").outputs["Backfacing"]
    is_passed = maths(
        "MAXIMUM",
        maths("LESS_THAN", depth, front),
        maths("MULTIPLY", is_back_face, maths("LESS_THAN", depth, back)),
    )
    clear = node("BsdfTransparent").outputs[0]
    left = node(
        "MixShader", maths("MULTIPLY", is_passed, is_camera_ray), surface, clear
    ).outputs[0]
    black = node("Emission")
    black.inputs["Strength"].default_value = 0.0
    ended = node(
        "MixShader",
        maths("MULTIPLY", unwanted, is_camera_ray),
        left,
        black.outputs[0],
    ).outputs[0]
    group.links.new(ended, group.nodes.new("NodeGroupOutput").inputs[0])
    return group
