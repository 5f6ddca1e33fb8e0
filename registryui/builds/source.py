"""Links to source code and to commits, for browsers."""

import re
from urllib.parse import urlsplit

from registryui.oci.annotations import web_link
from registryui.oci.source import is_commit

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
