"""How panels show notes."""

from types import SimpleNamespace

from blender_scenes.addon.notes import NOTES_SHOWN, Note, draw_notes

CONTEXT = SimpleNamespace(
    region=SimpleNamespace(width=2000),
    preferences=SimpleNamespace(system=SimpleNamespace(ui_scale=1.0)),
)


class Column:
    """Stands in for a layout: keeps text and icon of each label."""

    def __init__(self):
        self.labels = []

    def box(self):
        return self

    def column(self, align=False):
        return self

    def label(self, text, icon):
        self.labels.append((text, icon))


def drawn(notes):
    column = Column()
    draw_notes(column, CONTEXT, notes, rest="in README.md")
    return column.labels


def test_nothing_is_drawn_of_nothing():
    assert drawn([]) == []


def test_warnings_come_first_with_their_icon():
    notes = [Note("left out AgX"), Note("30.0% clipped", is_warning=True)]
    assert drawn(notes) == [("30.0% clipped", "ERROR"), ("Left out AgX", "INFO")]


def test_more_than_a_handful_are_counted():
    notes = [Note(f"note {number}") for number in range(NOTES_SHOWN + 2)]
    labels = drawn(notes)
    assert len(labels) == NOTES_SHOWN + 1
    assert labels[-1] == ("2 more in README.md", "BLANK1")
    assert drawn(notes[: NOTES_SHOWN + 1])[-1] == (f"Note {NOTES_SHOWN}", "INFO")
