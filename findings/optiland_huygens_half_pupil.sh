#!/bin/sh
# Optiland: Huygens PSFs of the two halves of a pupil lie on top of each other.
#
# One would expect: with a stop that lets through only its left or its right half, the
#   two defocused PSFs of one field point to lie apart by the dual-pixel disparity, both
#   being arrays about the point where the chief ray meets the image.
# What happens: `HuygensPSF` centres each array on the mean of the rays that get through
#   *that* stop, so the disparity is taken out of the pixels; what is left is small and
#   has the other sign.  Where the window lies is in `cx`, `cy` (mm).  `MMDFTPSF` keeps
#   the disparity in its array.
# Versions: Optiland 0.6.3, NumPy 2.4.6, SciPy 1.17.1.
# Output seen: left minus right in um, singlet of 98 mm, pupil 5 mm, 1 mm behind focus
#     thin lens on paper        21.7   (8 R / 3 pi * defocus / image distance)
#     MMDFTPSF array            20.8
#     HuygensPSF array          -1.7
#     HuygensPSF array + cx     22.2
# Why it matters: kernels taken from such arrays blur as they should, but the views they
#   make have no disparity to learn from, and a sign check on them fails.
# Way around: add `cx` (and `cy`) of each half to its array's coordinates.  The step is
#   pixel_pitch * n / (n - 1), and an odd n puts a pixel on the centre.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
"${PYTHON:-python3}" -m venv "$dir/env"
"$dir/env/bin/pip" install --quiet --quiet optiland==0.6.3 numpy==2.4.6 scipy==1.17.1

"$dir/env/bin/python" -W ignore - <<'PYTHON'
import sys

import numpy as np
from optiland.optic import Optic
from optiland.physical_apertures import RectangularAperture
from optiland.psf import HuygensPSF, MMDFTPSF

PUPIL, DEFOCUS, SIZE, PITCH_UM = 5.0, 1.0, 129, 1.0


def singlet(left_edge, right_edge):
    """Return a lens whose stop is open between two x in mm, and its image distance."""
    half = RectangularAperture(left_edge, right_edge, -PUPIL, PUPIL)
    lens = Optic()
    lens.surfaces.add(index=0, thickness=np.inf)
    lens.surfaces.add(
        index=1, radius=60, thickness=2, material="N-BK7", is_stop=True, aperture=half
    )
    lens.surfaces.add(index=2, radius=-350, thickness=50)
    lens.surfaces.add(index=3)
    lens.set_aperture("EPD", PUPIL)
    lens.fields.set_type("angle")
    lens.fields.add(y=0)
    lens.wavelengths.add(0.55, is_primary=True)
    lens.updater.image_solve()
    distance = float(np.ravel(lens.surfaces.get_thickness(2))[0])
    lens.updater.set_thickness(distance + DEFOCUS, 2)
    return lens, distance


def mean_um(psf, step_um):
    """Return the mean column of an array about its middle, in micrometres."""
    columns = (np.arange(SIZE) - SIZE // 2) * step_um
    return float(psf.sum(axis=0) @ columns / psf.sum())


places = []
for edges in ((-PUPIL, 0), (0, PUPIL)):
    lens, distance = singlet(*edges)
    asked = {"num_rays": 64, "image_size": SIZE}
    huygens = HuygensPSF(lens, (0, 0), 0.55, pixel_pitch=PITCH_UM / 1e3, **asked)
    fourier = MMDFTPSF(lens, (0, 0), 0.55, pixel_pitch=PITCH_UM, **asked)
    inside = mean_um(huygens.psf, PITCH_UM * SIZE / (SIZE - 1))
    window = float(huygens.cx) * 1e3
    places.append((mean_um(fourier.psf, PITCH_UM), inside, inside + window))
paper = 8 * PUPIL / 2 / (3 * np.pi) * DEFOCUS / distance * 1e3
fourier, inside, placed = (left - right for left, right in zip(*places))
print(f"left minus right in um: paper {paper:.1f}, MMDFTPSF {fourier:.1f}, "
      f"HuygensPSF {inside:.1f}, with cx {placed:.1f}")
if abs(fourier - paper) > 0.1 * paper or abs(placed - paper) > 0.1 * paper:
    sys.exit("changed: MMDFTPSF, or HuygensPSF with cx, no longer holds the disparity")
if not -0.2 * paper < inside < 0:
    sys.exit("changed: the arrays of HuygensPSF now hold another disparity")
PYTHON
