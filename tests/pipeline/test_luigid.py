"""Luigid is there, or one line says that it is not."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline import luigid
from pipeline.errors import UserError
from pipeline.luigid import Luigid

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Answers(BaseHTTPRequestHandler):
    """Answers as luigid does, or as the class attribute says."""

    text = '{"response": {"paused": false}}'

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@contextlib.contextmanager
def serving(port: int) -> Iterator[None]:
    with HTTPServer(("127.0.0.1", port), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def refusal(port: int) -> str:
    with pytest.raises(UserError) as caught:
        Luigid(f"http://127.0.0.1:{port}/")
    message = str(caught.value)
    assert message.startswith(f"luigid at http://127.0.0.1:{port}: ")
    assert "\n" not in message
    return message


def test_no_luigid_is_one_line() -> None:
    assert "Connection refused" in refusal(free_port())


def test_another_server_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "text", "<html>hello</html>")
    port = free_port()
    with serving(port):
        assert "what answers there is no luigid" in refusal(port)


def test_a_server_that_is_silent_is_one_line_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(luigid, "ANSWER_WITHIN_S", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begin_s = time.monotonic()
        refusal(silent.getsockname()[1])
        assert time.monotonic() - begin_s < 5


def test_a_luigid_that_comes_back_is_waited_for_and_that_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(luigid, "RETRY_S", 0.1)
    port = free_port()
    with serving(port):
        central = Luigid(f"http://127.0.0.1:{port}/")
    returns = threading.Event()

    def come_back() -> None:
        time.sleep(0.5)
        with serving(port):
            returns.wait(20)

    back = threading.Thread(target=come_back)
    back.start()
    assert central.is_paused() == {"paused": False}
    returns.set()
    back.join()
    (line,) = capsys.readouterr().err.splitlines()
    assert "asking again for up to 300 s" in line


def test_a_luigid_that_stays_away_ends_the_run_with_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(luigid, "RETRY_S", 0.1)
    monkeypatch.setattr(luigid, "PATIENCE_S", 0.3)
    port = free_port()
    with serving(port):
        central = Luigid(f"http://127.0.0.1:{port}/")
    with pytest.raises(UserError, match="What is finished is kept"):
        central.count_pending(worker="ours")


def test_a_render_goes_on_without_telling_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port()
    with serving(port):
        central = Luigid(f"http://127.0.0.1:{port}/")
    assert central.ping(worker="ours") is None
    assert central.set_task_status_message("task", "frame 1 of 2") is None
    assert central.set_task_progress_percentage("task", 50) is None
    assert capsys.readouterr().err == ""


def test_the_command_says_so_in_one_line_within_ten_seconds(tmp_path: Path) -> None:
    config = tmp_path / "luigid.cfg"
    config.write_text("[core]\nlocal_scheduler=false\n", encoding="utf-8")
    begin_s = time.monotonic()
    result = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("luigi")), "--module", "pipeline"),
            *("BuildDataset", "--scene", "street-1"),
            *("--scheduler-host", "127.0.0.1", "--scheduler-port", str(free_port())),
            *("--work-dir", str(tmp_path / "w"), "--datasets-dir", str(tmp_path / "d")),
        ],
        cwd=ROOT,
        env=os.environ | {"LUIGI_CONFIG_PATH": str(config)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert time.monotonic() - begin_s < 10
    assert result.returncode == 40
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: luigid at http://127.0.0.1:")
    assert not (tmp_path / "w").exists()
