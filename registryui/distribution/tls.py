"""TLS as one registry needs it: own authority, client certificate, or unverified on purpose."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile

import httpx

from registryui.distribution.endpoint import Endpoint, InvalidEndpointError
from registryui.oci.marking import gettext_noop


def tls_context(endpoint: Endpoint, *, is_registry: bool, verify: bool) -> ssl.SSLContext:
    """Build the context for the registry itself, or for a host it sends us to.

    The client certificate is shown to the registry only. Raises InvalidEndpointError when a file
    is missing or is not PEM.
    """
    context = _system_context()
    if endpoint.ca_file or endpoint.ca_pem:
        _load_authorities(context, endpoint)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if is_registry and (endpoint.client_cert_file or endpoint.client_cert_pem):
        _load_client_certificate(context, endpoint)
    return context


def _system_context() -> ssl.SSLContext:
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath:
        return ssl.create_default_context()
    # A slim container without ca-certificates: take the bundle that httpx brings.
    return httpx.create_ssl_context(trust_env=False)


def _load_authorities(context: ssl.SSLContext, endpoint: Endpoint) -> None:
    try:
        if endpoint.ca_file:
            context.load_verify_locations(cafile=endpoint.ca_file)
        if endpoint.ca_pem:
            context.load_verify_locations(cadata=_ascii(endpoint.ca_pem))
    except (OSError, ssl.SSLError, ValueError) as error:
        what = "CA file" if endpoint.ca_file else "CA certificate"
        raise InvalidEndpointError(
            gettext_noop(
                "The {what} of {endpoint} cannot be read ({reason}). It must be PEM that starts "
                "with -----BEGIN CERTIFICATE-----."
            ).format(what=what, endpoint=endpoint.name, reason=_reason(error))
        ) from None


def _load_client_certificate(context: ssl.SSLContext, endpoint: Endpoint) -> None:
    # The callback keeps OpenSSL from asking for the password on the terminal.
    try:
        with _client_files(endpoint) as (certificate, key):
            context.load_cert_chain(
                certificate, key or None, password=lambda: endpoint.client_key_password
            )
    except (OSError, ssl.SSLError, ValueError) as error:
        raise InvalidEndpointError(
            gettext_noop(
                "The client certificate of {endpoint} cannot be used ({reason}). Check the "
                "certificate, its key and the key's password."
            ).format(endpoint=endpoint.name, reason=_reason(error))
        ) from None


@contextmanager
def _client_files(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """Yield the paths of the certificate and its key; OpenSSL reads them from files alone.

    What is given as text is in a file that only we may read, for the moment of reading.
    """
    if endpoint.client_cert_file:
        yield endpoint.client_cert_file, endpoint.client_key_file
        return
    with NamedTemporaryFile("w", encoding="utf-8", prefix="registryui-", suffix=".pem") as file:
        file.write(f"{endpoint.client_cert_pem}\n{endpoint.client_key_pem}\n")
        file.flush()
        yield file.name, ""


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()  # else TypeError, whatever the fault


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return gettext_noop("not a matching PEM file")
    return (error.strerror if isinstance(error, OSError) else None) or "unusable"
