"""Repositories of a sample registry in the index, rules about them, and a worker."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from registryui.catalog.models import Registry, Repository
from registryui.deletion.models import RetentionRule, RetentionRun
from registryui.deletion.retention import scheduling
from registryui.jobs.api import Hands, work_off
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms
from tests.indexing import client_of, declare

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TESTED = {
    "deletes_tags": True,
    "deletes_digests": True,
    "accepts_pushes": True,
    "deletion_words": "It deletes.",
    "deletion_tested_at": NOON,
}


class Tidy:
    """A registry that is read and tidied; time passes only when told."""

    def __init__(self) -> None:
        self.sample = SampleRegistry()
        self.registry = declare()
        self.now = NOON
        self.hands = Hands("worker", clock=lambda: self.now)

    def push(self, repository: str, *tags: str) -> None:
        """Push an image of its own for each tag."""
        for tag in tags:
            labels = {"Labels": {"of": f"{repository}:{tag}"}}
            builder.image(self.sample, repository, tag, config={"config": labels})

    def sync(self) -> None:
        """Read the whole registry."""
        with time_machine.travel(self.now, tick=False), client_of(self.sample) as client:
            result = recorded_crawl(self.registry, client, Terms(clock=lambda: self.now))
        assert not result.error
        Registry.objects.filter(pk=self.registry.pk).update(**TESTED)
        self.registry.refresh_from_db()

    def later(self, **time: float) -> None:
        """Let time pass, and read the registry again."""
        self.now += timedelta(**time)
        self.sync()

    def rule(self, name: str = "Tidy up", **columns: object) -> RetentionRule:
        """Write a rule down."""
        return RetentionRule.objects.create(name=name, created_at=self.now, **columns)

    def run(self, rule: RetentionRule, *, is_dry: bool = False) -> RetentionRun:
        """Run a rule to its end; what it begins is left to others."""
        run = scheduling.ask_for_run(rule, is_dry=is_dry, actor_name="ann", now=self.now)
        self.work()
        run.refresh_from_db()
        return run

    def work(self) -> None:
        """Do the runs that are due."""
        work_off(self.hands, now=self.now)

    def repository(self, name: str) -> Repository:
        """Return the row of a repository, its registry loaded."""
        return Repository.objects.select_related("registry").get(name=name)


@pytest.fixture
def tidy(db: None, monkeypatch: pytest.MonkeyPatch) -> Tidy:
    """Return a registry with an application that has five versions, and a base image."""
    # What an operation's steps do is tested elsewhere; here they only have to be asked for.
    monkeypatch.setattr("registryui.deletion.retention.running.hand_over", lambda *_, **__: None)
    tidy = Tidy()
    tidy.push("team-a/app", "1.0", "1.1", "1.2", "1.3", "2.0", "latest")
    tidy.push("team-b/app", "1.0", "2.0")
    tidy.sync()
    return tidy
