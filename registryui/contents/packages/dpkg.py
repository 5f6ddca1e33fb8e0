"""Reads dpkg's status file: stanzas of fields, as deb822 describes them."""

from collections.abc import Iterator, Mapping

from registryui.contents.packages.package import Package, bounded, text_of

_INSTALLED = "installed"
_WANTED = ("package", "version", "architecture", "source", "status")


def read_status(content: bytes, *, needs_status: bool = True) -> tuple[Package, ...]:
    """Return the installed packages of ``var/lib/dpkg/status``.

    Images without a package manager have a file for each package in ``var/lib/dpkg/status.d``;
    there no field says that it is installed (``needs_status=False``).
    """
    text = content.decode("utf-8", errors="replace")
    return bounded(
        _package(stanza)
        for stanza in _stanzas(text)
        if stanza.get("package") and (not needs_status or _is_installed(stanza))
    )


def _stanzas(text: str) -> Iterator[Mapping[str, str]]:
    stanza: dict[str, str] = {}
    for line in text.split("\n"):
        if not line.strip():
            if stanza:
                yield stanza
            stanza = {}
        elif not line[0].isspace():
            name, _, value = line.partition(":")
            if (key := name.strip().lower()) in _WANTED:
                stanza[key] = text_of(value)
    if stanza:
        yield stanza


def _is_installed(stanza: Mapping[str, str]) -> bool:
    return stanza.get("status", "").split(" ")[-1] == _INSTALLED


def _package(stanza: Mapping[str, str]) -> Package:
    # The source's own version is in brackets after its name, if it is another one.
    return Package(
        kind="deb",
        name=stanza["package"],
        version=stanza.get("version", ""),
        architecture=stanza.get("architecture", ""),
        source=stanza.get("source", "").partition(" ")[0],
    )
