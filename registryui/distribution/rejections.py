"""Why a registry did not make a change: the same status means different things to each of them."""

from dataclasses import dataclass
from enum import Enum

from registryui.distribution.credentials.current import Credentials
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import (
    ConflictError,
    InvalidContentError,
    LoginMissingError,
    NotFoundError,
    RegistryError,
    RegistryRefusedError,
    UnsupportedError,
)
from registryui.distribution.refusals import complaint_of, is_own_answer
from registryui.distribution.wire import Answer
from registryui.oci.marking import gettext_noop

CHANGING_METHODS = frozenset({"DELETE", "PATCH", "POST", "PUT"})


class Target(Enum):
    """What a command removes, or that it adds something."""

    TAG = 1
    DIGEST = 2
    CONTENT = 3


@dataclass(frozen=True, slots=True)
class Rejection:
    """A kind of error, its ``why``, and a sentence with what ``error_for`` fills in."""

    kind: type[RegistryError]
    sentence: str
    why: str = ""


class Rejections:
    """Turns answers to commands into errors for one registry."""

    def __init__(self, endpoint: Endpoint, credentials: Credentials | None = None) -> None:
        self._endpoint = endpoint
        self._credentials = credentials or Credentials(endpoint)

    def error_for(self, answer: Answer, operation: str, target: Target) -> RegistryError:
        """Make the error that an answer stands for, if it does not say that all went well."""
        complaint = complaint_of(answer, self._credentials.secrets)
        rejection = self._rejection(answer, complaint.code, target)
        login = self._credentials.latest
        words = rejection.sentence.format(
            host=self._endpoint.name,
            operation=operation,
            status=answer.status,
            login=login.words,
            advice=login.advice,
            right=gettext_noop("push") if target is Target.CONTENT else gettext_noop("delete"),
        )
        error = rejection.kind(
            gettext_noop("{sentence} It says: “{message}”").format(
                sentence=words, message=complaint.message
            )
            if complaint.message
            else words,
            registry=self._endpoint.name,
            operation=operation,
            status=answer.status,
            code=complaint.code,
        )
        if isinstance(error, ConflictError | UnsupportedError):
            error.why = rejection.why
        return error

    def _rejection(self, answer: Answer, code: str, target: Target) -> Rejection:
        status = answer.status
        if known := _BY_CODE.get(code):
            return known
        if status == 401:
            return _REFUSED if self._credentials.latest else _LOGIN
        if status == 403 and target is Target.DIGEST and self._is_by_docker_hub(answer):
            return _REFERENCED
        if status < 300:
            return _NO_REGISTRY
        if status in (404, 410) and not is_own_answer(answer):
            return _NO_PAGE
        if status == 400:
            return _not_accepted(code, target)
        if status == 405:
            return _not_allowed(answer, code, target)
        return _BY_STATUS.get(status, _REDIRECTED if status < 400 else _NOT_ACCEPTED)

    def _is_by_docker_hub(self, answer: Answer) -> bool:
        """Tell its 403 for what is still referenced from one for a token that grants too little."""
        is_about_token = "insufficient_scope" in answer.header("www-authenticate")
        return self._endpoint.is_docker_hub and not is_about_token


def _not_accepted(code: str, target: Target) -> Rejection:
    # distribution 2.8 takes the tag for a bad digest, Harbor says UNSUPPORTED.
    if target is Target.TAG and code in ("DIGEST_INVALID", "UNSUPPORTED"):
        return _DIGEST_ONLY
    return _DISABLED if target is Target.DIGEST and code == "UNSUPPORTED" else _NOT_ACCEPTED


def _not_allowed(answer: Answer, code: str, target: Target) -> Rejection:
    allowed = allowed_methods(answer)
    # Go's router lists what is left in maintenance mode; Quay says so in its JSON.
    if (allowed and not allowed & CHANGING_METHODS) or b'"is_read_only"' in answer.content:
        return _READ_ONLY
    if target is Target.DIGEST and code == "DENIED":
        return _INDEXED
    if not is_own_answer(answer):
        return _BLOCKED
    return _NO_PUSH if target is Target.CONTENT else _DISABLED


def allowed_methods(answer: Answer) -> frozenset[str]:
    """Read ``Allow``; empty when there is none."""
    words = (word.strip().upper() for word in answer.header("allow").split(","))
    return frozenset(word for word in words if word)


_LOGIN = Rejection(
    LoginMissingError,
    gettext_noop("{host} wants a login to {operation}. {advice}"),
)
_REFUSED = Rejection(
    RegistryRefusedError,
    gettext_noop(
        "{host} refused to {operation}: the login is wrong, or it may not {right}. "
        "Check {login}, then ask the registry's administrator for that permission."
    ),
)
_DENIED = Rejection(
    RegistryRefusedError,
    gettext_noop(
        "{host} does not allow us to {operation}. "
        "Ask the registry's administrator for permission to {right}."
    ),
)
_REDIRECTED = Rejection(
    InvalidContentError,
    gettext_noop(
        "{host} answered with a redirect (status {status}). A change is never sent anywhere else. "
        "Check the address of the registry and the proxy in front of it."
    ),
)
_NO_REGISTRY = Rejection(
    InvalidContentError,
    gettext_noop(
        "{host} answered, but not like a registry (status {status}). Check whether a login page or "
        "another web server is in front of it."
    ),
)
_NO_PAGE = Rejection(
    NotFoundError,
    gettext_noop(
        "{host} has no such page (status {status}), but that is not how a registry says it. "
        "Check the proxy in front of it, and whether the registry behind that runs."
    ),
)
_MISSING = Rejection(
    NotFoundError,
    gettext_noop("{host} could not {operation}: it does not have it, or hides it from us."),
)
_NOT_ACCEPTED = Rejection(
    UnsupportedError,
    gettext_noop(
        "{host} did not accept the request to {operation} (status {status}). Read the registry's "
        "log."
    ),
)
_DIGEST_ONLY = Rejection(
    UnsupportedError,
    gettext_noop(
        "{host} deletes by digest only, not by tag: "
        "deleting the digest removes every tag that points to it."
    ),
    "digest-only",
)
_DISABLED = Rejection(
    UnsupportedError,
    gettext_noop(
        "{host} does not offer to {operation}: deletion is switched off. Its administrator "
        "switches it "
        "on (REGISTRY_STORAGE_DELETE_ENABLED=true where it is docker-registry)."
    ),
    "disabled",
)
_BLOCKED = Rejection(
    UnsupportedError,
    gettext_noop(
        "{host} could not {operation}: a proxy or web server in front of it lets no such request "
        "through (status {status}). Allow DELETE, PUT and POST below /v2/ there."
    ),
    "disabled",
)
_NO_PUSH = Rejection(
    UnsupportedError,
    gettext_noop("{host} does not take pushes, as a cache of another registry does not."),
    "disabled",
)
_READ_ONLY = Rejection(
    UnsupportedError,
    gettext_noop(
        "{host} is read-only at the moment, as during maintenance. "
        "Try again when its administrator has ended that."
    ),
    "read-only",
)
_IMMUTABLE = Rejection(
    ConflictError,
    gettext_noop(
        "{host} protects this tag or image: a rule or a lock of the registry keeps it as it is. "
        "Lift that in the registry first."
    ),
    "immutable",
)
_TAGGED = Rejection(
    ConflictError,
    gettext_noop("{host} keeps this image as long as tags point to it. Delete its tags first."),
    "tagged",
)
_INDEXED = Rejection(
    ConflictError,
    gettext_noop(
        "{host} keeps this image because it is part of a multi-platform image. Delete that one "
        "first."
    ),
    "indexed",
)
_REFERENCED = Rejection(
    ConflictError,
    gettext_noop(
        "{host} keeps an image as long as a tag or a multi-platform image refers to it, and "
        "refuses "
        "those who may not delete in the same way. Delete what refers to it, then check the login."
    ),
    "referenced",
)
_GONE_PARTS = Rejection(
    NotFoundError,
    gettext_noop(
        "{host} could not {operation}: a part of the image is no longer there. "
        "Garbage collection may have removed it; push the image again."
    ),
)

_BY_CODE = {
    "GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE": _INDEXED,
    "GOOGLE_MANIFEST_DANGLING_TAG": _TAGGED,
    "MANIFEST_BLOB_UNKNOWN": _GONE_PARTS,
    "TAG_IMMUTABLE": _IMMUTABLE,
}
_BY_STATUS = {
    402: _DENIED,
    403: _DENIED,
    404: _MISSING,
    409: _IMMUTABLE,
    410: _MISSING,
    412: _IMMUTABLE,
    423: _IMMUTABLE,
    451: _DENIED,
}
