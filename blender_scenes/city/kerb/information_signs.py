"""Meshes of street names, direction boards and bus stops; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.signs import (
    BLACK,
    BLUE,
    GREEN,
    RED,
    WHITE,
    YELLOW,
    SignFace,
    arrow,
    circle,
    rectangle,
    sign_post,
)
from blender_scenes.city.shapes.alphabet import text_width_m
from blender_scenes.city.shapes.mesh import MeshBuilder, placement
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import box, boxes, tube

_NAMES = ("MARKET", "LINDEN", "MILL", "CHURCH", "STATION", "GARDEN", "BRIDGE", "KING")
_WAYS = ("STREET", "LANE", "ROAD", "SQUARE")
_PLACES = ("CENTRE", "HARBOUR", "AIRPORT", "MUSEUM", "STADIUM", "NORTH", "OLD TOWN")


def _name_sign(look: Look) -> list[Part]:
    """Return a post with two street names at right angles."""
    post, plates = sign_post(2.9), MeshBuilder()
    rgb, ink = ((BLUE, WHITE), (WHITE, BLACK), (GREEN, WHITE))[look.variant]
    for z, heading in ((2.62, 0.0), (2.84, np.pi / 2)):
        name = f"{look.rng.choice(_NAMES)} {look.rng.choice(_WAYS)}"
        half = 0.5 * text_width_m(name, 0.09) + 0.07
        for side in (0.0, np.pi):
            face = SignFace(z)
            face.figure(rectangle(-half, half, -0.085, 0.085), ink, -11)
            inner = rectangle(0.012 - half, half - 0.012, -0.073, 0.073)
            face.figure(inner, rgb, -10)
            face.text(name, 0.09, (0.0, 0.0), ink, -9)
            turn = placement(half + 0.03, 0.0, heading_rad=0.0)
            turn = placement(heading_rad=heading) @ turn @ placement(heading_rad=side)
            plates.add_mesh(face.builder.mesh(), turn)
        grip = box((-0.04, 0.06), (-0.04, 0.04), (z - 0.03, z + 0.03))
        plates.add(grip, "steel")
    return [part("Pole", post), part("TrafficSign", plates)]


def _direction_sign(look: Look) -> list[Part]:
    """Return a board on two posts: places, arrows, and how far they are."""
    posts = MeshBuilder()
    for x in (-0.6, 0.6):
        posts.add(
            tube([(x, 0, -0.01), (x, 0, 3.5)], 0.045, sides=12), "steel", smooth=True
        )
    face = SignFace(2.85)
    rgb, ink = ((BLUE, WHITE), (YELLOW, BLACK), (GREEN, WHITE))[look.variant]
    face.back(rectangle(-1.0, 1.0, -0.62, 0.62))
    face.figure(rectangle(-1.0, 1.0, -0.62, 0.62), ink, 0)
    face.figure(rectangle(-0.97, 0.97, -0.59, 0.59), rgb, 1)
    places = look.rng.permutation(_PLACES)[:3]
    for place, z in zip(places, (0.38, 0.0, -0.38), strict=True):
        x = 0.5 * text_width_m(str(place), 0.15) - 0.55
        face.text(str(place), 0.15, (x, z), ink, 2)
        face.text(str(look.rng.integers(1, 9)), 0.15, (0.82, z), ink, 2)
        turn = float(look.rng.choice((0.0, np.pi / 2, np.pi)))
        spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        face.figure(arrow(0.26, 0.16) @ spin + (-0.78, z), ink, 2)
    for z in (-0.19, 0.19):
        face.figure(rectangle(-0.93, 0.93, z - 0.008, z + 0.008), ink, 2)
    return [part("Pole", posts), part("TrafficSign", face.builder)]


def _bus_stop(look: Look) -> list[Part]:
    """Return the post of a bus stop with its flag and a timetable in a box."""
    post = sign_post(2.9, 0.035)
    frame = box((-0.17, 0.17), (-0.075, -0.035), (1.2, 1.72))
    post.add(frame, "painted", (0.12, 0.13, 0.14))
    post.add(box((-0.15, 0.15), (-0.077, -0.075), (1.22, 1.7)), "enamel", WHITE)
    ruled = [(0.0, -0.078, z) for z in np.arange(1.26, 1.62, 0.02)]
    post.add(boxes(ruled, (0.26, 0.002, 0.007)), "enamel", (0.1, 0.1, 0.12))
    face = SignFace(2.62)
    rgb, ink = ((YELLOW, GREEN), (RED, WHITE), (BLUE, WHITE))[look.variant]
    for side in (0.0, np.pi):
        half = SignFace(2.62)
        half.figure(rectangle(-0.26, 0.26, -0.24, 0.24), rgb, -11)
        half.figure(circle(0.17), ink, -10)
        half.text(
            "H" if look.variant == 0 else "BUS",
            0.16 - 0.07 * (look.variant > 0),
            (0, 0),
            rgb,
            -9,
        )
        half.figure(rectangle(-0.26, 0.26, -0.38, -0.25), WHITE, -11)
        half.text(
            f"{look.rng.integers(10, 99)} {look.rng.integers(100, 999)}",
            0.08,
            (0.0, -0.315),
            BLACK,
            -10,
        )
        turn = placement(0.3, 0.0) @ placement(heading_rad=side)
        face.builder.add_mesh(half.builder.mesh(), turn)
    return [part("Pole", post), part("TrafficSign", face.builder)]


KINDS: dict[str, Maker] = {
    "name_sign": _name_sign,
    "direction_sign": _direction_sign,
    "bus_stop": _bus_stop,
}
