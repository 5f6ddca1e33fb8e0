"""Asking the API of a vendor: the registry client's care, with a header in place of its login."""

from dataclasses import dataclass
from urllib.parse import quote

from registryui.distribution.assembly import Parts
from registryui.distribution.conversation import Question
from registryui.distribution.errors import (
    InvalidContentError,
    NotFoundError,
    RateLimitedError,
    RegistryError,
    RegistryRefusedError,
)
from registryui.distribution.pace import retry_after_seconds
from registryui.distribution.wire import Answer, Outgoing, RawHeaders
from registryui.oci.document import InvalidDocumentError, load_list, load_object
from registryui.oci.marking import gettext_noop

OPERATION = gettext_noop("list the repositories")
PAGE_SIZE = 100

_NOT_ACCEPTED = gettext_noop(
    "{host} does not accept our login. It takes {what}: set it as vendor_token of this registry."
)
_NOT_LISTED = gettext_noop(
    "{host} does not let us list this. It takes {what}: set it as vendor_token of this registry."
)

_ACCEPT = (b"Accept", b"application/json")


@dataclass(frozen=True, slots=True)
class VendorApi:
    """The API of one vendor; every method raises a RegistryError.

    ``needed`` says which token the vendor wants, for whoever has to make one.
    """

    parts: Parts
    vendor: str
    needed: str
    authorization: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def host(self) -> str:
        """What sentences call it."""
        return self.parts.endpoint.name

    def get(self, path: str, query: str) -> Answer:
        """Ask for one page; redirects are followed on the API's own origin only."""
        question = Question(
            OPERATION,
            f"{path}?{query}" if query else path,
            "",
            self.parts.limits.listing_bytes,
            headers=[_ACCEPT, *self.authorization],
            is_anonymous=True,
        )
        answer = self.parts.conversation.try_to_ask(question)
        if answer.status >= 300:
            raise self._error(answer)
        return answer

    def post(self, path: str, body: bytes) -> Answer:
        """Send a login: once, for a wrong one must not be tried again and again."""
        headers: RawHeaders = [_ACCEPT, (b"Content-Type", b"application/json")]
        endpoint = self.parts.endpoint
        url = f"{endpoint.origin}{endpoint.prefix}{path}"
        self.parts.conversation.wait(OPERATION)
        answer = self.parts.wire.send(
            Outgoing(
                gettext_noop("log in"), url, "POST", headers, body, self.parts.limits.token_bytes
            )
        )
        if answer.status >= 300:
            raise self._error(answer)
        return answer

    def entries(self, answer: Answer) -> list[object]:
        """Read an answer that is an array."""
        try:
            return load_list(answer.content, max_bytes=self.parts.limits.listing_bytes)
        except InvalidDocumentError:
            raise self.invalid(gettext_noop("is not the JSON we expect")) from None

    def document(self, answer: Answer) -> dict[str, object]:
        """Read an answer that is an object."""
        try:
            return load_object(answer.content, max_bytes=self.parts.limits.listing_bytes)
        except InvalidDocumentError:
            raise self.invalid(gettext_noop("is not the JSON we expect")) from None

    def invalid(self, what: str) -> InvalidContentError:
        """Make the error for an answer, or a list, that nobody can use."""
        return InvalidContentError(
            gettext_noop(
                "{host} was asked for its list of repositories, but its answer {what}. Check that "
                "this is the address of {vendor}'s API."
            ).format(host=self.host, what=what, vendor=self.vendor),
            registry=self.host,
            operation=OPERATION,
            code="LISTING",
        )

    def _error(self, answer: Answer) -> RegistryError:
        if self._is_out_of_requests(answer):
            return self._limited(answer)
        if answer.status == 401:
            return self._refusal(answer, _NOT_ACCEPTED)
        if answer.status == 403:
            return self._refusal(answer, _NOT_LISTED)
        if answer.status == 404:
            return NotFoundError(
                gettext_noop(
                    "{host} does not know what it was asked to list, or hides it from us. Check "
                    "the namespaces of this registry; it takes {what}."
                ).format(host=self.host, what=self.needed),
                registry=self.host,
                operation=OPERATION,
                status=404,
            )
        return self.parts.conversation.error_for(answer, OPERATION)

    def _refusal(self, answer: Answer, form: str) -> RegistryRefusedError:
        return RegistryRefusedError(
            form.format(host=self.host, what=self.needed),
            registry=self.host,
            operation=OPERATION,
            status=answer.status,
        )

    def _is_out_of_requests(self, answer: Answer) -> bool:
        """Spot GitHub, which answers 403 to one request too many; a login meets 429 here."""
        if answer.status == 429:
            return True
        is_spent = answer.header("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
        return answer.status == 403 and is_spent

    def _limited(self, answer: Answer) -> RateLimitedError:
        error = RateLimitedError(
            gettext_noop(
                "{host} has had enough requests from us for now. Wait a while; with a login it "
                "allows more: {what}."
            ).format(host=self.host, what=self.needed),
            registry=self.host,
            operation=OPERATION,
            status=answer.status,
        )
        wall = self.parts.conversation.clock.wall()
        names = ("retry-after", "x-retry-after", "x-ratelimit-reset")
        said = next((answer.header(name) for name in names if name in answer.headers), "")
        error.retry_after_seconds = retry_after_seconds(said, wall)
        return error


def in_path(name: str) -> str:
    """Write a name as one segment of a path."""
    return quote(name, safe="")
