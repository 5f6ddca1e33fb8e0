"""Reads apk's database of installed packages: lines of one letter and a value."""

from collections.abc import Iterator, Mapping

from registryui.contents.packages.package import Package, bounded, text_of

_WANTED = "PVAoL"


def read_installed(content: bytes) -> tuple[Package, ...]:
    """Return the packages of ``lib/apk/db/installed``."""
    text = content.decode("utf-8", errors="replace")
    return bounded(_package(record) for record in _records(text) if record.get("P"))


def _records(text: str) -> Iterator[Mapping[str, str]]:
    record: dict[str, str] = {}
    for line in text.split("\n"):
        if not line.strip():
            if record:
                yield record
            record = {}
        elif line[1:2] == ":" and line[0] in _WANTED:
            record[line[0]] = text_of(line[2:])
    if record:
        yield record


def _package(record: Mapping[str, str]) -> Package:
    source = record.get("o", "")
    return Package(
        kind="apk",
        name=record["P"],
        version=record.get("V", ""),
        architecture=record.get("A", ""),
        source=source if source != record["P"] else "",
        license=record.get("L", ""),
    )
