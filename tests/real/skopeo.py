"""skopeo, as a person would call it."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Skopeo:
    """Asks one registry; ``options`` are its credentials and certificates."""

    host: str
    options: tuple[str, ...] = ("--tls-verify=false",)

    def tags(self, repository: str) -> list[str]:
        """Return what ``skopeo list-tags`` lists."""
        listed = self._json("list-tags", address=f"{self.host}/{repository}")
        tags: list[str] = listed["Tags"] or []
        return sorted(tags)

    def inspect(self, reference: str, *flags: str, platform: str = "linux/amd64") -> Any:
        """Return what ``skopeo inspect`` says of ``repository:tag``."""
        os, architecture, *variant = platform.split("/")
        choice = [f"--override-os={os}", f"--override-arch={architecture}"]
        choice += [f"--override-variant={each}" for each in variant]
        return self._json("inspect", *flags, before=choice, address=f"{self.host}/{reference}")

    def digest(self, reference: str) -> str:
        """Return the digest of what ``repository:tag`` points to, whatever that is."""
        flags = ("--format", "{{.Digest}}", *self.options)
        return run("inspect", *flags, f"docker://{self.host}/{reference}").strip()

    def copy(self, source: str, reference: str, *flags: str) -> None:
        """Copy an image, such as one of an OCI layout, to ``repository:tag``."""
        options = [f"--dest-{option.removeprefix('--')}" for option in self.options]
        run("copy", "--quiet", *flags, *options, source, f"docker://{self.host}/{reference}")

    def delete(self, reference: str) -> None:
        """Delete the manifest behind ``repository:tag``."""
        run("delete", *self.options, f"docker://{self.host}/{reference}")

    def _json(self, command: str, *flags: str, address: str, before: Sequence[str] = ()) -> Any:
        return json.loads(run(*before, command, *flags, *self.options, f"docker://{address}"))


def run(*arguments: str) -> str:
    """Run skopeo and return what it prints."""
    command = ["skopeo", "--insecure-policy", "--command-timeout", "60s", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout
