"""Why no answer came, in words: httpx's exceptions to RegistryUnreachableError."""

import re
import ssl

import httpx

from registryui.distribution.addresses import ForbiddenAddressError
from registryui.distribution.errors import RegistryUnreachableError
from registryui.oci.marking import gettext_noop

_DNS = re.compile(r"Errno -\d|getaddrinfo|Name or service not known|nodename nor|No address")

# What TLS says (OpenSSL's words), which cause that is, and what to do. First match wins.
_TLS_SENTENCES: tuple[tuple[str, str, str], ...] = (
    (
        "WRONG_VERSION_NUMBER|record layer failure|packet length too long|HTTP_REQUEST",
        "plain-http",
        gettext_noop(
            "{host} speaks plain HTTP, not HTTPS. If that is on purpose, write its address with "
            "http:// in the settings; otherwise switch TLS on at the registry."
        ),
    ),
    (
        "self-signed certificate in certificate chain|unable to get (local )?issuer",
        "tls",
        gettext_noop(
            "The certificate of {host} comes from an authority we do not know. "
            "Give the authority's certificate (PEM) as the registry's CA file."
        ),
    ),
    (
        "self-signed certificate",
        "tls",
        gettext_noop(
            "The certificate of {host} is self-signed. "
            "Give it (PEM) as the registry's CA file, or switch verification off on purpose."
        ),
    ),
    (
        "certificate has expired|not yet valid",
        "tls",
        gettext_noop(
            "The certificate of {host} has expired or is not valid yet. "
            "Renew it, and check the clocks of both machines."
        ),
    ),
    (
        "Hostname mismatch|IP address mismatch|not valid for",
        "tls",
        gettext_noop(
            "The certificate of {host} was made for another name. Use the name that is in the "
            "certificate, or have it issued again with this one as a subjectAltName."
        ),
    ),
    (
        "ALERT_BAD_CERTIFICATE|CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE"
        "|ALERT_UNKNOWN_CA|ALERT_CERTIFICATE",
        "client-certificate",
        gettext_noop(
            "{host} wants a client certificate, or refuses ours. "
            "Give a client certificate and its key that the registry's authority has signed."
        ),
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "tls",
        gettext_noop(
            "The certificate of {host} could not be verified. "
            "Check that it is valid, and give its authority's certificate as the registry's CA "
            "file."
        ),
    ),
    (
        r"\[SSL|SSL:|EOF occurred in violation",
        "tls",
        gettext_noop(
            "No secure connection to {host} could be made. "
            "Check that it serves HTTPS with TLS 1.2 or newer."
        ),
    ),
)


def unreachable(
    error: Exception, *, host: str, registry: str, operation: str
) -> RegistryUnreachableError:
    """Say why ``host`` (the registry, its token server or its storage) did not answer."""
    cause, sentence, temporary = _explained(error)
    return RegistryUnreachableError.because(
        cause,
        sentence.format(host=host),
        registry=registry,
        operation=operation,
        temporary=temporary,
    )


def _explained(error: Exception) -> tuple[str, str, bool]:
    if _has_cause(error, ForbiddenAddressError):
        return "address", _FORBIDDEN, False
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "timeout", _TIMEOUT, True
    text = str(error)
    if tls := _tls_explained(text, error):
        return tls
    return _network_explained(text)


def _tls_explained(text: str, error: Exception) -> tuple[str, str, bool] | None:
    if "SSL" not in text and not _has_cause(error, ssl.SSLError):
        return None
    for pattern, cause, sentence in _TLS_SENTENCES:
        if re.search(pattern, text):
            return cause, sentence, False
    return "tls", _TLS_SENTENCES[-1][2], False


def _network_explained(text: str) -> tuple[str, str, bool]:
    if "refused" in text:
        return "refused", _REFUSED, True
    if _DNS.search(text):
        return "dns", _NO_NAME, True
    if "disconnected" in text or "closed" in text or "reset" in text or "incomplete" in text:
        return "closed", _CLOSED, True
    return "network", _NETWORK, True


def _has_cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


_FORBIDDEN = gettext_noop(
    "The registry sends us to {host}, an address inside our own network. "
    "If that is right, approve this host in the registry's settings."
)
_TIMEOUT = gettext_noop(
    "{host} did not answer in time. Check that it runs and that no firewall is in between."
)
_REFUSED = gettext_noop(
    "{host} refused the connection. Check that the registry runs and that the port is right."
)
_NO_NAME = gettext_noop(
    "No such host: {host}. Check the spelling of the address and the name server."
)
_CLOSED = gettext_noop("{host} closed the connection before its answer was complete. Try again.")
_NETWORK = gettext_noop(
    "{host} could not be reached. Check the network between this server and the registry."
)
