"""Writes a registry of many repositories straight into docker-registry's files, in seconds.

``python -m benchmarks.registry_files FOLDER [--repositories N] [--tags N]``

The layout is that of the filesystem driver of distribution 2.8.2 (registry/storage/paths.go):
``blobs/sha256/AB/ABCD…/data`` holds every document and blob once, and each repository has links,
files that hold a digest, to its tags' manifests, to its manifests and to its blobs.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from os import mkdir
from pathlib import Path

from benchmarks.images import Contents, repository


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written."""

    repositories: int
    tags: int
    manifests: int
    seconds: float


def main(arguments: Sequence[str]) -> int:
    """Write a registry and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repositories", type=int, default=1000)
    parser.add_argument("--tags", type=int, default=10)
    chosen = parser.parse_args(arguments)
    written = write_registry(chosen.folder, chosen.repositories, chosen.tags)
    print(
        f"{written.repositories:,} repositories, {written.tags:,} tags and "
        f"{written.manifests:,} manifests written in {written.seconds:.1f} s."
    )
    return 0


def write_registry(root: Path, repositories: int, tags: int) -> Written:
    """Write so many repositories of so many tags into a folder, a registry's root directory."""
    started = time.perf_counter()
    files = _Files(root)
    tag_count = manifests = 0
    for number in range(repositories):
        contents = repository(number, tags)
        files.write(contents)
        tag_count += len(contents.tags)
        manifests += len(contents.manifests)
    return Written(repositories, tag_count, manifests, time.perf_counter() - started)


class _Files:
    """The folders of one registry. Paths are texts here: joining ``Path`` takes half the time."""

    def __init__(self, root: Path) -> None:
        top = root / "docker/registry/v2"
        (top / "repositories").mkdir(parents=True)
        (top / "blobs/sha256").mkdir(parents=True)
        for number in range(256):
            (top / f"blobs/sha256/{number:02x}").mkdir()
        self._top = str(top)
        self._namespaces: set[str] = set()
        self._stored: set[str] = set()

    def write(self, contents: Contents) -> None:
        """Write one repository."""
        for digest, content in (*contents.manifests.items(), *contents.blobs.items()):
            self._store(digest, content)
        path = self._repository(contents.name)
        for digest in contents.manifests:
            _link(f"{path}/_manifests/revisions/sha256", digest)
        for digest in contents.blobs:
            _link(f"{path}/_layers/sha256", digest)
        for tag, digest in contents.tags.items():
            _tag(f"{path}/_manifests/tags/{tag}", digest)

    def _store(self, digest: str, content: bytes) -> None:
        if digest in self._stored:
            return
        self._stored.add(digest)
        encoded = digest.partition(":")[2]
        path = f"{self._top}/blobs/sha256/{encoded[:2]}/{encoded}"
        _folder(path)
        _write(f"{path}/data", content)

    def _repository(self, name: str) -> str:
        """Make the folders that every repository has."""
        namespace = name.partition("/")[0]
        if namespace not in self._namespaces:
            self._namespaces.add(namespace)
            with suppress(FileExistsError):
                _folder(f"{self._top}/repositories/{namespace}")
        path = f"{self._top}/repositories/{name}"
        for folder in (
            *("", "/_uploads", "/_layers", "/_layers/sha256", "/_manifests", "/_manifests/tags"),
            *("/_manifests/revisions", "/_manifests/revisions/sha256"),
        ):
            _folder(path + folder)
        return path


def _tag(path: str, digest: str) -> None:
    """Write where a tag points, and where it ever pointed: there, too."""
    for folder in ("", "/current", "/index", "/index/sha256"):
        _folder(path + folder)
    _write(f"{path}/current/link", digest.encode())
    _link(f"{path}/index/sha256", digest)


def _link(folder: str, digest: str) -> None:
    path = f"{folder}/{digest.partition(':')[2]}"
    _folder(path)
    _write(f"{path}/link", digest.encode())


def _folder(path: str) -> None:
    mkdir(path)  # noqa: PTH102  texts, as said above


def _write(path: str, content: bytes) -> None:
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123  texts, as said above
        file.write(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
