"""Listing repositories and tags."""

from collections.abc import Iterator

from registryui.distribution.assembly import Parts
from registryui.distribution.conversation import Question
from registryui.distribution.errors import InvalidContentError
from registryui.distribution.listing import (
    CatalogPage,
    Listing,
    ListingCaps,
    Pager,
    PageSize,
    collect,
)
from registryui.distribution.scopes import CATALOG, pull_scope
from registryui.distribution.wire import Answer
from registryui.oci.document import InvalidDocumentError, load_object
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import InvalidReferenceError, is_repository_name, is_tag

CATALOG_OPERATION = gettext_noop("list the repositories")


class Lists:
    """The catalog and the tags of one registry; remembers the page sizes it accepts."""

    def __init__(self, parts: Parts) -> None:
        self._endpoint = parts.endpoint
        self._limits = parts.limits
        self._conversation = parts.conversation
        self._catalog_size = PageSize(parts.limits.page_size)
        self._tags_size = PageSize(parts.limits.page_size)

    def iter_catalog(self) -> Iterator[CatalogPage]:
        """Page by page; raising means incomplete."""
        limits = self._limits
        question = Question(CATALOG_OPERATION, "/v2/_catalog", CATALOG, limits.listing_bytes)
        return Pager(
            ask=lambda query: self._ask(question, query),
            read=lambda answer: self._entries(answer, "repositories", question),
            is_valid=is_repository_name,
            size=self._catalog_size,
            caps=ListingCaps(limits.max_pages, limits.max_items),
            invalid=lambda what: self._invalid(what, question),
        ).pages()

    def catalog(self) -> Listing:
        """List the whole catalog as far as it could be had."""
        return collect(self.iter_catalog, max_rejected=self._limits.max_rejected_kept)

    def tags(self, repository: str) -> Listing:
        """List all tags of one repository as far as it could be had."""
        require_repository(repository)
        return collect(
            lambda: self._iter_tags(repository), max_rejected=self._limits.max_rejected_kept
        )

    def _iter_tags(self, repository: str) -> Iterator[CatalogPage]:
        limits = self._limits
        question = Question(
            gettext_noop("list the tags of {repository}").format(repository=repository),
            f"/v2/{repository}/tags/list",
            pull_scope(repository),
            limits.listing_bytes,
        )
        return Pager(
            ask=lambda query: self._ask(question, query),
            read=lambda answer: self._entries(answer, "tags", question),
            is_valid=is_tag,
            size=self._tags_size,
            caps=ListingCaps(limits.max_pages, limits.max_tags),
            invalid=lambda what: self._invalid(what, question),
        ).pages()

    def _ask(self, question: Question, query: str) -> Answer:
        path = f"{question.path}?{query}" if query else question.path
        return self._conversation.ask(
            Question(question.operation, path, question.scope, question.max_bytes)
        )

    def _entries(self, answer: Answer, key: str, question: Question) -> list[object]:
        """Give the list under this key; ``null`` is an empty one (distribution 2.8 and 3.1)."""
        try:
            document = load_object(answer.content, max_bytes=self._limits.listing_bytes)
        except InvalidDocumentError:
            raise self._invalid(gettext_noop("is not the JSON we expect"), question) from None
        entries = document.get(key)
        if entries is None and key in document:
            return []
        if not isinstance(entries, list):
            raise self._invalid(gettext_noop("has no “{key}”").format(key=key), question)
        return entries

    def _invalid(self, what: str, question: Question) -> InvalidContentError:
        return InvalidContentError(
            gettext_noop(
                "{endpoint} was asked to {operation}, but its answer {what}. Check the address, "
                "the registry, and the proxy in front of it."
            ).format(endpoint=self._endpoint.name, operation=question.operation, what=what),
            registry=self._endpoint.name,
            operation=question.operation,
            code="LISTING",
        )


def require_repository(repository: str) -> None:
    """Raise InvalidReferenceError unless this can be a repository's name."""
    if not is_repository_name(repository):
        raise InvalidReferenceError(gettext_noop("This is not the name of a repository."))
