"""What PostgreSQL itself saw of claims: each change of one, and each change of a tag, in order.

A worker's visit has one connection from its claim to its end, so who wrote is who was connected.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

WATCH = """
CREATE TABLE trail (
    id bigserial PRIMARY KEY, repository bigint, is_claim boolean, was timestamptz,
    became timestamptz, backend integer, at timestamptz
);
CREATE FUNCTION watch_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO trail (repository, is_claim, was, became, backend, at)
    VALUES (
        NEW.id, true, OLD.claimed_until, NEW.claimed_until, pg_backend_pid(), clock_timestamp()
    );
    RETURN NULL;
END $$;
CREATE FUNCTION watch_tag() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO trail (repository, is_claim, backend, at) VALUES (
        coalesce(NEW.repository_id, OLD.repository_id), false, pg_backend_pid(), clock_timestamp()
    );
    RETURN NULL;
END $$;
CREATE TRIGGER watch_claim AFTER UPDATE OF claimed_until ON catalog_repository
    FOR EACH ROW EXECUTE FUNCTION watch_claim();
CREATE TRIGGER watch_tag AFTER INSERT OR DELETE OR UPDATE OF manifest_id, is_lead ON catalog_tag
    FOR EACH ROW EXECUTE FUNCTION watch_tag();
"""
READ = "SELECT repository, is_claim, was, became, backend, at FROM trail ORDER BY id"


class Step(NamedTuple):
    """One change: of a claim, from when to when it holds, or of a tag."""

    repository: int
    is_claim: bool
    was: datetime | None
    became: datetime | None
    backend: int
    at: datetime

    @property
    def is_taken(self) -> bool:
        """Whether somebody claimed what nobody had, or has no more."""
        is_free = self.was is None or self.was <= self.at
        return self.is_claim and is_free and self.became is not None


class Trail:
    """All that happened to the repositories, and what of it must not have."""

    def __init__(self, rows: Callable[[str], Iterable[Any]]) -> None:
        self.claims = 0
        self.inherited: set[int] = set()
        self.trespasses: list[Step] = []
        self._holders: dict[int, int] = {}
        for row in rows(READ):
            self._follow(Step(*row))

    def _follow(self, step: Step) -> None:
        holder = self._holders.get(step.repository)
        if step.is_taken:
            self.claims += 1
            if holder is not None:  # who never gave it back
                self.inherited.add(step.repository)
            self._holders[step.repository] = step.backend
        elif holder != step.backend:
            self.trespasses.append(step)
        elif step.is_claim and step.became is None:
            del self._holders[step.repository]
