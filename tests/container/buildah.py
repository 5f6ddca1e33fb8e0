"""buildah without a daemon: its storage in a directory of ours, no isolation but chroot."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 600
ANY_IMAGE = '{"default": [{"type": "insecureAcceptAnything"}]}'


@dataclass(frozen=True, slots=True)
class Buildah:
    """One storage of images and containers, in a directory that goes when the tests end."""

    directory: Path

    def command(self, *arguments: str) -> list[str]:
        """Return the command that does something in this storage."""
        storage = {"--root": "storage", "--runroot": "run"}
        places = [f"{option}={self.directory / name}" for option, name in storage.items()]
        return ["buildah", *places, "--storage-driver=vfs", *arguments]

    def environment(self) -> dict[str, str]:
        """Return the variables it runs with."""
        scratch = self.directory / "scratch"
        scratch.mkdir(exist_ok=True)
        return {**os.environ, "BUILDAH_ISOLATION": "chroot", "TMPDIR": str(scratch)}

    def run(self, *arguments: str) -> str:
        """Do it and return what it prints."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment(),
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, f"buildah {arguments[0]}: {done.stdout}{done.stderr}"[-4000:]
        return done.stdout.strip()

    def policy(self) -> str:
        """Return the option that asks for no signatures, whatever this machine asks for."""
        path = self.directory / "policy.json"
        path.write_text(ANY_IMAGE, encoding="utf-8")
        return f"--signature-policy={path}"

    def create(self, image: str) -> str:
        """Make a container of an image that is here; return its name."""
        return self.run("from", "--pull-never", self.policy(), image)

    def mount(self, container: str) -> Path:
        """Return where the files of a container lie."""
        return Path(self.run("mount", container))

    def configuration(self, image: str) -> Any:
        """Return what an image says about running it, as Docker writes it."""
        inspected = json.loads(self.run("inspect", "--type=image", image))
        return inspected["Docker"]["config"]
