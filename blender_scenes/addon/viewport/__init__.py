"""What the 3D View shows of the camera: its depth of field, and the blur as colours."""

# SPDX-License-Identifier: GPL-3.0-or-later
