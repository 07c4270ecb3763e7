import threading

import pytest

from blender_scenes.addon.preview.session import PreviewSession
from blender_scenes.addon.preview.synthesis import pictures_of

PATIENCE_S = 20.0


class Maker:
    """Makes "pictures", which are their values, when it is let go."""

    def __init__(self):
        self.made = []
        self.started = threading.Event()
        self.gate = threading.Event()

    def __call__(self, frame, values):
        self.started.set()
        assert self.gate.wait(PATIENCE_S)
        self.made.append((frame, values))
        return values


@pytest.fixture
def maker():
    maker = Maker()
    yield maker
    maker.gate.set()


@pytest.fixture
def busy(maker):
    """Return a session that is held up making pictures for the values 1."""
    session = PreviewSession(maker)
    session.set_frame("first frame")
    session.submit(1)
    assert maker.started.wait(PATIENCE_S)
    return session


def test_pictures_are_those_of_a_direct_call(frame, values):
    session = PreviewSession()
    session.set_frame(frame)
    session.submit(values)
    assert session.wait(PATIENCE_S)
    expected = pictures_of(frame, values)
    assert (session.pictures.left == expected.left).all()
    assert session.values == values
    assert session.error == ""


def test_pictures_are_collected_once_and_stay(busy, maker):
    assert busy.collect() is None
    maker.gate.set()
    assert busy.wait(PATIENCE_S)
    assert busy.collect() == 1
    assert busy.collect() is None
    assert busy.pictures == 1


def test_nobody_waits_for_pictures_that_are_being_made(busy, maker):
    busy.submit(2)
    assert busy.is_busy
    assert not busy.wait(0.01)
    assert busy.pictures is None
    assert busy.values == 2
    maker.gate.set()


def test_of_values_that_wait_the_newest_are_used(busy, maker):
    for values in (2, 3, 4):
        busy.submit(values)
    maker.gate.set()
    assert busy.wait(PATIENCE_S)
    assert [values for _, values in maker.made] == [1, 4]
    assert busy.collect() == 4


def test_pictures_of_a_frame_that_has_gone_are_dropped(busy, maker):
    busy.set_frame("second frame")
    maker.gate.set()
    assert busy.wait(PATIENCE_S)
    assert busy.pictures is None
    assert busy.collect() is None
    busy.submit(2)
    assert busy.wait(PATIENCE_S)
    assert maker.made[-1] == ("second frame", 2)
    assert busy.collect() == 2


def test_clearing_while_busy_leaves_nothing(busy, maker):
    busy.submit(2)
    busy.clear()
    maker.gate.set()
    assert busy.wait(PATIENCE_S)
    assert (busy.frame, busy.pictures, busy.values) == (None, None, None)
    assert busy.collect() is None
    assert maker.made == [("first frame", 1)]


def test_no_thread_stays_behind(busy, maker):
    maker.gate.set()
    assert busy.wait(PATIENCE_S)
    for thread in threading.enumerate():
        if "dual_pixel" in thread.name:
            thread.join(PATIENCE_S)
    assert not [x for x in threading.enumerate() if "dual_pixel" in x.name]


def test_an_error_is_told_in_one_line_and_the_last_pictures_stay(
    frame, values, with_f_number
):
    session = PreviewSession()
    session.set_frame(frame)
    session.submit(values)
    assert session.wait(PATIENCE_S)
    pictures = session.collect()
    session.submit(with_f_number(values, 1e-4))
    assert session.wait(PATIENCE_S)
    assert session.collect() is None
    assert session.pictures is pictures
    assert session.error.startswith("The blur radius reaches")
    assert "\n" not in session.error
    session.submit(values)
    assert session.wait(PATIENCE_S)
    assert session.error == ""


def test_an_error_nobody_foresaw_is_told_with_its_kind():
    def fail(frame, values):
        raise KeyError("surprise")

    session = PreviewSession(fail)
    session.set_frame("frame")
    session.submit(1)
    assert session.wait(PATIENCE_S)
    assert session.error == "KeyError: 'surprise'"
    assert not session.is_busy


def test_values_without_a_frame_are_refused():
    with pytest.raises(RuntimeError, match="no frame"):
        PreviewSession().submit(1)
