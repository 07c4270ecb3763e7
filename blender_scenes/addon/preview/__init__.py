"""The preview: a frame rendered in a child Blender, as the sensor sees it."""

# SPDX-License-Identifier: GPL-3.0-or-later
