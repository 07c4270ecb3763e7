"""Trees, hedges and grass in every season: arrays, checked without bpy."""

import numpy as np
import pytest

from blender_scenes.city.kerb.furniture import fixture_parts
from blender_scenes.city.plan import SEASONS
from blender_scenes.city.plants.foliage import blades, cards, grass_blades
from blender_scenes.city.plants.tree_species import SPECIES, TREE_VARIANTS
from blender_scenes.city.plants.trees import (
    CLEARANCE_M,
    tree_mesh,
    tree_random,
    tree_row_random,
)

VARIANTS = range(TREE_VARIANTS)
MAX_FACES = {2: 60_000, 1: 9_000, 0: 1_500}
DECIDUOUS = [v for v in VARIANTS if not SPECIES[v].is_evergreen]
EVERGREEN = [v for v in VARIANTS if SPECIES[v].is_evergreen]


def faces_of(mesh, material):
    """Return which faces are of a material; none where the mesh lacks it."""
    if material not in mesh.materials:
        return np.zeros(len(mesh.face_sizes), bool)
    return mesh.material_index == mesh.materials.index(material)


def lowest_corner_m(mesh, material):
    face = np.repeat(np.arange(len(mesh.face_sizes)), mesh.face_sizes)
    chosen = faces_of(mesh, material)[face]
    return mesh.vertices[mesh.corners[chosen], 2].min()


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_trees_are_of_street_size_and_stay_within_their_budget(variant, season):
    for detail, budget in MAX_FACES.items():
        mesh = tree_mesh(3, variant, season, detail)
        assert len(mesh.face_sizes) <= budget
        assert 4.0 < mesh.extent_m[2] < 12.5
        assert mesh.vertices[:, 2].min() == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("detail", MAX_FACES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_leaves_hang_above_peoples_heads(variant, detail):
    mesh = tree_mesh(3, variant, "summer", detail)
    # A leaf points down by less than its length below where it is fixed.
    assert lowest_corner_m(mesh, "leaf") > CLEARANCE_M - 0.15


@pytest.mark.parametrize("variant", DECIDUOUS)
def test_leaves_are_most_in_summer_fewer_in_autumn_and_gone_in_winter(variant):
    counts = {
        season: faces_of(tree_mesh(3, variant, season), "leaf").sum()
        for season in SEASONS
    }
    assert counts["summer"] > counts["spring"] > counts["autumn"] > 0
    assert counts["winter"] == 0


@pytest.mark.parametrize("variant", DECIDUOUS)
def test_bare_trees_show_fine_twigs_and_keep_their_trunk(variant):
    summer, winter = (tree_mesh(3, variant, s) for s in ("summer", "winter"))
    wood = [(~faces_of(mesh, "leaf")).sum() for mesh in (summer, winter)]
    assert wood[1] > 1.5 * wood[0]
    trunk = slice(0, 100)
    assert (summer.vertices[trunk] == winter.vertices[trunk]).all()


@pytest.mark.parametrize("variant", EVERGREEN)
def test_conifers_stay_green(variant):
    summer, winter = (tree_mesh(3, variant, s) for s in ("summer", "winter"))
    assert (summer.vertices == winter.vertices).all()


def test_only_flowering_trees_blossom_and_only_in_spring():
    for variant in VARIANTS:
        for season in SEASONS:
            has_blossom = faces_of(tree_mesh(3, variant, season), "blossom").any()
            flowers = SPECIES[variant].blossom_rgb is not None
            assert has_blossom == (flowers and season == "spring")


def test_autumn_leaves_differ_more_in_hue_than_summer_leaves():
    def hue_spread(season):
        mesh = tree_mesh(3, 0, season)
        tint = mesh.tint[faces_of(mesh, "leaf")]
        return (tint[:, 0] / tint[:, 1]).std()

    assert hue_spread("autumn") > 1.5 * hue_spread("summer")


def test_variants_of_one_species_differ():
    first = SPECIES.index(SPECIES[-1])
    assert first != TREE_VARIANTS - 1
    a, b = (tree_mesh(3, v, "summer") for v in (first, TREE_VARIANTS - 1))
    assert a.vertices.shape != b.vertices.shape or (a.vertices != b.vertices).any()


def test_unknown_seasons_are_refused():
    with pytest.raises(KeyError):
        tree_mesh(3, 0, "monsoon")


@pytest.mark.parametrize("season", SEASONS)
def test_trees_of_a_row_are_of_few_kinds_and_conifers_stay_dark(season, rng):
    row = tree_row_random(rng, season)
    trees = [tree_random(rng, row, 5.0, 7.0 * n) for n in range(40)]
    kinds = {tree.variant for tree in trees}
    assert kinds <= set(row.variants)
    assert 1 <= len(kinds) <= 3
    for tree in trees:
        if SPECIES[tree.variant].is_evergreen:
            assert tree.leaf_rgb[1] > tree.leaf_rgb[0]
            assert max(tree.leaf_rgb) < 0.1


def test_leaves_of_the_seasons_have_the_seasons_colours(rng):
    def redness(season):
        rows = [tree_row_random(rng, season) for _ in range(40)]
        return np.mean([row.leaf_rgb[0][0] / row.leaf_rgb[0][1] for row in rows])

    assert redness("autumn") > 1.0 > redness("summer") > 0.3
    assert redness("spring") < 1.0


@pytest.mark.parametrize("draw", [blades, cards])
def test_a_leaf_points_along_and_is_as_long_as_asked(draw):
    foot = np.array([(1.0, 2.0, 3.0)])
    shape = draw(foot, [(0.0, 1.0, 0.0)], [(0.0, 0.0, 1.0)], [0.1], 0.6)
    assert shape.vertices[:, 1].min() == pytest.approx(2.0)
    assert shape.vertices[:, 1].max() == pytest.approx(2.1)
    width = np.ptp(shape.vertices[:, 0])
    assert width == pytest.approx(0.06, rel=1e-6)
    corners = shape.vertices[shape.faces[0]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.abs(normal[:, 2]) > 0).all()


def test_both_halves_of_a_leaf_face_the_same_way():
    shape = blades([(0, 0, 0)], [(0, 1, 0)], [(0, 0, 1)], [0.1], 0.6)
    corners = shape.vertices[shape.faces[0]]
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    assert len({bool(up) for up in normal[:, 2] > 0}) == 1


def test_grass_is_as_high_as_asked(rng):
    foot = np.zeros((50, 3))
    shape = grass_blades(rng, foot, np.full(50, 0.12), 0.009)
    assert shape.vertices[:, 2].max() == pytest.approx(0.12)
    assert shape.vertices[:, 2].min() == 0.0


@pytest.mark.parametrize("variant", range(3))
def test_hedges_change_with_the_season(variant):
    def leaves(season):
        mesh = fixture_parts("hedge", variant, 3, season)[0].mesh
        return mesh.tint[faces_of(mesh, "foliage")]

    assert len(leaves("summer")) > 5000
    if variant == 0:
        assert len(leaves("winter")) == len(leaves("summer"))
    elif variant == 1:
        brown = leaves("winter").mean(axis=0)
        assert brown[0] > brown[1]
    else:
        assert len(leaves("winter")) == 0


@pytest.mark.parametrize("variant", range(3))
def test_leaves_lie_under_trees_in_autumn_only(variant):
    faces = {
        season: len(fixture_parts("tree", variant, 3, season)[0].mesh.face_sizes)
        for season in SEASONS
    }
    assert faces["autumn"] > faces["summer"] + 300
    assert faces["winter"] == faces["summer"]


def test_flower_beds_flower_from_spring_to_autumn():
    for season in SEASONS:
        plants = fixture_parts("flower_bed", 0, 3, season)[1].mesh
        assert faces_of(plants, "blossom").any() == (season != "winter")
