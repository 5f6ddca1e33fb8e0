"""What the certificate of a registry says, and whether it would be believed."""

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryError
from registryui.distribution.faults import unreachable
from registryui.distribution.origins import Origin
from registryui.distribution.tls import tls_context
from registryui.distribution.wording import printable
from registryui.oci.marking import gettext_noop

MOST_NAMES = 20
OPERATION = gettext_noop("make a secure connection")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate, whoever vouches for it; texts are fit to be shown.

    ``fault`` is why a client with our settings does not believe it, if it does not.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    has_names: bool
    not_before: datetime
    not_after: datetime
    protocol: str
    fault: RegistryError | None

    def is_for(self, host: str) -> bool:
        """Say whether it names a host, as a subjectAltName."""
        return any(_matches(name, host.lower().strip("[]")) for name in self.names)


def certificate_of(endpoint: Endpoint, *, seconds: float) -> Certificate:
    """Fetch the certificate of a registry, believed or not; raise why it cannot be had at all.

    The first look verifies nothing and sends nothing; the second verifies as every request does.
    """
    der, protocol = _handshake(endpoint, seconds=seconds, verify=False)
    try:
        _handshake(endpoint, seconds=seconds, verify=endpoint.tls_verify)
        fault = None
    except RegistryError as error:
        fault = error
    return _read(x509.load_der_x509_certificate(der), protocol, fault)


def _handshake(endpoint: Endpoint, *, seconds: float, verify: bool) -> tuple[bytes, str]:
    origin = endpoint.origin
    context = tls_context(endpoint, is_registry=True, verify=verify)
    try:
        with (
            socket.create_connection((origin.host.strip("[]"), origin.port), seconds) as plain,
            context.wrap_socket(plain, server_hostname=origin.host.strip("[]")) as secure,
        ):
            return secure.getpeercert(binary_form=True) or b"", secure.version() or ""
    except (OSError, ValueError) as error:
        raise _unreachable(endpoint, error, origin) from error


def _unreachable(endpoint: Endpoint, error: Exception, origin: Origin) -> RegistryError:
    return unreachable(error, host=origin.netloc, registry=endpoint.name, operation=OPERATION)


def _read(found: x509.Certificate, protocol: str, fault: RegistryError | None) -> Certificate:
    names = _names(found)
    return Certificate(
        subject=printable(found.subject.rfc4514_string(), 200),
        issuer=printable(found.issuer.rfc4514_string(), 200),
        names=names[:MOST_NAMES],
        has_names=bool(names),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        protocol=protocol,
        fault=fault,
    )


def _names(found: x509.Certificate) -> tuple[str, ...]:
    with suppress(x509.ExtensionNotFound, ValueError):
        extension = found.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
        value = extension.value
        if isinstance(value, x509.SubjectAlternativeName):
            hosts = value.get_values_for_type(x509.DNSName)
            addresses = map(str, value.get_values_for_type(x509.IPAddress))
            return tuple(printable(name, 100) for name in (*hosts, *addresses))
    return ()


def _matches(name: str, host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host) == ipaddress.ip_address(name)
    name = name.lower()
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host
