"""Counting pulls as Docker Hub does: a GET of a manifest is one, a HEAD tells and is none."""

import threading

from registryui.sample.exchange import Answer, Call
from registryui.sample.switches import Switches

NO_MORE = (
    "You have reached your pull rate limit. You may increase the limit by authenticating and "
    "upgrading: https://registry.example/increase-rate-limit"
)


class PullCount:
    """How many pulls were made of those that the switches allow; safe to share between threads."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._lock = threading.Lock()
        self.spent = 0

    def refusal(self, call: Call) -> Answer | None:
        """Find the 429 of a pull that is one too many; `None` when it may be made."""
        if not self._counts(call) or call.method != "GET":
            return None
        with self._lock:
            is_over = self.spent >= self._switches.pull_limit
        if not is_over:
            return None
        if self._switches.pull_refusal_is_text:
            return Answer.text(f"{NO_MORE}\n", status=429)
        errors = [{"code": "TOOMANYREQUESTS", "message": NO_MORE}]
        return Answer.json({"errors": errors}, *self._headers(), status=429)

    def count(self, call: Call, answer: Answer) -> Answer:
        """Count what was pulled, and say with it how many are left."""
        if not self._counts(call):
            return answer
        with self._lock:
            self.spent += call.method == "GET" and answer.status == 200
        if answer.status < 400:
            answer.headers.extend(self._headers())
        return answer

    def _counts(self, call: Call) -> bool:
        return self._switches.pull_limit > 0 and "/manifests/" in call.path

    def _headers(self) -> list[tuple[str, str]]:
        window = f";w={self._switches.pull_window}"
        left = max(0, self._switches.pull_limit - self.spent)
        return [
            ("ratelimit-limit", f"{self._switches.pull_limit}{window}"),
            ("ratelimit-remaining", f"{left}{window}"),
            ("docker-ratelimit-source", self._switches.pull_source),
        ]
