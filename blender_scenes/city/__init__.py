"""The procedural street: planned from a seed, modelled as arrays, built in Blender."""
