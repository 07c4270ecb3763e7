"""The Image Editor's sidebar tab: the preview's views, flip, wipe and read-out."""

# SPDX-License-Identifier: GPL-3.0-or-later
