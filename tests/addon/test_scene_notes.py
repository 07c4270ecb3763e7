"""What pictures will show otherwise than Blender does, told before they are made."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.blender, pytest.mark.slow]

SCENE = """
from pathlib import Path

scene = bpy.context.scene
notes = part("scene_notes")
layer = bpy.context.view_layer
cube = bpy.data.objects["Cube"]
lamp = bpy.data.objects["Light"]
lamp.visible_camera = False
scene.view_settings.view_transform = "Standard"

def group_of(thing, name):
    group = bpy.data.collections.new(name)
    scene.collection.children.link(group)
    for other in list(thing.users_collection):
        other.objects.unlink(thing)
    group.objects.link(thing)
    return layer.layer_collection.children[name]

def hold_out_shader(thing):
    tree = thing.data.materials[0].node_tree
    end = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    hole = tree.nodes.new("ShaderNodeHoldout")
    tree.links.new(hole.outputs[0], end.inputs["Surface"])

def found():
    return [
        [note.message, note.is_warning]
        for note in notes.scene_notes(scene, bpy.data)
    ]
"""

KINDS = {
    "pass": [],
    "scene.view_settings.view_transform = 'AgX'": [
        "left out the view transform AgX: frames hold linear light, so pictures differ "
        "from Blender's"
    ],
    "scene.view_settings.exposure = -6": [
        "light is multiplied by -6 stops of exposure, as the view has"
    ],
    "hold_out_shader(cube)": ["hold-out shaders are black: 'Material'"],
    "scene.view_settings.gamma = 2": [
        "the view's gamma of 2 is applied to linear light"
    ],
    "scene.view_settings.use_curve_mapping = True": [
        "left out the view's curves: frames hold linear light, so pictures differ from "
        "Blender's"
    ],
    "bpy.ops.wm.set_working_color_space(working_space='ACEScg')": [
        "the file works in ACEScg; frames are converted to linear Rec.709, and colours "
        "that it cannot hold are clipped"
    ],
    "lamp.visible_camera = True": [
        "lamps hidden from the camera, as they have no depth: 'Light'"
    ],
    "lamp.visible_camera = True; lamp.hide_render = True": [],
    "lamp.visible_camera = True; lamp.data.type = 'SUN'": [],
    "lamp.keyframe_insert('visible_camera', frame=1)": [
        "lamps hidden from the camera, as they have no depth: 'Light'"
    ],
    "cube.is_shadow_catcher = True": [
        "shadow catchers are rendered as ordinary objects: 'Cube'"
    ],
    "cube.is_holdout = True": ["hold-outs are rendered as ordinary objects: 'Cube'"],
    "group_of(cube, 'masks').holdout = True": [
        "hold-outs are rendered as ordinary objects: 'masks'"
    ],
    "layer.use_sky = False": [
        "view layer 'ViewLayer' leaves out the sky; frames show it"
    ],
    "scene.render.film_transparent = True": [
        "the film is transparent in the file; frames show the world behind"
    ],
    "scene.view_layers.new('other')": ["only view layer 'ViewLayer' is rendered, of 2"],
    "group_of(cube, 'front'); scene.view_layers.new('other'); "
    "layer.layer_collection.children['front'].exclude = True": [
        "WARNING only view layer 'ViewLayer' is rendered, of 2; it leaves out 'front'"
    ],
    "scene.render.frame_map_new = 200": [
        "time remapping is switched off; frames are the scene's own"
    ],
    "scene.frame_step = 2": [
        "the scene's step of 2 frames is left out; every frame is rendered"
    ],
    "layer.use_volumes = False": [
        "view layer 'ViewLayer' has no volumes; so have frames"
    ],
    "scene.render.use_border = scene.render.use_freestyle = True": [
        "switched off Freestyle",
        "the file's render region is switched off; the whole picture is rendered",
    ],
    "scene.compositing_node_group = bpy.data.node_groups.new('c', "
    "'CompositorNodeTree')": ["switched off the compositor"],
    "scene.sequence_editor_create()": [],
    "scene.sequence_editor_create().strips.new_effect(name='s', type='COLOR', "
    "channel=1, frame_start=1, length=5)": ["switched off the sequencer"],
    "bpy.ops.object.grease_pencil_add(type='STROKE')": [
        "left out, as it has no depth: grease pencil 'Stroke'"
    ],
}


def test_each_kind_is_told_in_a_sentence(in_blender):
    answer = in_blender(
        SCENE
        + """
bpy.ops.wm.save_as_mainfile(filepath=str(Path("plain.blend").absolute()))
for change in json.loads(sys.argv[2]):
    bpy.ops.wm.open_mainfile(filepath=str(Path("plain.blend").absolute()))
    scene, layer = bpy.context.scene, bpy.context.view_layer
    cube, lamp = bpy.data.objects["Cube"], bpy.data.objects["Light"]
    exec(change)
    answer[change] = found()
""",
        json.dumps(list(KINDS)),
    )
    for change, expected in KINDS.items():
        told = [f"{'WARNING ' * is_bad}{text}" for text, is_bad in answer[change]]
        assert told == expected, change


def test_panels_show_notes_that_keep_up_with_the_scene(in_blender):
    answer = in_blender(
        SCENE
        + """
def labels(panel):
    return " ".join(x["label"] for x in drawn(panel) if "label" in x)

import time
for panel in ("DUAL_PIXEL_PT_image_preview", "DUAL_PIXEL_PT_dataset"):
    scene.view_settings.exposure = 0
    time.sleep(0.5)
    answer[panel] = [labels(panel)]
    scene.view_settings.exposure = 1.5
    time.sleep(0.5)
    answer[panel].append(labels(panel))
""",
    )
    for before, after in answer.values():
        assert "stops of exposure" not in before
        assert "Light is multiplied by 1.5 stops of exposure" in after


# The pipeline names the file first; region and frames it looks at elsewhere.
ONLY_IN_ADDON = ("switched off ", "the scene's step ", "the file's render region ")


def test_the_pipeline_tells_the_same_in_the_same_words(in_blender):
    answer = in_blender(
        SCENE
        + """
sys.path.insert(0, sys.argv[3])
from blender_scenes.colour import colour_space_notes, view_exposure, view_notes
from blender_scenes.one_surface import settle_scene
from blender_scenes.render_settings import prepare_scene
from blender_scenes.spec import RenderSpec

def told_by_pipeline():
    render = RenderSpec(width=512, height=288)
    exposures = {1: view_exposure(scene, render)}
    told = [*colour_space_notes(), *view_notes(scene, exposures, render)]
    told += prepare_scene(scene, render, "CPU", 0)
    return [[note.message, note.is_warning] for note in [*told, *settle_scene(scene)]]

bpy.ops.wm.save_as_mainfile(filepath=str(Path("plain.blend").absolute()))
for change in json.loads(sys.argv[2]):
    bpy.ops.wm.open_mainfile(filepath=str(Path("plain.blend").absolute()))
    scene, layer = bpy.context.scene, bpy.context.view_layer
    cube, lamp = bpy.data.objects["Cube"], bpy.data.objects["Light"]
    exec(change)
    answer[change] = found(), told_by_pipeline()
""",
        # It has nothing to say of lamps that are not rendered; the pipeline has.
        json.dumps([change for change in KINDS if "hide_render" not in change]),
        ROOT,
    )
    for change, (ours, theirs) in answer.items():
        told = [x for x in ours if not x[0].startswith(ONLY_IN_ADDON)]
        assert sorted(told) == sorted(theirs), change
