"""EEVEE gives the colour only; the geometry stays that of Cycles."""

import numpy as np
import pytest

pytestmark = [pytest.mark.blender, pytest.mark.opengl]


@pytest.fixture(scope="module")
def eevee(render):
    rendered = render("motion", frame_range=(1, 1), engine="eevee")
    assert rendered.status == 0, rendered.log
    return rendered.frame(1)


def test_geometry_is_the_same_with_either_engine(render, eevee):
    cycles = render("motion", frame_range=(1, 1)).frame(1)
    np.testing.assert_array_equal(eevee.depth_m, cycles.depth_m)
    np.testing.assert_array_equal(eevee.instance, cycles.instance)
    np.testing.assert_array_equal(eevee.flow_px, cycles.flow_px)


def test_eevee_sees_the_same_picture(eevee):
    # The far wall glows with 0.3 in both engines.
    far = np.isfinite(eevee.depth_m) & (eevee.depth_m > 1e4)
    np.testing.assert_allclose(np.median(eevee.linear_rgb[far]), 0.3, rtol=0.01)
