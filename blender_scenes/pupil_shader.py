"""The OSL camera that looks through every point of a pupil, as text; no bpy."""

from __future__ import annotations

from dp_model.psf import RampDiskPsf
from dp_model.pupil import PROFILE_RINGS, PupilPsf, light_by_ring, pupil_reach

PARAMETERS = (
    "side",
    "pupil_radius",
    "focus_distance",
    "clip_start",
    "focal_px",
    "centre_column",
    "centre_row",
    "width",
    "height",
)
"""What can be set without compiling again; lengths are Blender units and pixels."""


def shader_text(psf: PupilPsf) -> str:
    """Return the OSL source of a camera whose pupil passes light as the PSF says.

    Rays are spread over the pupil as the combined light is, so that every ray weighs
    the same in the combined picture; the parameter ``side`` (-1 left, 0 both, 1
    right) puts the view's ramp into the throughput. So with one seed, left and right
    add up to twice the combined picture, ray by ray.

    Camera space has x to the right, y up, z forward, as seen from behind the camera.
    A pixel sees one point of the focus plane through all of the pupil.

    Examples
    --------
    >>> "half_chord" in shader_text(RampDiskPsf())
    True
    """
    return _SHADER.replace("SAMPLE_THE_PUPIL", _pupil_code(psf).strip())


def _pupil_code(psf: PupilPsf) -> str:
    """Return OSL that sets x, y (in pupil radii) and ramp from the numbers a and b."""
    if isinstance(psf, RampDiskPsf):
        return _RAMP_DISK
    light = ", ".join(f"{share:.9g}" for share in light_by_ring(psf))
    return (
        _RADIAL.replace("LIGHT", light)
        .replace("EDGES", str(PROFILE_RINGS + 1))
        .replace("RINGS", str(PROFILE_RINGS))
        .replace("REACH", f"{pupil_reach(psf):.9g}")
    )


# Two reserved words of OSL that look like good names: u, P.
_SHADER = """
shader pupil(
    int side = 0,
    float pupil_radius = 0.0,
    float focus_distance = 1.0,
    float clip_start = 0.0,
    float focal_px = 1.0,
    float centre_column = 0.0,
    float centre_row = 0.0,
    float width = 1.0,
    float height = 1.0,
    output point position = 0.0,
    output vector direction = 0.0,
    output color throughput = 1.0)
{
    point raster = camera_shader_raster_position();
    vector chief = vector(
        (raster[0] * width - centre_column) / focal_px,
        (raster[1] * height - (height - centre_row)) / focal_px,
        1.0);

    vector random_pair = camera_shader_random_sample();
    float a = random_pair[0];
    float b = random_pair[1];
    float x = 0.0;
    float y = 0.0;
    float ramp = 0.0;
    SAMPLE_THE_PUPIL

    position = point(x * pupil_radius, y * pupil_radius, 0.0);
    direction = normalize(chief * focus_distance - position);
    position += direction * (clip_start / direction[2]);
    throughput = color(1.0 + side * ramp);
}
"""

# The table holds the light inside equal steps of radius; inside a step it is even.
_RADIAL = """
    float light[EDGES] = { LIGHT };
    int inner = 0;
    int outer = RINGS;
    while (outer - inner > 1) {
        int middle = (inner + outer) / 2;
        if (light[middle] <= a)
            inner = middle;
        else
            outer = middle;
    }
    float within = (a - light[inner]) / max(light[outer] - light[inner], 1e-20);
    within = clamp(within, 0.0, 1.0);
    float squared = mix(float(inner * inner), float(outer * outer), within);
    float rho = sqrt(squared) * (REACH / float(RINGS));
    x = rho * cos(M_2PI * b);
    y = rho * sin(M_2PI * b);
    ramp = clamp(x, -1.0, 1.0);
"""

# Height by the inverse of 1/2 + 3/4 y - 1/4 y^3, the light below it; then evenly
# along the chord.
_RAMP_DISK = """
    y = 2.0 * sin(asin(clamp(2.0 * a - 1.0, -1.0, 1.0)) / 3.0);
    float half_chord = sqrt(max(1.0 - y * y, 0.0));
    ramp = 2.0 * b - 1.0;
    x = half_chord * ramp;
"""
