"""Redirects by hand: where one may lead, and what is sent along.

A blob may be fetched from a storage host (S3, a CDN): without Authorization, never from https to
http, never into our own network unless the registry is there itself or the host is approved. Any
other redirect stays on the registry's origin.
"""

from dataclasses import replace

from registryui.distribution.addresses import AddressPolicy, ForbiddenAddressError
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import InvalidContentError
from registryui.distribution.limits import Limits
from registryui.distribution.origins import InvalidUrlError, Origin, origin_of, resolve_against
from registryui.distribution.wire import Answer, Outgoing, RawHeaders, Wire
from registryui.oci.marking import gettext_noop

FOLLOWED_STATUSES = frozenset({301, 302, 303, 307, 308})


class Redirects:
    """Follows what may be followed for one registry."""

    def __init__(
        self, endpoint: Endpoint, wire: Wire, addresses: AddressPolicy, limits: Limits
    ) -> None:
        self._endpoint = endpoint
        self._wire = wire
        self._addresses = addresses
        self._limits = limits

    def is_registry(self, url: str) -> bool:
        """Whether a URL is on the registry's own origin."""
        return origin_of(url) == self._endpoint.origin

    def follow(self, answer: Answer, outgoing: Outgoing, *, may_leave: bool) -> Answer:
        """Go on from a redirect until there is another answer.

        Raises InvalidContentError for a place we do not go to, and after too many hops.
        """
        for _ in range(self._limits.max_redirects):
            location = answer.header("location")
            if answer.status not in FOLLOWED_STATUSES or not location:
                return answer
            url, origin = self._target(location, answer.url, outgoing)
            self._check(origin, origin_of(answer.url), outgoing, may_leave=may_leave)
            headers = outgoing.headers or []
            if origin != self._endpoint.origin:
                headers = _without_authorization(headers)
            answer = self._wire.send(replace(outgoing, url=url, headers=headers))
        if answer.status in FOLLOWED_STATUSES:
            raise self._refusal(gettext_noop("{host} redirects us again and again."), outgoing)
        return answer

    def _target(self, location: str, base: str, outgoing: Outgoing) -> tuple[str, Origin]:
        try:
            url = resolve_against(base, location)
            return url, origin_of(url)
        except InvalidUrlError:
            raise self._refusal(
                gettext_noop("{host} redirects us to something that is no URL."), outgoing
            ) from None

    def _check(self, to: Origin, here: Origin, outgoing: Outgoing, *, may_leave: bool) -> None:
        if to == here == self._endpoint.origin:
            return
        if not may_leave:
            raise self._refusal(
                gettext_noop(
                    "{host} redirects us to {to}. If that is where it lives now, use that address."
                ),
                outgoing,
                to,
            )
        if here.scheme == "https" and to.scheme == "http":
            raise self._refusal(
                gettext_noop("{host} redirects us to {to}, without encryption."), outgoing, to
            )
        try:
            self._addresses.check_literal(to.host, to.port)
        except ForbiddenAddressError:
            raise self._refusal(
                gettext_noop(
                    "{host} redirects us to {place}, an address inside our own network. If that is "
                    "right, approve it as a storage host."
                ),
                outgoing,
                to,
            ) from None

    def _refusal(
        self, form: str, outgoing: Outgoing, to: Origin | None = None
    ) -> InvalidContentError:
        place = to.netloc if to else ""
        return InvalidContentError(
            form.format(host=self._endpoint.name, to=to, place=place),
            registry=self._endpoint.name,
            operation=outgoing.operation,
            code="REDIRECT",
        )


def _without_authorization(headers: RawHeaders) -> RawHeaders:
    return [(name, value) for name, value in headers if name != b"Authorization"]
