from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.scenes import parse_frames, parse_size, scene_spec


@pytest.mark.parametrize("text", ["0", "5-3", "a", "1-", "-3", "1.5"])
def test_impossible_frame_ranges_are_refused_by_name(text: str) -> None:
    with pytest.raises(UserError, match=r"--frames .*expected"):
        parse_frames(text)


@pytest.mark.parametrize("text", ["512", "512x", "x288", "0x0", "9000x100", "a x b"])
def test_impossible_sizes_are_refused_by_name(text: str) -> None:
    with pytest.raises(UserError, match=r"--size .*pixels"):
        parse_size(text)


def test_a_street_is_named_by_its_seed() -> None:
    spec = scene_spec("street-7", "3-4")
    assert (spec.name, spec.seed, spec.frame_range) == ("street-7", 7, (3, 4))
    assert spec.blend_file is None


def test_a_city_is_named_by_its_seed() -> None:
    spec = scene_spec("city-12", "")
    assert (spec.name, spec.seed, spec.frame_range) == ("city-12", 12, None)


def test_an_edited_description_is_another_scene(tmp_path: Path) -> None:
    path = tmp_path / "my city.json"
    path.write_text("{}")
    first = scene_spec(str(path), "")
    path.write_text("[1]")
    second = scene_spec(str(path), "")
    assert first.name == second.name == "my city"
    assert (first.plan_file, first.blend_file) == (str(path), None)
    assert first.plan_sha256 != second.plan_sha256


def test_a_missing_description_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.json.*No such file"):
        scene_spec(str(tmp_path / "gone.json"), "")


def test_a_chart_is_known_by_its_name() -> None:
    spec = scene_spec("chart-poles", "2")
    assert (spec.name, spec.blend_file) == ("chart-poles", None)
    assert spec.frame_range == (1, 2)


def test_an_unknown_chart_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(UserError, match=r"--scene 'chart-pole'.*chart-poles.*solids"):
        scene_spec("chart-pole", "")


@pytest.mark.parametrize("text", ["street-0", "street", "city-0", "city-", "a.obj", ""])
def test_unknown_scenes_are_refused_by_name(text: str) -> None:
    with pytest.raises(UserError, match=r"--scene .*street-N.*\.blend"):
        scene_spec(text, "")


def test_a_missing_blend_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.blend.*No such file"):
        scene_spec(str(tmp_path / "gone.blend"), "")


def test_an_edited_blend_is_another_scene(tmp_path: Path) -> None:
    path = tmp_path / "my scene.blend"
    path.write_bytes(b"one")
    first = scene_spec(str(path), "")
    path.write_bytes(b"two!")
    second = scene_spec(str(path), "")
    assert first.name == second.name == "my scene"
    assert first.blend_sha256 != second.blend_sha256
