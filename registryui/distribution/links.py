"""The next page: ``Link`` headers (RFC 8288), of which we believe only the query."""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

MAX_QUERY_LENGTH = 4096

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s;,=]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]*))", re.IGNORECASE)


def next_query(header_lines: Iterable[str]) -> str:
    """Give the query of the link with ``rel=next``, without "?"; "" when there is none.

    Scheme, host and path of the link are ignored: behind a proxy they are often wrong (Quay,
    Nexus, Artifactory), and a hostile one would send us elsewhere.
    """
    for line in header_lines:
        for target, parameters in _LINK.findall(line[: 4 * MAX_QUERY_LENGTH]):
            if _is_next(parameters):
                return _query_of(target)
    return ""


def _is_next(parameters: str) -> bool:
    relation = _REL.search(parameters)
    return relation is not None and "next" in (relation[1] or relation[2] or "").lower().split()


def _query_of(target: str) -> str:
    try:
        query = urlsplit(target).query
    except ValueError:
        return ""
    if len(query) > MAX_QUERY_LENGTH:
        return ""
    return quote(query, safe="%=&+-._~:/,;@!$'()*?")
