#!/bin/sh
# OpenCV reads an EXR whose only channel is Z as an image of zeros.
#
# One would expect: the depth, or None as for a file that OpenCV cannot read.  Z is the
#   EXR format's own name for depth.
# What happens: cv2.imread returns a float32 array of the right shape, every value 0,
#   with no error and no warning.  The same values in a channel named Y are read right;
#   in one named D the answer is None.
# Versions: opencv-python-headless 4.11.0.86 and 4.14.0.94, with EXR reading switched on
#   as OpenCV asks for.  The wheel of 5.0.0.93 has no EXR at all.
# Output seen: see the last lines of this file.
# Why it matters: an RGB-D or dual-pixel data set stores depth as Z; a loader built on
#   OpenCV takes the whole scene for distance 0, and a mask of "depth > 0" drops it all.
# Way around: name the channel Y when writing, or read Z with the OpenEXR package.
# Known upstream: opencv issue 22592 (open when looked up).
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
"${PYTHON:-python3}" -m venv "$dir/env"
"$dir/env/bin/pip" install --quiet --quiet OpenEXR==3.5.3 numpy==2.4.6

for version in 4.11.0.86 4.14.0.94; do
    "$dir/env/bin/pip" install --quiet --quiet --no-deps "opencv-python-headless==$version"
    "$dir/env/bin/python" - "$dir" <<'PYTHON'
import os
import sys

os.environ["OPENCV_IO_ENABLE_OPENEXR"] = "1"  # read when cv2 is imported

import cv2
import numpy as np
import OpenEXR

depth = np.linspace(1, 5, 24 * 32, dtype=np.float32).reshape(24, 32)
seen = {}
for name in ("Z", "Y", "D"):
    path = f"{sys.argv[1]}/{name}.exr"
    OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION}, {name: depth}).write(path)
    with OpenEXR.File(path) as file:
        stored = file.channels()[name].pixels
    if not np.array_equal(stored, depth):
        sys.exit(f"OpenEXR did not store {name} as given: the premise is gone")
    seen[name] = image = cv2.imread(path, cv2.IMREAD_UNCHANGED)
    told = "None" if image is None else f"{image.dtype} {image.min()} to {image.max()}"
    print(f"OpenCV {cv2.__version__}: channel {name} of 1.0 to 5.0 read as {told}")

if seen["Y"] is None or not np.array_equal(seen["Y"], depth):
    sys.exit("changed: channel Y is no longer read right")
if seen["Z"] is None or seen["Z"].shape != depth.shape or seen["Z"].any():
    sys.exit("changed: channel Z is no longer read as zeros")
if seen["D"] is not None:
    sys.exit("changed: channel D is no longer refused")
PYTHON
done

# OpenCV 4.11.0: channel Z of 1.0 to 5.0 read as float32 0.0 to 0.0
# OpenCV 4.11.0: channel Y of 1.0 to 5.0 read as float32 1.0 to 5.0
# OpenCV 4.11.0: channel D of 1.0 to 5.0 read as None
# and the same three lines for 4.14.0
