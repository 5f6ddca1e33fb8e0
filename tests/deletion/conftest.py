"""A sample registry in the index, somebody who deletes in it, and the worker that does it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pytest_django.fixtures import Settings

from registryui.accounts.access import access_of
from registryui.accounts.models import User
from registryui.audit.api import Actor
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry, Repository
from registryui.connections import client_for
from registryui.declarations import Declaration
from registryui.deletion import testing
from registryui.deletion.execution import work as working
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.models import Operation, Step
from registryui.deletion.planning.plan import DeletionPlan, plan_deletion
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.steps import begin_deletion
from registryui.deletion.planning.ways import Ability
from registryui.jobs.api import Hands, work_off
from registryui.sample import builder
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from registryui.sync.crawl import Terms, crawl
from tests.wiring import connected

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BASE_URL = "http://registry.example"
APP = "team/app"


class Site:
    """A sample registry, indexed, and an administrator who deletes in ``team/app``."""

    def __init__(self, sample: SampleRegistry) -> None:
        self.sample = sample
        self.name = APP
        self.now = NOON
        self.hands = self.hire()
        self.user = User.objects.create_user("anna", role=User.Role.ADMINISTRATOR)
        Registry.objects.create(slug="default", base_url=BASE_URL, client_host="registry.example")

    def hire(self) -> Hands:
        """Return another worker."""
        return Hands("worker", clock=lambda: self.now)

    @property
    def registry(self) -> Registry:
        """The registry's row, as it is now."""
        return Registry.objects.get(slug="default")

    @property
    def repository(self) -> Repository:
        """The repository's row, as it is now."""
        return Repository.objects.get(name=self.name)

    @property
    def ability(self) -> Ability:
        """What the last test showed."""
        return Ability.of(self.registry, is_read_only=False)

    def be(self, kind: str) -> None:
        """Behave as one of the registries of the world from now on."""
        for name, value in vars(KINDS[kind]()).items():
            setattr(self.sample.switches, name, value)

    def crawl(self) -> None:
        """Bring the index up to date."""
        result = crawl(
            self.registry, client_for(self.registry), Terms(clock=lambda: self.now, threads=4)
        )
        assert not result.error

    def test(self) -> Ability:
        """Have the registry tested, as somebody would who deletes."""
        return testing.test_ability(self.registry, self.repository, self.now)

    def image(self, *tags: str, layers: int = 1, **options: object) -> str:
        """Push an image under some tags."""
        digest = builder.image(self.sample, APP, layers=layers, **options)  # type: ignore[arg-type]
        for tag in tags:
            builder.retag(self.sample, APP, tag, digest)
        return str(digest)

    def plan(self, *tags: str) -> DeletionPlan:
        """Plan to delete some tags."""
        return plan_deletion(
            self.repository, Selection(tags=tags), access=access_of(self.user), ability=self.ability
        )

    def confirm(self, *tags: str, actor: Actor | None = None) -> Operation:
        """Confirm the plan of deleting some tags."""
        by = actor or Actor(self.user.username, id=self.user.pk)
        operation = begin_deletion(self.repository, self.plan(*tags), by=by, now=self.now)
        ask_for_work(operation, self.now)
        return operation

    def work(self, *, after: float = 0) -> int:
        """Do all that is due."""
        self.now += timedelta(seconds=after)
        return work_off(self.hands, now=self.now)

    def delete(self, *tags: str) -> list[Step]:
        """Confirm, work off, and return what came of each step."""
        operation = self.confirm(*tags)
        self.work()
        return steps_of(operation)

    def tags(self) -> dict[str, str]:
        """Where each tag points in the registry."""
        stored = self.sample.store.open(APP)
        return {tag: str(digest) for tag, digest in stored.tags().items()}

    def manifests(self) -> set[str]:
        """Which manifests the registry has."""
        return {str(digest) for digest in self.sample.store.open(APP).manifests()}

    def indexed(self) -> set[str]:
        """Which tags the index has."""
        return set(self.repository.tags.values_list("name", flat=True))


def steps_of(operation: Operation) -> list[Step]:
    """Return an operation's steps as they are now."""
    return list(Step.objects.filter(operation=operation).order_by("position"))


def states(steps: list[Step]) -> list[tuple[str, str]]:
    """Return the kind and state of some steps."""
    return [(step.kind, step.state) for step in steps]


def stories() -> list[tuple[str, str]]:
    """Return the action and result of every audit event, in order."""
    return list(AuditEvent.objects.order_by("sequence").values_list("action", "result"))


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look once only: the sample registry is never behind."""
    monkeypatch.setattr(working, "LOOKS", (0.0,))


@pytest.fixture
def sample() -> SampleRegistry:
    """Return an empty registry in memory."""
    return SampleRegistry()


@pytest.fixture
def site(sample: SampleRegistry, db: None, settings: Settings) -> Iterator[Site]:
    """Return a site whose client does not wait between its tries."""
    settings.REGISTRIES = (Declaration("default", BASE_URL),)
    with connected(httpx.WSGITransport(sample)):
        yield Site(sample)


Filled = Callable[[], Site]
