#!/bin/sh
# scikit-image's Richardson-Lucy does not converge for a kernel of even size.
#
# One would expect: more iterations bring the estimate closer to the sharp picture, as
#   they do for an odd kernel; and one rule for where a kernel's centre lies, shared
#   with `wiener` of the same module.
# What happens: `richardson_lucy` puts the centre of an even kernel at k // 2 - 1,
#   `wiener` at k // 2, and the step that goes back with the mirrored kernel uses
#   k // 2 - 1 again, one pixel away from the adjoint.  So with either centre the error
#   *grows* with the iterations, with no warning.
# Versions: scikit-image 0.26.0, NumPy 2.4.6, SciPy 1.17.1.
# Output seen (a smooth random picture blurred by a 6 x 6 Gaussian, no noise; RMS error
#   away from the borders; centre = where the blur puts the kernel's centre):
#     blurred picture itself                    0.054
#     even kernel, centre 2: richardson_lucy    0.047 after 10, 0.192 after 100
#     even kernel, centre 3: richardson_lucy    0.082 after 10, 0.215 after 100
#     padded to 7 x 7, centre 3                 0.024 after 10, 0.009 after 100
#     wiener, even kernel: centre 2             0.083
#     wiener, even kernel: centre 3             0.009
# Why it matters: half-pupil kernels come in even sizes as naturally as in odd ones; a
#   pixel's offset between two deconvolutions is as large as a disparity.
# Way around: pad the kernel with a row and a column of zeros to an odd size, at the end
#   for a centre of k // 2, at the front for k // 2 - 1.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
"${PYTHON:-python3}" -m venv "$dir/env"
"$dir/env/bin/pip" install --quiet --quiet scikit-image==0.26.0 numpy==2.4.6 scipy==1.17.1

"$dir/env/bin/python" - <<'PYTHON'
import sys

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.restoration import richardson_lucy, wiener

sharp = gaussian_filter(np.random.default_rng(0).random((96, 96)), 1.2, mode="wrap")
sharp = 0.1 + 0.8 * (sharp - sharp.min()) / np.ptp(sharp)
size = 6
across = np.arange(size) - (size - 1) / 2
kernel = np.exp(-(across[:, None] ** 2 + across**2) / (2 * 1.2**2))
kernel /= kernel.sum()
padded = np.pad(kernel, ((0, 1), (0, 1)))


def blurred(centre):
    """Return the circular convolution with the kernel's pixel `centre` as origin."""
    return sum(
        kernel[row, column] * np.roll(sharp, (row - centre, column - centre), (0, 1))
        for row in range(size)
        for column in range(size)
    )


def error(image):
    return float(np.sqrt(np.mean((image - sharp)[20:-20, 20:-20] ** 2)))


def lucy(centre, psf):
    image = blurred(centre)
    few, many = (error(richardson_lucy(image, psf, num_iter=n)) for n in (10, 100))
    print(f"richardson_lucy {psf.shape}, centre {centre}: {few:.3f} (10), {many:.3f} (100)")
    return few, many


print(f"blurred: {error(blurred(2)):.3f}")
worse = [lucy(2, kernel), lucy(3, kernel)]
better = lucy(3, padded)
wieners = [error(wiener(blurred(centre), kernel, 1e-3)) for centre in (2, 3)]
print(f"wiener {kernel.shape}: centre 2 {wieners[0]:.3f}, centre 3 {wieners[1]:.3f}")
if not all(many > 2 * few for few, many in worse):
    sys.exit("changed: the error no longer grows with the iterations for an even kernel")
if not better[1] < better[0] < 0.03:
    sys.exit("changed: the padded kernel no longer converges")
if not wieners[1] < 0.02 < 0.06 < wieners[0]:
    sys.exit("changed: wiener no longer takes k // 2 as the centre")
PYTHON
