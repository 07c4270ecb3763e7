"""Disturb runs at random, and count whether bytes and exit statuses are right.

    python -m benchmarks.stress_runs [--pairs 30] [--kills 20] [--fake] [--seed N]

A *pair* is one command, started twice on one work folder, the second after a random
while. A *kill* is a SIGKILL of the run, of one of its worker processes or of a Blender
of its, at a random time; with luigid a second run works beside it. Then the same
command is run again. All that lies in the folders for frames, views and datasets must
equal what an undisturbed run leaves, to the byte and to the file. ``--fake`` puts the
tests' stand-in in the place of Blender. Everything that this starts it also ends.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
FRAMES = 3
SCENES = 2
PATIENCE_S = 240.0
SUCCESS, TASK_FAILED = 0, 30
TARGETS = ("run", "worker", "Blender")
TOO_LATE = "too late"
LUIGID_CONFIG = "[scheduler]\nworker_disconnect_delay=5\nretry_delay=-1\n"


@dataclass(frozen=True)
class Job:
    """The command that is run again and again.

    Parameters
    ----------
    scenes : str
        Value of ``--scene``.
    is_fake : bool
        Whether a stand-in takes Blender's place.
    port : int or None
        That of luigid; None works without.
    """

    scenes: str
    is_fake: bool
    port: int | None = None

    def start(self, folder: Path, name: str, *more: str) -> subprocess.Popen[bytes]:
        """Start a run on a folder; what it prints goes to ``NAME.log`` beside it."""
        luigi = [str(Path(sys.executable).with_name("luigi")), "--module", "pipeline"]
        fake = [sys.executable, "-m", "tests.pipeline.luigi_with_fake_blender"]
        options = [
            *("--scene", self.scenes, "--frames", f"1-{FRAMES}", "--size", "64x48"),
            *("--samples", "1", "--camera-set", "3", "--nearest", "3"),
            *("--work-dir", str(folder / "work")),
            *("--datasets-dir", str(folder / "datasets")),
        ]
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            "FAKE_BLENDER_FRAME_S": "0.3",
        }
        if self.port is not None:
            config = folder.with_name("luigid-client.cfg")
            config.write_text("[core]\nlocal_scheduler=false\n", encoding="utf-8")
            environment["LUIGI_CONFIG_PATH"] = str(config)
            more += ("--scheduler-host", "127.0.0.1", "--scheduler-port")
            more += (str(self.port),)
        folder.mkdir(parents=True, exist_ok=True)
        with folder.with_name(f"{folder.name}-{name}.log").open("wb") as log:
            return subprocess.Popen(
                [*(fake if self.is_fake else luigi), "BuildDataset", *options, *more],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def finish(self, folder: Path, name: str) -> int:
        """Run to the end; return the status."""
        return ended(self.start(folder, name))


@dataclass
class Count:
    """How often something was tried, and what was wrong of it."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def add(self, place: Path, found: Iterable[str]) -> None:
        """Count one more, and say what was found; empty complaints are none."""
        complaint = "; ".join(filter(None, found))
        self.tried += 1
        if complaint:
            self.wrong.append(f"{place.name}: {complaint}")
        print(f"{place.name}: {complaint or 'right'}", flush=True)


def ended(run: subprocess.Popen[bytes]) -> int:
    """Wait for a run; return its status, minus the signal that killed it."""
    try:
        return run.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        run.kill()
        run.wait()
        return -1000


def contents(folder: Path) -> dict[str, str]:
    """Return a checksum of every file but logs, hidden ones too; folders as ``/``."""
    return {
        path.relative_to(folder).as_posix(): "/"
        if path.is_dir()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if "logs" not in path.parts
    }


def difference(expected: dict[str, str], folder: Path) -> str:
    """Return what differs from an undisturbed run, shortly; empty if nothing does."""
    found = contents(folder)
    names = [
        name
        for name in sorted({*expected, *found})
        if expected.get(name) != found.get(name)
    ]
    return f"{len(names)} files differ, {names[:3]}" if names else ""


def pair(
    job: Job, folder: Path, expected: dict[str, str], delay_s: float
) -> Iterator[str]:
    """Run the command twice at once; yield what is wrong."""
    first = job.start(folder, "first")
    time.sleep(delay_s)
    second = job.start(folder, "second")
    statuses = ended(first), ended(second)
    if statuses != (SUCCESS, SUCCESS):
        yield f"statuses {statuses}"
    yield difference(expected, folder)


def processes(run: subprocess.Popen[bytes], target: str) -> list[psutil.Process]:
    """Return the running processes of a run that are of a kind."""
    if target == "run":
        return [psutil.Process(run.pid)]
    found: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(run.pid).children(recursive=True):
            words = " ".join(child.cmdline())
            is_blender = "blender_scenes.cli" in words or "fake_blender.py" in words
            is_worker = "BuildDataset" in words
            if is_blender if target == "Blender" else is_worker:
                found.append(child)
    return found


def killed(run: subprocess.Popen[bytes], target: str) -> bool:
    """Kill a process of a run as soon as there is one; return whether there was."""
    while run.poll() is None:
        for one in processes(run, target):
            with contextlib.suppress(psutil.Error):
                one.kill()
                return True
        time.sleep(0.02)
    return False


def kill(
    job: Job, folder: Path, expected: dict[str, str], target: str, delay_s: float
) -> Iterator[str]:
    """Run, kill, run again; yield what is wrong, `TOO_LATE` if all was done before."""
    run = job.start(folder, "killed", "--workers", "2")
    partner = job.start(folder, "partner") if job.port is not None else None
    _wait_until(lambda: bool(processes(run, target)), run)
    _wait_until((folder / "work").exists, run)
    time.sleep(delay_s)
    was_killed = killed(run, target)
    right = {
        "run": {-signal.SIGKILL},
        # Of a worker that was killed the run knows that its task has failed, unless
        # another run has done it meanwhile.
        "worker": {TASK_FAILED, SUCCESS},
        "Blender": {SUCCESS},  # started again
    }[target]
    status = ended(run)
    if status not in (right if was_killed else {SUCCESS}):
        yield f"{target} killed: status {status}, expected {right}"
    if partner is not None and (status := ended(partner)) != SUCCESS:
        yield f"{target} killed: its partner ended with status {status}"
    again = job.finish(folder, "again")
    if again != SUCCESS:
        yield f"{target} killed: status {again} when run again"
    yield difference(expected, folder)
    if not was_killed:
        yield TOO_LATE


def _wait_until(is_so: Callable[[], bool], run: subprocess.Popen[bytes]) -> None:
    while run.poll() is None and not is_so():
        time.sleep(0.02)


@contextlib.contextmanager
def luigid(folder: Path) -> Iterator[int]:
    """Run a luigid on a free port of this machine; give the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    config = folder / "luigid.cfg"
    config.write_text(LUIGID_CONFIG, encoding="utf-8")
    with (folder / "luigid.log").open("wb") as log:
        central = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("luigid")),
                *("--address", "127.0.0.1", "--port", str(port)),
                *("--state-path", str(folder / "luigid.state")),
            ],
            cwd=folder,
            env=os.environ | {"LUIGI_CONFIG_PATH": str(config)},
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(port)
        yield port
    finally:
        central.terminate()
        central.wait(30)


def _wait_for(port: int) -> None:
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise SystemExit("luigid did not start within 60 s")


def stress(
    folder: Path,
    *,
    pairs: int,
    kills: int,
    is_fake: bool,
    seed: int,
    time_limit_s: float,
) -> dict[str, Count]:
    """Return what was tried, by kind, and what was wrong."""
    deadline_s = time.monotonic() + time_limit_s
    rng = random.Random(seed)
    job = Job(_scenes(folder, is_fake), is_fake)
    whole_s, work_s = _undisturbed(job, folder / "undisturbed")
    expected = contents(folder / "undisturbed")
    counts: dict[str, Count] = collections.defaultdict(Count)
    with luigid(folder) as port:
        central = Job(job.scenes, is_fake, port)
        for number in range(pairs):
            if time.monotonic() > deadline_s:
                break
            place = folder / f"pair-{number:02d}"
            delay_s = rng.uniform(0, whole_s)
            counts["pair"].add(place, pair(job, place, expected, delay_s))
        for number in range(2 * kills):
            mode, one = (("local", job), ("luigid", central))[number % 2]
            target = TARGETS[number // 2 % len(TARGETS)]
            place = folder / f"{mode}-{number // 2:02d}"
            longest_s = work_s / 4 if target == "Blender" else work_s
            found = [TOO_LATE]
            while found == [TOO_LATE] and time.monotonic() < deadline_s:
                shutil.rmtree(place, ignore_errors=True)
                delay_s = rng.uniform(0, longest_s)
                longest_s /= 2
                found = [*filter(None, kill(one, place, expected, target, delay_s))]
            if found == [TOO_LATE]:
                break
            counts[f"SIGKILL, {mode}, {target}"].add(place, found)
    if time.monotonic() > deadline_s:
        print(f"stopped after {time_limit_s:g} s")
    return dict(counts)


def _undisturbed(job: Job, folder: Path) -> tuple[float, float]:
    """Run; return how long it took, whole and from its first trace on disk, seconds."""
    start_s = time.monotonic()
    run = job.start(folder, "alone")
    _wait_until((folder / "work").exists, run)
    begun_s = time.monotonic()
    if ended(run) != SUCCESS:
        raise SystemExit(f"the undisturbed run failed; see {folder}-alone.log")
    end_s = time.monotonic()
    return end_s - start_s, end_s - begun_s


def _scenes(folder: Path, is_fake: bool) -> str:
    if is_fake:
        return ",".join(f"street-{number + 1}" for number in range(SCENES))
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.moving_squares"),
            *(str(folder), str(SCENES), str(FRAMES)),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return ",".join(str(path) for path in sorted(folder.glob("square*.blend")))


def _end_children() -> None:
    """End what an interruption has left running."""
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()


def main() -> None:
    """Print the counts; end with status 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--kills", type=int, default=20, help="in each mode")
    parser.add_argument("--fake", action="store_true", help="no Blender")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=3600.0, help="seconds")
    parser.add_argument("--folder", type=Path, help="kept; by default a temporary one")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="stress-"))
        )
        folder.mkdir(parents=True, exist_ok=True)
        stack.callback(_end_children)
        counts = stress(
            folder,
            pairs=options.pairs,
            kills=options.kills,
            is_fake=options.fake,
            seed=options.seed,
            time_limit_s=options.time_limit,
        )
    for kind, count in counts.items():
        print(f"{kind:<32} {count.tried:3d} tried, {len(count.wrong)} wrong")
        for complaint in count.wrong:
            print(f"    {complaint}")
    if any(count.wrong for count in counts.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
