"""Scenes that cannot be previewed: a sentence for the person, never a traceback."""

import bpy
import driver
import editors
import studio


def steps() -> driver.Steps:
    editor = yield from studio.open_studio()
    texts = studio.record_texts("DUAL_PIXEL_PT_image_preview")
    scene = bpy.context.scene
    camera = scene.camera
    said = {}

    def cases():
        yield "no camera", lambda: setattr(scene, "camera", None)
        yield "orthographic", lambda: setattr(camera.data, "type", "ORTHO")
        yield "panoramic", lambda: setattr(camera.data, "type", "PANO")
        yield "focus inside the lens", lambda: focus_at(camera, 0.01)
        yield (
            "focus on itself",
            lambda: setattr(camera.data.dof, "focus_object", camera),
        )
        yield "Workbench", lambda: set_engine("BLENDER_WORKBENCH")

    for name, spoil in cases():
        bpy.ops.ed.undo_push(message="before")
        spoil()
        bpy.ops.ed.undo_push(message=name)
        yield from redraw_everything()
        said[name] = {"texts": list(texts), "can": bpy.ops.dual_pixel.preview.poll()}
        bpy.ops.ed.undo()
        yield driver.DRAWN_S
        scene, camera = bpy.context.scene, bpy.context.scene.camera
    said["Blender renders"] = yield from while_blender_renders(scene, texts)
    driver.facts["said"] = said

    yield from studio.preview(editor)
    bpy.data.objects.remove(bpy.context.scene.camera)
    yield from redraw_everything()
    yield 1.0
    driver.facts["without_camera"] = studio.traces()["images"]

    bpy.ops.ed.undo()
    for thing in [t for t in bpy.data.objects if t.type in {"MESH", "LIGHT"}]:
        bpy.data.objects.remove(thing)
    yield from editors.click_on(editor, "dual_pixel.preview")
    yield 1.0
    driver.screenshot("empty_scene")
    driver.facts["renders_nothing"] = studio.is_rendering()


def while_blender_renders(scene, texts: list[str]) -> driver.Steps:
    """Draw our panels during a render of Blender's own, and return what was said."""
    bpy.context.preferences.view.render_display_type = "NONE"
    samples, scene.cycles.samples = scene.cycles.samples, 32
    scene.cycles.use_denoising = False  # Debian's Blender cannot
    bpy.ops.render.render("INVOKE_DEFAULT")
    yield from driver.wait_until(is_blender_rendering, "Blender's own render", 20)
    can_preview = bpy.ops.dual_pixel.preview.poll()
    for area in driver.window().screen.areas:
        area.tag_redraw()
    yield driver.DRAWN_S
    said = {"texts": list(texts), "can": can_preview}
    yield from driver.wait_until(
        lambda: not is_blender_rendering(), "the end of Blender's own render", 120
    )
    scene.cycles.samples = samples
    return said


def is_blender_rendering() -> bool:
    return bpy.app.is_job_running("RENDER")


def focus_at(camera, distance: float) -> None:
    camera.data.lens, camera.data.dof.focus_distance = 50.0, distance


def set_engine(name: str) -> None:
    bpy.context.scene.render.engine = name


def redraw_everything() -> driver.Steps:
    """Draw all our panels and overlays, with every editor that has one."""
    state = studio.state()
    state.use_viewport_limits = state.use_viewport_heat = True
    editor = editors.area_of("IMAGE_EDITOR")
    for tab in ("OUTPUT", "RENDER"):
        yield from editors.open_properties(tab)
    for kind in ("VIEW_3D", "IMAGE_EDITOR"):
        editor.type = kind
        editor.tag_redraw()
        yield driver.DRAWN_S
