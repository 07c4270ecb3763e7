"""The central scheduler, as a run sees it: there within seconds, or one clear line."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import http.client
import threading
import time

from luigi.rpc import RemoteScheduler

from pipeline.console import say
from pipeline.errors import UserError

ANSWER_WITHIN_S = 5.0
PATIENCE_S = 300.0
RETRY_S = 5.0
COURTESY_S = 3.0
# What a render goes on without. Luigi would hold it up, and end it with an error.
COURTESIES = (
    "/api/ping",
    "/api/set_task_status_message",
    "/api/set_task_progress_percentage",
)
NO_ANSWER = '{"response": null}'


class Luigid(RemoteScheduler):
    """Talks to luigid; waits where luigid is started again, but not for ever.

    Parameters
    ----------
    url : str

    Raises
    ------
    UserError
        If it does not answer, here within ten seconds, later within `PATIENCE_S`.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._require_answer()

    def _require_answer(self) -> None:
        """Look whether it is there. In a thread, since finding a host may take long."""
        failures: list[str] = []

        def ask() -> None:
            try:
                self._ask("/api/is_paused", {"data": "{}"}, ANSWER_WITHIN_S)
            except (OSError, http.client.HTTPException) as error:
                failures.append(_reason(error))
            else:
                failures.append("")

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(ANSWER_WITHIN_S + 1)
        failure = failures[0] if failures else "no answer"
        if failure:
            raise UserError(
                f"luigid at {self._url}: {failure}; expected a running luigid "
                "(--scheduler-host, --scheduler-port), or --local-scheduler to do "
                "without"
            )

    def _ask(self, path: str, body: dict[str, str], timeout_s: float) -> str:
        answer = self._fetcher.fetch(self._url + path, body, timeout_s)
        if not answer.startswith('{"response"'):
            raise http.client.HTTPException("what answers there is no luigid")
        return answer

    def _fetch(self, url_suffix: str, body: dict[str, str]) -> str:
        """Return luigid's answer, in JSON."""
        if url_suffix in COURTESIES:
            try:
                return self._ask(url_suffix, body, COURTESY_S)
            except (OSError, http.client.HTTPException):
                return NO_ANSWER
        return self._patiently(url_suffix, body)

    def _patiently(self, url_suffix: str, body: dict[str, str]) -> str:
        deadline_s = time.monotonic() + PATIENCE_S
        has_told = False
        while True:
            try:
                return self._ask(url_suffix, body, self._connect_timeout)
            except (OSError, http.client.HTTPException) as error:
                if time.monotonic() > deadline_s:
                    raise UserError(
                        f"luigid at {self._url}: {_reason(error)}, for {PATIENCE_S:g} "
                        "s. What is finished is kept: run the same command again once "
                        "luigid runs"
                    ) from None
                if not has_told:
                    say(
                        f"luigid at {self._url}: {_reason(error)}; asking again for up "
                        f"to {PATIENCE_S:g} s"
                    )
                    has_told = True
                time.sleep(RETRY_S)


def _reason(error: Exception) -> str:
    """Return the innermost cause, which says it plainly."""
    seen: BaseException = error
    while (cause := seen.__cause__ or seen.__context__) is not None:
        seen = cause
    if isinstance(seen, OSError) and seen.strerror:
        return seen.strerror
    return str(seen) or type(seen).__name__
