"""Façade grammar, letters and houses: arrays, checked without bpy."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_scenes.city.buildings.buildings import building_mesh, facade_zones
from blender_scenes.city.buildings.displays import display_kinds
from blender_scenes.city.buildings.facade_grammar import (
    Part,
    Repeat,
    column,
    row,
    zones,
)
from blender_scenes.city.buildings.facade_styles import STYLES, facade_style
from blender_scenes.city.buildings.roofs import ROOFS
from blender_scenes.city.buildings.shopfronts import (
    Shop,
    add_shop,
    shop_random,
    shop_rule,
)
from blender_scenes.city.plan import Building
from blender_scenes.city.shapes.alphabet import (
    CHARACTERS,
    flat_text,
    raised_text,
    text_strokes,
    text_width_m,
)
from blender_scenes.city.shapes.mesh import MeshBuilder

# Rectangles add up to about 1e2 m^2, in double precision.
AREA_TOLERANCE_M2 = 1e-6
FACES_BY_DETAIL = {2: 25_000, 1: 9_000, 0: 1_500}


def house(style="brick", *, seed=1, floors=4, ground_floor="home", **more):
    values = {
        "x_m": 0.0,
        "y_m": 0.0,
        "heading_rad": 0.0,
        "width_m": 13.0,
        "depth_m": 12.0,
        "roof": "parapet",
        "open_left": False,
        "open_right": False,
    }
    return Building(
        style=style, seed=seed, floors=floors, ground_floor=ground_floor,
        **(values | more),
    )  # fmt: skip


def areas_m2(rectangles):
    return (rectangles[:, 1] - rectangles[:, 0]) * (rectangles[:, 3] - rectangles[:, 2])


def overlap_m2(rectangles):
    """Return the largest area that two of the rectangles share."""
    worst = 0.0
    for a, b in itertools.combinations(rectangles, 2):
        across = min(a[1], b[1]) - max(a[0], b[0])
        up = min(a[3], b[3]) - max(a[2], b[2])
        worst = max(worst, max(across, 0.0) * max(up, 0.0))
    return worst


def style_of(plan):
    # The first draws of a house are those of its style.
    rng = np.random.default_rng([plan.seed, 5])
    return facade_style(plan.style, plan.ground_floor, rng)


def face_table(mesh):
    """Return the area-weighted normals (F, 3) and centres (F, 3) of the faces."""
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    normals, centres = [], []
    for start, size in zip(starts, mesh.face_sizes, strict=True):
        points = mesh.vertices[mesh.corners[start : start + size]].astype(float)
        normals.append(
            np.cross(points[1:-1] - points[0], points[2:] - points[0]).sum(0) / 2
        )
        centres.append(points.mean(axis=0))
    return np.array(normals), np.array(centres)


sizes_m = st.floats(0.05, 5.0)
leaves = st.sampled_from(["wall", "window", "door"])


def splits(rules):
    parts = st.lists(
        st.builds(Part, sizes_m, rules, st.booleans()), min_size=1, max_size=4
    ).map(lambda parts: (*parts, Part(1.0, "wall", stretches=True)))
    cuts = st.sampled_from([row, column])
    split = st.builds(lambda cut, parts: cut(*parts), cuts, parts)
    repeat = st.builds(
        Repeat,
        st.sampled_from(["x", "z"]),
        st.floats(0.8, 6.0),
        st.tuples(rules, rules),
    )
    return split | repeat


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(leaves, splits, max_leaves=6), st.floats(1.0, 12.0), st.floats(1.0, 9)
)
def test_zones_of_any_rule_fill_the_area_without_overlap(rule, width_m, height_m):
    cut = np.concatenate(
        list(zones(rule, (-1.0, width_m - 1.0, 0.0, height_m)).values())
    )
    assert areas_m2(cut).sum() == pytest.approx(
        width_m * height_m, abs=AREA_TOLERANCE_M2 * len(cut) + 1e-4
    )
    assert cut[:, 0].min() >= -1.0 - 1e-9
    assert cut[:, 1].max() <= width_m - 1.0 + 1e-9
    assert overlap_m2(cut[:80]) < AREA_TOLERANCE_M2


def test_stretching_parts_share_what_the_others_leave():
    rule = row(Part(1.0, "a"), Part(1.0, "b", True), Part(3.0, "c", True))
    cut = zones(rule, (0.0, 9.0, 0.0, 1.0))
    assert cut["a"].tolist() == [[0.0, 1.0, 0.0, 1.0]]
    assert cut["b"].tolist() == [[1.0, 3.0, 0.0, 1.0]]
    assert cut["c"].tolist() == [[3.0, 9.0, 0.0, 1.0]]


def test_a_split_that_leaves_a_gap_is_refused():
    with pytest.raises(ValueError, match="do not fill"):
        zones(row(Part(1.0, "a"), Part(1.0, "b")), (0.0, 3.0, 0.0, 1.0))


@pytest.mark.parametrize("ground_floor", ["home", "shop"])
@pytest.mark.parametrize("style", STYLES)
def test_facade_zones_fill_the_facade_and_windows_stand_on_their_storeys(
    style, ground_floor
):
    for seed in range(4):
        plan = house(style, seed=seed, floors=5, ground_floor=ground_floor)
        look = style_of(plan)
        cut = facade_zones(plan, look)
        every = np.concatenate(list(cut.values()))
        eaves = look.eaves_m(plan.floors)
        assert areas_m2(every).sum() == pytest.approx(plan.width_m * eaves, abs=1e-4)
        assert overlap_m2(every) < AREA_TOLERANCE_M2
        windows = cut["window"]
        assert (windows[:, 2] > look.ground_floor_m).all()
        assert (windows[:, 3] < eaves - 0.25).all()
        assert (np.abs(windows[:, :2]) < plan.width_m / 2).all()
        assert len(np.unique(np.round(windows[:, 2], 3))) == plan.floors - 1
        assert ("shop" in cut) == (ground_floor == "shop")


@pytest.mark.parametrize("style", STYLES)
def test_nobody_looks_through_a_front(style):
    """What faces the street covers the whole façade: each ray from there hits it."""
    for seed in range(3):
        plan = house(style, seed=seed, ground_floor=("home", "shop")[seed % 2])
        mesh = building_mesh(plan)
        normal, _ = face_table(mesh)
        starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
        # Upright rectangles that look at the street: walls, panes, backs of rooms.
        faces = np.flatnonzero(
            (normal[:, 1] < 0)
            & (np.abs(normal[:, 1]) > 0.99 * np.linalg.norm(normal, axis=1))
            & (mesh.face_sizes >= 4)
        )
        corners = [
            mesh.vertices[mesh.corners[starts[f] : starts[f] + mesh.face_sizes[f]]]
            for f in faces
        ]
        boxes = np.array(
            [
                (c[:, 0].min(), c[:, 0].max(), c[:, 2].min(), c[:, 2].max())
                for c in corners
            ]
        )
        eaves = style_of(plan).eaves_m(plan.floors)
        rng = np.random.default_rng(seed)
        x = rng.uniform(-plan.width_m / 2 + 0.01, plan.width_m / 2 - 0.01, 1500)
        z = rng.uniform(0.01, eaves - 0.01, 1500)
        hit = (
            (boxes[:, None, 0] <= x + 1e-4)
            & (x - 1e-4 <= boxes[:, None, 1])
            & (boxes[:, None, 2] <= z + 1e-4)
            & (z - 1e-4 <= boxes[:, None, 3])
        ).any(axis=0)
        assert hit.all()


@pytest.mark.parametrize("detail", [2, 1, 0])
@pytest.mark.parametrize("style", STYLES)
def test_houses_keep_to_their_face_budget(style, detail):
    for seed, roof in enumerate(ROOFS):
        plan = house(
            style, seed=seed, floors=5, ground_floor="shop", roof=roof,
            width_m=15.0, open_left=True,
        )  # fmt: skip
        assert len(building_mesh(plan, detail).face_sizes) < FACES_BY_DETAIL[detail]


@pytest.mark.parametrize("style", ["office", "panel", "glass"])
def test_towers_on_the_skyline_are_cheap(style):
    for seed in range(3):
        plan = house(
            style, seed=seed, floors=16, width_m=24.0, depth_m=16.0,
            open_left=True, open_right=True,
        )  # fmt: skip
        assert len(building_mesh(plan, 0).face_sizes) < FACES_BY_DETAIL[0]


def test_far_and_near_houses_have_the_same_size_and_colour():
    for style in STYLES:
        plan = house(style, seed=3, roof="hip")
        near, far = building_mesh(plan, 2), building_mesh(plan, 0)
        assert near.extent_m[0] == pytest.approx(far.extent_m[0], abs=0.9)
        assert style_of(plan).wall[0] in near.materials
        assert style_of(plan).wall[0] in far.materials


def test_same_seed_same_mesh_and_another_seed_another_one():
    first, again, other = (building_mesh(house(seed=s)) for s in (5, 5, 6))
    assert np.array_equal(first.vertices, again.vertices)
    assert np.array_equal(first.tint, again.tint)
    assert first.vertices.shape != other.vertices.shape


def test_every_style_differs_from_the_others_on_the_street():
    looks = {(style_of(house(s)).wall, style_of(house(s)).bay_m) for s in STYLES}
    assert len(looks) == len(STYLES)


def test_unknown_styles_and_roofs_are_refused():
    with pytest.raises(KeyError):
        building_mesh(house("igloo"))
    with pytest.raises(KeyError):
        building_mesh(house(roof="thatch"))


@pytest.mark.parametrize("kind", [*display_kinds(), "closed"])
def test_shop_windows_show_goods_within_the_house(kind):
    drawn = shop_random(np.random.default_rng(2))
    shop = Shop(**(vars(drawn) | {"kind": kind}))
    area = (0.0, 5.4, 0.0, 3.9)
    cut = zones(shop_rule(shop, 3.9), area)
    assert areas_m2(np.concatenate(list(cut.values()))).sum() == pytest.approx(
        5.4 * 3.9
    )
    builder = MeshBuilder()
    add_shop(builder, area, shop, 2)
    mesh = builder.mesh()
    depth_m = mesh.vertices[:, 1].max()
    assert depth_m < 4.0
    if kind != "closed":
        assert depth_m > 0.9
        assert {"shop_room", "sign_lit"} <= set(mesh.materials)


def letter_bitmap(letter):
    """Return which of 12 by 18 points of a letter's cell its strokes cover."""
    strokes = text_strokes(letter, 1.0)
    x, z = np.meshgrid(np.linspace(0.02, 0.645, 12), np.linspace(0.02, 0.98, 18))
    points = np.stack([x.ravel(), z.ravel()], axis=1)
    inside = np.zeros(len(points), bool)
    for quad in strokes:
        edge = np.roll(quad, -1, axis=0) - quad
        to = points[None] - quad[:, None]
        turn = edge[:, None, 0] * to[..., 1] - edge[:, None, 1] * to[..., 0]
        inside |= (turn >= 0).all(axis=0)
    return inside


def test_letters_keep_to_their_cell_and_no_two_look_alike():
    bitmaps = {letter: letter_bitmap(letter) for letter in CHARACTERS.strip()}
    for letter, bitmap in bitmaps.items():
        strokes = text_strokes(letter, 1.0)
        assert strokes.min() > -0.07
        assert strokes[..., 0].max() < 4 / 6 + 0.07
        assert strokes[..., 1].max() < 1.07
        assert 25 < bitmap.sum() < 150
    for one, other in itertools.combinations(bitmaps, 2):
        assert (bitmaps[one] != bitmaps[other]).sum() >= 6, (one, other)


def test_letters_are_not_mirrored():
    # The bowl of a P is on the right and above the middle.
    bitmap = letter_bitmap("P").reshape(18, 12)
    assert bitmap[:, :2].sum() > bitmap[:, -2:].sum()
    assert bitmap[10:, 6:].sum() > bitmap[:8, 6:].sum()


def test_text_is_as_wide_as_it_says_and_faces_the_street():
    strokes = text_strokes("HOTEL 27", 0.3)
    assert np.ptp(strokes[..., 0]) == pytest.approx(
        text_width_m("HOTEL 27", 0.3), abs=0.04
    )
    for shape in (
        flat_text(strokes, (0.0, 0.0), -0.1),
        raised_text(strokes, (0.0, 0.0), (-0.1, 0.0)),
    ):
        builder = MeshBuilder()
        builder.add(shape, "painted")
        normal, centre = face_table(builder.mesh())
        # Strokes lie up to a millimetre apart, so as not to shade each other.
        is_front = np.abs(centre[:, 1] + 0.1005) < 6e-4
        assert is_front.sum() == len(strokes)
        assert (normal[is_front, 1] < 0).all()


def test_unknown_characters_are_refused():
    with pytest.raises(KeyError):
        text_strokes("café", 1.0)
