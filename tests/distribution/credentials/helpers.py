"""Helper programs of the tests: small scripts on a PATH of their own."""

import stat
import sys
from pathlib import Path


class Programs:
    """A folder of helpers, which is the whole PATH; each run leaves a line in ``runs``."""

    def __init__(self, folder: Path, monkeypatch):
        self.folder = folder
        monkeypatch.setenv("PATH", str(folder))

    def write(self, name, *lines):
        """Write ``docker-credential-NAME`` in Python; ``key`` is what it was asked for."""
        path = self.folder / f"docker-credential-{name}"
        head = (
            f"#!{sys.executable}",
            "import json, os, sys, time",
            "key = sys.stdin.read()",
            f"open({str(self.folder / 'runs')!r}, 'a').write(' '.join(sys.argv[1:]) + key + '\\n')",
        )
        path.write_text("\n".join((*head, *lines)) + "\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def hands_out(self, name, username, secret):
        """Write one that always answers the same."""
        answer = {"ServerURL": "x", "Username": username, "Secret": secret}
        self.write(name, f"print(json.dumps({answer!r}))")

    @property
    def runs(self):
        file = self.folder / "runs"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
