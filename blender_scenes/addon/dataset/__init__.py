"""From the open scene to a data set: the pipeline, started and followed in Blender."""

# SPDX-License-Identifier: GPL-3.0-or-later
