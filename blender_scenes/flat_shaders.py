"""Makes surfaces that are partly transparent either there or not, for geometry.

Cycles lets a camera ray pass a surface that is less than half opaque before it writes
depth; but only if the ray was not scattered, which chance decides by the share of
opacity. Where nothing scatters but what is transparent, nothing is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from blender_scenes.peel_shader import has_transparency

_SEEN_THROUGH = frozenset({"ShaderNodeBsdfTransparent", "ShaderNodeBsdfRayPortal"})


class FlatShaders:
    """Stand-ins for what scatters light in materials that are partly transparent.

    They stay in the materials, and are linked only for geometry renders: an unlinked
    node changes no pixel. Must be made before frames are walked through.

    Parameters
    ----------
    materials : iterable of bpy.types.Material
        Those that are opaque are passed over.
    """

    def __init__(self, materials: Iterable[Any]) -> None:
        self.materials = [
            material
            for material in materials
            if material.node_tree is not None
            and has_transparency(material.node_tree, set())
        ]
        trees: dict[Any, None] = {}  # embedded trees share one name
        for material in self.materials:
            collect_trees(material.node_tree, trees)
        self._stand_ins = [
            (tree, node.outputs[0], stand_in)
            for tree in trees
            for node, stand_in in _stand_ins(tree)
        ]

    @contextmanager
    def linked(self) -> Iterator[None]:
        """Put the stand-ins in the place of what they stand for, for a block."""
        with ExitStack() as stack:
            for material in self.materials:
                # The stand-ins glow, as black would be optimised away: as no lamps.
                stack.callback(
                    setattr,
                    material.cycles,
                    "emission_sampling",
                    material.cycles.emission_sampling,
                )
                material.cycles.emission_sampling = "NONE"
            for tree, scattering, stand_in in self._stand_ins:
                for link in [x for x in scattering.links if not x.is_muted]:
                    stack.callback(tree.links.new, scattering, link.to_socket)
                    tree.links.new(stand_in, link.to_socket)
            yield


def collect_trees(tree: Any, found: dict[Any, None]) -> None:
    """Add a node tree and the groups within it, each once."""
    if tree in found:
        return
    found[tree] = None
    for node in tree.nodes:
        inner = getattr(node, "node_tree", None)
        if inner is not None:
            collect_trees(inner, found)


def _stand_ins(tree: Any) -> list[tuple[Any, Any]]:
    """Return the nodes that scatter, each with the output of its stand-in."""
    scattering = [
        node
        for node in tree.nodes
        if not node.mute
        and node.bl_idname not in _SEEN_THROUGH
        and (
            node.bl_idname.startswith("ShaderNodeBsdf")
            or node.bl_idname == "ShaderNodeSubsurfaceScattering"
        )
    ]
    if not scattering:
        return []
    opaque = tree.nodes.new("ShaderNodeEmission").outputs[0]
    clear = tree.nodes.new("ShaderNodeBsdfTransparent").outputs[0]
    return [(node, _stand_in(tree, node, opaque, clear)) for node in scattering]


def _stand_in(tree: Any, node: Any, opaque: Any, clear: Any) -> Any:
    """Return an output that is as transparent as a node, and scatters nothing."""
    alpha = node.inputs.get("Alpha")
    if alpha is None:
        return opaque
    mix = tree.nodes.new("ShaderNodeMixShader")
    mix.inputs[0].default_value = alpha.default_value
    if alpha.is_linked:
        tree.links.new(alpha.links[0].from_socket, mix.inputs[0])
    tree.links.new(clear, mix.inputs[1])
    tree.links.new(opaque, mix.inputs[2])
    return mix.outputs[0]
