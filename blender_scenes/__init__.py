"""Frames from Blender: all-in-focus colour with exact depth, labels and flow."""
