"""Where source code lies: addresses of Git in their many forms, and links to commits."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from registryui.oci.annotations import web_link

# Programs that serve Git, by the first label of the hosts they usually have, and where each shows
# a commit. Of any other host nobody knows, so there is no link.
_COMMITS = {
    "github": "/commit/",
    "gitea": "/commit/",
    "forgejo": "/commit/",
    "gitlab": "/-/commit/",
    "bitbucket": "/commits/",
}
_SCP = re.compile(r"(?:[\w.+-]+@)?(?P<host>[\w.-]+):(?!/)(?P<path>[\w./~+-]+)")
_HEX = re.compile(r"[0-9a-f]{7,64}")
_BRANCH_PREFIXES = ("refs/heads/", "refs/tags/")


@dataclass(frozen=True, slots=True)
class Source:
    """An address of source code, and the branch that it names behind a ``#``."""

    address: str
    branch: str = ""


def read_source(text: str) -> Source:
    """Read an address as builders write it: ``git+https://host/team/app.git#refs/heads/main``.

    A name and a password in it are left out: they are nobody's to see.
    """
    address, _, fragment = text.strip().removeprefix("git+").partition("#")
    scheme, fence, rest = address.partition("://")
    if fence:
        authority, slash, path = rest.partition("/")
        if not fragment:
            path, _, fragment = path.partition("@")  # as SLSA's builders for GitHub write it
        address = f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
    return Source(address, branch_in(fragment.partition(":")[0]))


def short_branch(ref: str) -> str:
    """Return a branch or tag as people call it."""
    for prefix in _BRANCH_PREFIXES:
        ref = ref.removeprefix(prefix)
    return ref


def branch_in(ref: str) -> str:
    """Return the branch or tag that a reference names; some name a commit instead."""
    branch = short_branch(ref)
    return "" if is_commit(branch) else branch


def is_commit(text: str) -> bool:
    """Say whether a text is a commit's name, whole or the beginning of it."""
    return bool(_HEX.fullmatch(text))


def web_address(source: str) -> str:
    """Return the address at which a browser shows the source; empty if nobody can tell."""
    address = source
    if match := _SCP.fullmatch(source):
        # Without a scheme it is SSH; the programs we know show the same path on the web.
        address = f"https://{match['host']}/{match['path']}" if _program(match["host"]) else ""
    elif source.startswith("ssh://"):
        host, path = _host_and_path(source)
        address = f"https://{host}{path}" if _program(host) else ""
    return web_link(address.removesuffix("/").removesuffix(".git"))


def commit_link(source: str, commit: str) -> str:
    """Return the address of a commit, where the form of its host is known; else nothing."""
    address = web_address(source)
    if not address or not is_commit(commit):
        return ""
    parts = urlsplit(address)
    program = _program(parts.hostname or "")
    is_whole = not parts.query and not parts.fragment and parts.path.count("/") >= 2
    return f"{address}{_COMMITS[program]}{commit}" if program and is_whole else ""


def _host_and_path(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        return parts.hostname or "", parts.path
    except ValueError:  # half an IPv6 address
        return "", ""


def _program(host: str) -> str:
    first = host.lower().partition(".")[0]
    return first if first in _COMMITS else ""
