#!/bin/sh
# prysm: moving the image plane out of focus with `free_space` changes nothing.
#
# One would expect: `Wavefront.focus(efl)`, then `free_space(dz)`, to give the blurred
#   point spread function dz millimetres behind the focus.
# What happens: `focus` returns a wavefront that says it lies in PSF space, where its
#   sample step `dx` is in micrometres; `free_space` takes `dx` for millimetres whatever
#   the space is.  The samples seem a thousand times as far apart, and the function that
#   comes back is the one in focus, to nine digits, without a warning.
# Versions: prysm 0.21.1, NumPy 2.4.6, SciPy 1.17.1.
# Output seen: peak relative to focus, f = 100 mm, pupil of 5 mm (f/20), 0.55 um
#     defocus   free_space as is   with dx in mm   same defocus as a pupil phase
#      0.5 mm        1.000             0.761                 0.761
#      1.0 mm        1.000             0.300                 0.300
#      2.0 mm        1.000             0.034                 0.034
# Why it matters: kernels of a dual-pixel sensor are nothing but defocus; a reference
#   made this way is a point at every depth, and its two halves show no disparity.
# Way around: put the defocus into the pupil's phase before `focus`; or rebuild the
#   wavefront with its dx divided by 1000 before `free_space`.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
"${PYTHON:-python3}" -m venv "$dir/env"
"$dir/env/bin/pip" install --quiet --quiet prysm==0.21.1 numpy==2.4.6 scipy==1.17.1

"$dir/env/bin/python" - <<'PYTHON'
import sys

import numpy as np
from prysm.coordinates import cart_to_polar, make_xy_grid
from prysm.geometry import circle
from prysm.propagation import Wavefront

EFL, WAVELENGTH, RADIUS = 100.0, 0.55, 2.5  # mm, um, mm
x, y = make_xy_grid(512, diameter=8.0)
r, _ = cart_to_polar(x, y)
step = float(x[0, 1] - x[0, 0])
pupil = circle(RADIUS, r).astype(float)


def focused(phase_nm=None):
    wave = Wavefront.from_amp_and_phase(pupil, phase_nm, WAVELENGTH, step)
    return wave.focus(EFL, Q=4)


sharp = focused()
peak = (abs(sharp.data) ** 2).max()
if sharp.space != "psf":
    sys.exit("changed: focus no longer returns a wavefront in PSF space")
rescaled = Wavefront(sharp.data, WAVELENGTH, sharp.dx / 1e3, sharp.space)
rows = []
for dz in (0.5, 1.0, 2.0):
    phase_nm = -(r**2) * dz / (2 * EFL**2) * 1e6
    waves = sharp.free_space(dz=dz), rescaled.free_space(dz=dz), focused(phase_nm)
    rows.append([float((abs(wave.data) ** 2).max() / peak) for wave in waves])
    as_is, in_mm, by_phase = rows[-1]
    print(f"{dz} mm: as is {as_is:.3f}, dx in mm {in_mm:.3f}, pupil phase {by_phase:.3f}")

if any(abs(as_is - 1) > 1e-6 for as_is, _, _ in rows):
    sys.exit("changed: free_space after focus now changes the point spread function")
if any(abs(in_mm - by_phase) > 0.01 for _, in_mm, by_phase in rows) or rows[2][1] > 0.1:
    sys.exit("changed: dx in millimetres no longer gives the defocus of a pupil phase")
PYTHON
