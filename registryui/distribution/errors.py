"""What can go wrong between us and a registry, in words a person can act on.

::

    RegistryError
    ├── RegistryUnreachableError   no usable answer: timeout, refused, DNS, TLS, 5xx (see ``cause``)
    │   └── OutcomeUnknownError    … to something that changes the registry: done or not, who knows
    ├── RegistryRefusedError       it answered and said no: unauthorized, denied
    │   └── LoginMissingError      … to a stranger: we have nothing to sign in with
    ├── CredentialsError           what we sign in with cannot be had: a file, a helper
    ├── NotFoundError              name, manifest or blob unknown
    ├── RateLimitedError           429; ``retry_after_seconds`` when the registry said so
    ├── UnsupportedError           the registry cannot or will not do this at all (see ``why``)
    ├── ConflictError              it does this, but not to this one, not now (see ``why``)
    └── InvalidContentError        an answer nobody can use: digest mismatch, too large, unparsable,
                                   not a registry, a listing that goes in circles
"""


class RegistryError(Exception):
    """One failed operation on one registry.

    ``for_people`` is a sentence or two that say what happened and what to do next; it is the
    exception's text too. It never contains a password, a token or the query of a URL.
    ``temporary`` says that the same request may work later without anybody changing anything.
    ``code`` is the registry's own error code (``NAME_UNKNOWN``) or one of ours, or "".
    ``retry_after_seconds`` is how long the registry wants to be left alone, if it said so.
    """

    temporary = False
    retry_after_seconds: float | None = None

    def __init__(
        self,
        for_people: str,
        *,
        registry: str = "",
        operation: str = "",
        status: int | None = None,
        code: str = "",
        temporary: bool | None = None,
    ) -> None:
        super().__init__(for_people)
        self.for_people = for_people
        self.registry = registry
        self.operation = operation
        self.status = status
        self.code = code
        if temporary is not None:
            self.temporary = temporary


class RegistryUnreachableError(RegistryError):
    """No usable answer came back.

    ``cause`` is one of ``timeout``, ``refused``, ``dns``, ``tls``, ``plain-http`` (https asked of a
    plain port), ``needs-https`` (http asked of a TLS port), ``client-certificate``, ``closed``,
    ``address`` (our own policy forbids that address), ``server-error`` (5xx) or ``network``.
    """

    temporary = True
    cause = "network"

    @classmethod
    def because(
        cls, cause: str, for_people: str, *, registry: str, operation: str, temporary: bool = True
    ) -> "RegistryUnreachableError":
        error = cls(for_people, registry=registry, operation=operation, temporary=temporary)
        error.cause = cause
        return error


class OutcomeUnknownError(RegistryUnreachableError):
    """A change was sent, and no answer says whether it was made: look before doing it again.

    Never ``temporary``: what tries again by itself must not do it here.
    """

    temporary = False


class RegistryRefusedError(RegistryError):
    """The registry understood and refused: not signed in, or not allowed."""


class LoginMissingError(RegistryRefusedError):
    """The registry refused because nobody is signed in, and we have nothing to sign in with."""


class CredentialsError(RegistryError):
    """What we sign in with cannot be had: a file or a helper is missing or says nothing usable.

    ``details`` name paths of the server and repeat what a program wrote: they are for whoever runs
    Registry UI, while everybody who sees the registry may read the text.
    """

    details = ""


class NotFoundError(RegistryError):
    """The registry does not have this repository, manifest or blob."""


class RateLimitedError(RegistryError):
    """Too many requests; ``retry_after_seconds`` is None when the registry did not say."""

    temporary = True


class UnsupportedError(RegistryError):
    """The registry does not offer this operation.

    ``why`` says more of a change that was not made: ``disabled``, ``digest-only`` (it deletes by
    digest, not by tag), ``read-only`` (maintenance), or "".
    """

    why = ""


class ConflictError(RegistryError):
    """The registry keeps this as it is although it changes others.

    ``why`` is ``tagged`` (tags still point to it), ``indexed`` (an index lists it), ``referenced``
    (one of the two) or ``immutable`` (a rule or a lock of the registry).
    """

    why = ""


class InvalidContentError(RegistryError):
    """The answer came, but it cannot be trusted or understood."""
