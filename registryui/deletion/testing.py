"""Tests what a registry does with deletions and pushes, when somebody asks for that.

It is a write as far as the registry's own log goes, so it is never done by itself.
"""

from datetime import datetime

from django.utils.translation import gettext_noop

from registryui.audit.api import Action, Actor, Result, record
from registryui.catalog.models import Registry, Repository
from registryui.connections import ReadOnlyError, UndeclaredRegistryError, writer_for
from registryui.deletion.planning.ways import Ability
from registryui.distribution.errors import RegistryError
from registryui.distribution.writer import DeletionSupport, RegistryWriter, Support

SYSTEM = Actor.system(gettext_noop("test of deletion"))
MAY_PUSH = {
    Support.YES: gettext_noop("Our credentials may push there, too."),
    Support.NO: gettext_noop("Our credentials may not push there."),
    Support.UNKNOWN: gettext_noop("Whether our credentials may push there is not known."),
}
READ_ONLY_NOW = gettext_noop("Test it again when that is over.")


def test_ability(
    registry: Registry,
    repository: Repository,
    now: datetime,
    *,
    by: Actor = SYSTEM,  # noqa: PT028  no test of ours
) -> Ability:
    """Ask the registry, keep the answer on its row, and return it; nothing is deleted by it.

    Raises a RegistryError when the registry cannot be asked, and UndeclaredRegistryError.
    """
    attempt = _record(Result.ATTEMPTED, "", by=by, about=(registry, repository), now=now)
    try:
        found, may_push = _asked(writer_for(registry), repository.name)
    except (ReadOnlyError, RegistryError, UndeclaredRegistryError) as error:
        end = Result.REFUSED if isinstance(error, ReadOnlyError) else Result.FAILED
        _record(end, str(error), by=by, about=(registry, repository), now=now, attempt=attempt)
        if isinstance(error, ReadOnlyError):
            return Ability.of(registry, is_read_only=True)
        raise
    _keep(registry, found, may_push, now)
    words = registry.deletion_words
    _record(Result.DONE, words, by=by, about=(registry, repository), now=now, attempt=attempt)
    return Ability.of(registry, is_read_only=False)


def _asked(writer: RegistryWriter, repository: str) -> tuple[DeletionSupport, Support]:
    return writer.probe_deletion(repository), writer.probe_push(repository)


def _keep(registry: Registry, found: DeletionSupport, may_push: Support, now: datetime) -> None:
    pushes = READ_ONLY_NOW if found.is_read_only else MAY_PUSH[may_push]
    values = {
        "deletes_tags": found.by_tag.is_given,
        "deletes_digests": found.by_digest.is_given,
        "accepts_pushes": may_push.is_given,
        "deletion_words": f"{found.why} {pushes}",
        "deletion_tested_at": now,
    }
    Registry.objects.filter(pk=registry.pk).update(**values)
    for name, value in values.items():
        setattr(registry, name, value)


def _record(
    result: Result,
    words: str,
    *,
    by: Actor,
    about: tuple[Registry, Repository],
    now: datetime,
    attempt: int | None = None,
) -> int:
    registry, repository = about
    event = record(
        Action.DELETION_TEST,
        by=by,
        result=result,
        registry=registry.slug,
        repository=repository.name,
        reason=words,
        attempt=attempt,
        now=now,
    )
    return event.sequence
