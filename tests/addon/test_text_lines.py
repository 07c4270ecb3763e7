"""Long texts are broken into lines."""

from blender_scenes.addon.text_lines import wrapped


def test_long_texts_are_broken_into_lines_that_fit() -> None:
    text = "The focus distance lies inside the focal length: focus farther away"
    lines = wrapped(text, width_px=260, ui_scale=1.0)
    assert " ".join(lines) == text
    assert max(map(len, lines)) <= 30


def test_even_a_tiny_panel_gets_lines() -> None:
    assert wrapped("a few words", width_px=1, ui_scale=2.0) == ["a few words"]


def test_without_a_screen_the_scale_counts_as_one() -> None:
    assert wrapped("two words", 250, 0.0) == wrapped("two words", 250, 1.0)
