"""Meshes as plain arrays, and their way into Blender."""
