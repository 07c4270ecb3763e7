"""Jobs whose child is a small Python program."""

import os
import signal
import subprocess
import sys
import time

import pytest

from blender_scenes.addon.preview.job import ChildProcess, RenderJob

PATIENCE_S = 20.0
FOREVER = "import time; time.sleep(600)"


def program(text):
    return [sys.executable, "-u", "-c", text]


def wait_for(condition):
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def start():
    """Return a function that starts a job and ends it after the test."""
    jobs = []

    def start(text, **options):
        jobs.append(RenderJob(**options))
        jobs[-1].start(program(text))
        return jobs[-1]

    yield start
    for job in jobs:
        job.cancel()


def finished(job):
    wait_for(lambda: job.poll().finished)
    return job.poll()


def test_progress_and_text_follow_the_childs_lines(start):
    job = start("print('noise'); print('@progress 0.4 Rendering 4 of 9'); input()")
    wait_for(lambda: job.poll().progress > 0)
    status = job.poll()
    assert (status.progress, status.text) == (0.4, "Rendering 4 of 9")
    assert not status.finished


def test_a_child_that_ends_well_has_done_all(start):
    status = finished(start("print('@progress 0.4 Rendering')"))
    assert (status.progress, status.error) == (1.0, "")


def test_progress_never_goes_back_nor_beyond_the_end(start):
    lines = "\\n".join(f"@progress {share} x" for share in (0.6, 0.2, 7))
    status = finished(start(f"print('{lines}'); raise SystemExit(1)"))
    assert status.progress == 1.0
    lines = "\\n".join(f"@progress {share} x" for share in (0.6, 0.2))
    status = finished(start(f"print('{lines}'); raise SystemExit(1)"))
    assert status.progress == 0.6


def test_an_error_that_the_child_tells_is_the_jobs(start):
    status = finished(start("print('@error No camera'); raise SystemExit(2)"))
    assert status.error == "No camera"


def test_a_crash_is_told_with_the_childs_last_words(start):
    status = finished(start("raise KeyError('bug')"))
    assert status.error == "Blender ended with status 1: KeyError: 'bug'"


def test_a_child_that_is_killed_is_told(start):
    status = finished(start("import os; os.kill(os.getpid(), 9)"))
    assert status.error == "Blender ended with status -9"


def test_a_silent_child_is_ended(start):
    job = start(f"import os; print(os.getpid()); {FOREVER}", silence_limit_s=0.5)
    status = finished(job)
    assert status.error == "Blender said nothing for 0.5 s: ended"


def test_cancelling_ends_the_child_and_its_children(start):
    grandchild = f"subprocess.Popen([sys.executable, '-c', '{FOREVER}'])"
    job = start(
        f"import subprocess, sys, time; print('@progress 0.1', {grandchild}.pid);"
        "time.sleep(600)"
    )
    wait_for(lambda: job.poll().progress > 0)
    pid = int(job.poll().text)
    assert is_running(pid)
    before_s = time.monotonic()
    job.cancel()
    assert time.monotonic() - before_s < 2.0
    assert job.poll().error == "Cancelled"
    wait_for(lambda: not is_running(pid))


def test_cancelling_what_has_finished_changes_nothing(start):
    job = start("pass")
    status = finished(job)
    job.cancel()
    assert job.poll() == status


def test_a_job_that_never_started_can_be_cancelled():
    job = RenderJob()
    job.cancel()
    assert not job.poll().finished


def test_polling_never_waits_for_the_child(start):
    job = start(FOREVER)
    before_s = time.monotonic()
    for _ in range(100):
        job.poll()
    assert time.monotonic() - before_s < 0.5


def test_a_program_that_is_not_there_raises(tmp_path):
    with pytest.raises(OSError, match="nothing"):
        RenderJob().start([str(tmp_path / "nothing")])


def test_all_output_comes_before_the_exit_status():
    child = ChildProcess(program("for number in range(20000): print(number)"))
    lines = []
    while child.exit_status is None:
        lines += child.new_lines()
    child.stop()
    assert lines == [str(number) for number in range(20000)]
    assert child.exit_status == 0


def test_output_that_is_no_text_is_no_problem():
    text = r"import os; os.write(1, b'\xff\xfe Gr\xc3\xbcn\n')"
    child = ChildProcess(program(text))
    lines = []
    while child.exit_status is None:
        lines += child.new_lines()
    child.stop()
    assert lines[0].endswith(" Grün")


def test_an_interrupted_child_may_end_its_work():
    text = (
        "import time\nprint('ready')\n"
        "try: time.sleep(600)\nexcept KeyboardInterrupt: print('tidied up')"
    )
    child = ChildProcess(program(text))
    lines = []
    wait_for(lambda: lines.extend(child.new_lines()) or "ready" in lines)
    child.interrupt()
    wait_for(lambda: lines.extend(child.new_lines()) or child.exit_status is not None)
    child.stop()
    assert lines == ["ready", "tidied up"]
    assert child.exit_status == 0


def test_environment_and_folder_are_the_childs(tmp_path):
    child = ChildProcess(
        program("import os; print(os.environ['DUAL'], os.getcwd())"),
        environment={"DUAL": "pixel"},
        folder=tmp_path,
    )
    lines = []
    while child.exit_status is None:
        lines += child.new_lines()
    child.stop()
    assert lines == [f"pixel {tmp_path}"]


PARENT = """
import sys, time
from blender_scenes.addon.preview.job import ChildProcess
text = "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"
child = ChildProcess([sys.executable, "-c", text])
while not (lines := child.new_lines()):
    time.sleep(0.01)
print(lines[0], flush=True)
time.sleep(600)
"""


def test_a_child_learns_that_its_parent_was_killed():
    with subprocess.Popen(
        program(PARENT), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as parent:
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        os.kill(parent.pid, signal.SIGKILL)
    wait_for(lambda: not is_running(pid))
