"""Connections that go only to addresses that were checked (see ``addresses``)."""

from collections.abc import Iterable

import httpcore

from registryui.distribution.addresses import AddressPolicy, ForbiddenAddressError

MAX_ADDRESSES_TRIED = 3


class GuardedNetwork(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to what it checked.

    TLS still verifies the certificate against the name: httpcore passes it separately.
    """

    def __init__(
        self, policy: AddressPolicy, *, plain: httpcore.NetworkBackend | None = None
    ) -> None:
        self._policy = policy
        self._plain = plain or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Try the checked addresses in order; the last failure is the one that is raised."""
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in self._addresses(host, port)[:MAX_ADDRESSES_TRIED]:
            try:
                return self._plain.connect_tcp(
                    address, port, timeout, local_address, socket_options or ()
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        try:
            return self._policy.addresses(host, port)
        except ForbiddenAddressError as error:
            raise httpcore.ConnectError("address not allowed") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
