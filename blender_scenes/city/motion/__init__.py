"""Paths, and their keyframes in Blender."""
