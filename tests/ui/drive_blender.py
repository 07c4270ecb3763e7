"""Blender's own panels: a field typed into, a button pressed, and undone."""

import bpy
import driver
import editors


def steps() -> driver.Steps:
    camera = bpy.data.objects["Camera"]
    yield from editors.select(camera)
    properties = yield from editors.open_properties("DATA")
    yield from editors.type_into(properties, "lens", "35.5")
    assert camera.data.lens == 35.5, camera.data.lens
    driver.screenshot("blender", properties)

    yield from editors.select(bpy.data.objects["Cube"])
    yield from editors.open_properties("DATA")
    groups = bpy.data.objects["Cube"].vertex_groups
    yield from editors.click_on(properties, "object.vertex_group_add")
    assert len(groups) == 1, list(groups)

    yield from driver.press("Z", ctrl=True)
    yield driver.DRAWN_S
    assert not bpy.data.objects["Cube"].vertex_groups, "undo left the vertex group"
