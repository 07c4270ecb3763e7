"""All surfaces by name, made in Blender when first asked for."""

from __future__ import annotations

import bpy

from blender_scenes.city.materials import (
    materials_ground,
    materials_kerb,
    materials_objects,
    materials_people,
    materials_plants,
    materials_vehicles,
    materials_walls,
)
from blender_scenes.city.materials.shader_graph import ShaderGraph

_RECIPES = {
    **materials_ground.RECIPES,
    **materials_walls.RECIPES,
    **materials_objects.RECIPES,
    **materials_vehicles.RECIPES,
    **materials_people.RECIPES,
    **materials_plants.RECIPES,
    **materials_kerb.RECIPES,
}


def material(name: str) -> bpy.types.Material:
    """Return the named surface of this Blender file."""
    full_name = f"street_{name}"
    found = bpy.data.materials.get(full_name)
    if found is not None:
        return found
    made = bpy.data.materials.new(full_name)
    _RECIPES[name](ShaderGraph(made.node_tree))
    # Glowing surfaces are seen, but too weak by day to be sampled as lamps.
    made.cycles.emission_sampling = "NONE"
    return made
