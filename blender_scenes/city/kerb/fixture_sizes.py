"""How much ground each kind of street furniture takes; no bpy.

Walls, fences, hedges and grass are segments: set in a row at twice their half
length they make one line without gaps, since no post stands at a segment's end.
"""

from __future__ import annotations

FIXTURE_VARIANTS = 3
# Half sizes across and along the kerb, metres, of the part that stands on the
# ground or reaches below head height.
HALF_SIZE_M = {
    # At the kerb.
    "lamp": (0.3, 0.2),
    "sign": (0.2, 0.34),
    "order_sign": (0.2, 0.34),
    "crossing_sign": (0.2, 0.34),
    "name_sign": (0.2, 0.34),
    "direction_sign": (0.75, 0.2),
    "bus_stop": (0.3, 0.3),
    "traffic_light": (0.25, 0.25),
    "mast_light": (0.25, 0.25),
    "utility_pole": (0.25, 0.25),
    "clock": (0.3, 0.3),
    "bin": (0.28, 0.28),
    "bollards": (0.2, 2.3),
    "railing": (0.06, 2.1),
    "bicycle_rack": (0.92, 1.9),
    "scooters": (0.55, 0.85),
    "motorcycle": (0.55, 1.12),
    "bench": (0.35, 0.95),
    "cabinet": (0.25, 0.62),
    "meter": (0.14, 0.18),
    "post_box": (0.3, 0.3),
    "hydrant": (0.2, 0.2),
    "planter": (0.35, 0.85),
    "shelter": (0.75, 2.1),
    "city_light": (0.2, 0.72),
    "advert_column": (0.68, 0.68),
    "recycling": (0.6, 1.85),
    "tree": (0.5, 0.5),
    "grass_strip": (0.45, 1.5),
    "flower_bed": (0.5, 1.0),
    # At the façades.
    "cafe_table": (0.55, 0.85),
    "flower_pot": (0.32, 0.32),
    "wheelie_bins": (0.4, 1.05),
    "rubbish_bags": (0.5, 0.68),
    "sandwich_board": (0.35, 0.35),
    # Along gardens, yards and empty lots.
    "hedge": (0.4, 1.5),
    "garden_wall": (0.2, 1.5),
    "iron_fence": (0.1, 1.5),
    "picket_fence": (0.1, 1.5),
    "chain_link_fence": (0.1, 1.5),
    "gate": (0.2, 1.5),
    "guard_rail": (0.2, 2.0),
    # On the road or in a parking place.
    "cone": (0.2, 0.2),
    "barrier": (0.3, 0.8),
    "works_sign": (0.45, 0.32),
    "gravel_heap": (0.8, 1.1),
    "roadworks": (1.15, 2.7),
    "skip": (0.95, 1.85),
}
# These look along the street, at the traffic of their own side: their own x lies
# across the kerb. All others look at the road.
FACES_TRAFFIC = frozenset(
    {
        "sign",
        "order_sign",
        "crossing_sign",
        "name_sign",
        "direction_sign",
        "bus_stop",
        "traffic_light",
        "mast_light",
        "utility_pole",
        "works_sign",
        "motorcycle",
    }
)
