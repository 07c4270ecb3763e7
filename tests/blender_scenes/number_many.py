"""Numbers and labels many objects; runs in a child with bpy, prints what it found.

Nothing may ask an object for its collections, which looks through all of them.
Usage: ``python number_many.py OBJECTS LARGEST_PASS_INDEX``.
"""

import json
import sys
from collections import Counter

import bpy

from blender_scenes import instances, user_labels

COUNT, LARGEST = map(int, sys.argv[1:])
NAMES_LOOKED_AT = Counter()


def refuse(thing):
    raise AssertionError(f"{thing.name} was asked for its collections")


def count_names(name):
    NAMES_LOOKED_AT[name] += 1
    return label_of_name(name)


bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
mesh = bpy.data.meshes.new("shared")
cars = bpy.data.collections.new("Car")
parts = bpy.data.collections.new("parts")
scene.collection.children.link(cars)
cars.children.link(parts)
for number in range(COUNT):
    thing = bpy.data.objects.new(f"o{number:06d}", mesh)
    # The last tenth are cars.
    (parts if number >= COUNT - COUNT // 10 else scene.collection).objects.link(thing)

bpy.types.Object.users_collection = property(refuse)
label_of_name = user_labels.label_of_name
user_labels.label_of_name = count_names
instances.LARGEST_PASS_INDEX = LARGEST
table = instances.number_objects(user_labels.user_labels())
indices = Counter(thing.pass_index for thing in bpy.data.objects)
found = {
    "labels": Counter(one.label for one in table.instances),
    "indices": indices.most_common(2),
    "names_looked_at": NAMES_LOOKED_AT,
    "notes": [note.described() for note in table.notes],
}
sys.stdout.write(json.dumps(found) + "\n")
