"""Why Docker Hub says nothing, and what to do about it, in words."""

from django.utils.translation import gettext_lazy as _

CLOSED = _(
    "In a closed network set REGISTRYUI_DOCKER_HUB_SEARCH=off; where a mirror or a proxy that "
    "passes requests on answers for Docker Hub, set REGISTRYUI_DOCKER_HUB_URL to its address."
)
LATER = _("Try again in a minute.")

SENTENCES = {
    "timeout": _("Docker Hub did not answer within four seconds."),
    "refused": _("Docker Hub could not be reached: the connection was refused."),
    "dns": _("Docker Hub could not be reached: its name is not known to the name server."),
    "tls": _("Docker Hub could not be reached securely: its certificate is not the right one."),
    "closed": _("Docker Hub closed the connection before its answer was complete."),
    "server-error": _("Docker Hub has trouble of its own at the moment."),
    "rate-limited": _("Docker Hub has had enough searches from this address for now."),
    "refused-us": _("Docker Hub, or a proxy in front of it, does not let Registry UI search."),
    "not-the-hub": _("Something answers in Docker Hub's place, but not like Docker Hub."),
    "busy": _("Too many searches are under way at this moment."),
}
UNREACHABLE = _("Docker Hub could not be reached.")

_PASSING = frozenset({"server-error", "rate-limited", "busy", "closed"})


def trouble_words(cause: str) -> tuple[str, str]:
    """Return what happened and what to do, for a cause."""
    what = SENTENCES.get(cause, UNREACHABLE)
    return str(what), str(LATER if cause in _PASSING else CLOSED)


REFUSALS = {
    "off": _("The search of Docker Hub is switched off here."),
    "empty": _("Type a name to search Docker Hub for."),
    "private": _(
        "This was not sent to Docker Hub: only plain names are. Digests, labels, addresses and "
        "pasted messages stay here."
    ),
}
