"""Deletions, restores and copies in Debian's docker-registry 2.8.2, pulled by skopeo afterwards."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registryui.accounts.access import EVERYTHING
from registryui.audit.api import Actor
from registryui.catalog.models import Repository
from registryui.deletion import testing
from registryui.deletion.copying import begin_copy
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.models import Operation, Step
from registryui.deletion.planning.plan import DeletionPlan, plan_deletion
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.steps import begin_deletion
from registryui.deletion.planning.ways import Ability
from registryui.deletion.restoring import begin_restore, plan_restore
from registryui.jobs.api import Hands, work_off
from tests.real import filling
from tests.real.conftest import Setup, Sync
from tests.real.processes import Server, docker_registry
from tests.real.skopeo import Skopeo, run

pytestmark = pytest.mark.real

APP, MULTI = "team/app", "library/multi"
ACTOR = Actor.system("the tests")
DISABLED = {"storage": {"delete": {"enabled": False}}}
READ_ONLY = {
    "storage": {"maintenance": {"uploadpurging": {"enabled": False}, "readonly": {"enabled": True}}}
}


class Yard:
    """A registry that can be set up anew on the same files, and what is deleted in it."""

    def __init__(self, sync: Sync, directory: Path, root: Path) -> None:
        self._sync = sync
        self._directory = directory
        self.root = root
        self._stack = ExitStack()
        self.server: Server
        self.set_up({})

    @property
    def skopeo(self) -> Skopeo:
        """skopeo, for this registry."""
        return Skopeo(self.server.host)

    @property
    def blob_bytes(self) -> int:
        """How large all blobs on the disk are."""
        return sum(path.stat().st_size for path in self.root.glob("**/blobs/sha256/*/*/data"))

    def set_up(self, sections: Mapping[str, Any], *, tests: bool = True) -> None:
        """Start the registry anew with some settings, read it, and test whether it deletes."""
        self._stack.close()
        self.server = self._stack.enter_context(
            docker_registry(self._directory, root=self.root, **sections)
        )
        assert not self._sync.run(Setup(self.server, self.skopeo).declaration()).error
        if tests:
            self.test(APP)

    def test(self, name: str) -> Ability:
        """Test whether it deletes."""
        repository = Repository.objects.get(name=name)
        return testing.test_ability(self._sync.registry, repository, timezone.now())

    def collect_garbage(self) -> None:
        """Stop the registry, and have it free what nothing leads to."""
        self._stack.close()
        configuration = str(self._directory / "config.yml")
        for _ in range(2):
            subprocess.run(
                ["docker-registry", "garbage-collect", configuration],
                check=True,
                capture_output=True,
            )

    def plan(self, name: str, *tags: str) -> DeletionPlan:
        """Plan to delete some tags."""
        repository = Repository.objects.get(name=name)
        ability = Ability.of(self._sync.registry, is_read_only=False)
        return plan_deletion(repository, Selection(tags), access=EVERYTHING, ability=ability)

    def confirm(self, name: str, *tags: str) -> Operation:
        """Confirm the plan of deleting some tags."""
        repository = Repository.objects.get(name=name)
        return begin_deletion(repository, self.plan(name, *tags), **self._by())

    def restore(self, operation: Operation) -> list[Step]:
        """Undo an operation."""
        return self.do(begin_restore(operation, plan_restore(operation), **self._by()))

    def copy(self, name: str, source: str, tag: str) -> list[Step]:
        """Give an image another tag."""
        repository = Repository.objects.get(name=name)
        return self.do(
            begin_copy(repository, source, tag, may_move=True, access=EVERYTHING, **self._by())
        )

    def do(self, operation: Operation) -> list[Step]:
        """Work an operation off."""
        ask_for_work(operation, timezone.now())
        work_off(Hands("worker"), now=timezone.now())
        return list(Step.objects.filter(operation=operation).order_by("position"))

    def end(self) -> None:
        """Stop the registry."""
        self._stack.close()

    def _by(self) -> Any:
        return {"by": ACTOR, "now": timezone.now()}


@pytest.fixture
def yard(sync: Sync, small_storage: Path, layout: filling.Layout, tmp_path: Path) -> Iterator[Yard]:
    """Return a small registry with a signed image of two platforms."""
    root = tmp_path / "storage"
    shutil.copytree(small_storage, root)
    with docker_registry(tmp_path / "before", root=root) as server:
        skopeo = Skopeo(server.host)
        skopeo.copy(layout["newer"], f"{APP}:newer")
        filling._sign(server.host, MULTI, "1")
    yard = Yard(sync, tmp_path / "registry", root)
    yield yard
    yard.end()


@pytest.fixture
def pull(yard: Yard, tmp_path: Path) -> Callable[[str], None]:
    """Return what pulls an image with all its platforms and layers."""

    def pulled(reference: str) -> None:
        source = f"docker://{yard.skopeo.host}/{reference}"
        target = tmp_path / "pulled" / reference.replace("/", "-").replace(":", "-")
        target.mkdir(parents=True)
        run("copy", "--quiet", "--all", "--src-tls-verify=false", source, f"dir:{target}")

    return pulled


def states(steps: list[Step]) -> set[tuple[str, str]]:
    return {(step.kind, step.state) for step in steps}


def test_deletes_a_signed_image_and_puts_it_back(yard: Yard, pull: Callable[[str], None]) -> None:
    before = yard.skopeo.tags(MULTI)
    digest = yard.skopeo.digest(f"{MULTI}:1")
    operation = yard.confirm(MULTI, "1")

    steps = yard.do(operation)

    assert states(steps) == {("REMOVE", "DONE")}
    assert len(steps) == 4
    assert yard.plan(MULTI, "1").missing == ("1",)

    restored = yard.restore(operation)

    assert states(restored) == {("PUT", "DONE"), ("TAG", "DONE")}
    assert yard.skopeo.tags(MULTI) == before
    assert yard.skopeo.digest(f"{MULTI}:1") == digest
    pull(f"{MULTI}:1")


def test_frees_what_the_plan_said(yard: Yard) -> None:
    plan = yard.plan(APP, "newer")
    before = yard.blob_bytes
    assert states(yard.do(yard.confirm(APP, "newer"))) == {("REMOVE", "DONE")}
    assert yard.blob_bytes == before

    yard.collect_garbage()

    assert before - yard.blob_bytes == plan.freed_bytes > 0


def test_frees_what_the_plan_said_of_a_signed_image(yard: Yard) -> None:
    # What team/app has, too, stays.
    plan = yard.plan(MULTI, "1")
    before = yard.blob_bytes
    assert states(yard.do(yard.confirm(MULTI, "1"))) == {("REMOVE", "DONE")}

    yard.collect_garbage()

    assert before - yard.blob_bytes == plan.freed_bytes > 0


def test_says_what_garbage_collection_has_taken(yard: Yard) -> None:
    operation = yard.confirm(APP, "newer")
    yard.do(operation)
    yard.collect_garbage()
    yard.set_up({})

    steps = yard.restore(operation)

    assert states(steps) == {("PUT", "REFUSED"), ("TAG", "REFUSED")}
    assert "Garbage collection has taken" in steps[0].reason
    assert "newer" not in yard.skopeo.tags(APP)


def test_takes_one_of_two_tags(yard: Yard, pull: Callable[[str], None]) -> None:
    digest = yard.skopeo.digest(f"{APP}:latest")

    steps = yard.do(yard.confirm(APP, "1.0"))

    assert states(steps) == {("REPLACE", "DONE")}
    assert yard.skopeo.tags(APP) == ["arm", "latest", "newer"]
    assert yard.skopeo.digest(f"{APP}:latest") == digest
    pull(f"{APP}:latest")


@pytest.mark.parametrize(("tags", "way"), [(["1.0"], "REPLACE"), (["1.0", "latest"], "REMOVE")])
def test_leaves_everything_when_deletion_was_switched_off(
    yard: Yard, tags: list[str], way: str
) -> None:
    digest = yard.skopeo.digest(f"{APP}:1.0")
    operation = yard.confirm(APP, *tags)
    yard.set_up(DISABLED, tests=False)

    steps = yard.do(operation)

    assert states(steps) == {(way, "REFUSED")}
    assert "switched off" in steps[0].reason
    assert yard.skopeo.digest(f"{APP}:1.0") == yard.skopeo.digest(f"{APP}:latest") == digest
    ability = yard.test(APP)
    assert (ability.by_tag, ability.by_digest, ability.may_push) == (False, False, True)
    assert yard.plan(APP, *tags).doable == ()


@pytest.mark.parametrize("tags", [["1.0"], ["1.0", "latest"]])
def test_leaves_everything_while_it_is_read_only(yard: Yard, tags: list[str]) -> None:
    digest = yard.skopeo.digest(f"{APP}:1.0")
    operation = yard.confirm(APP, *tags)
    yard.set_up(READ_ONLY, tests=False)

    steps = yard.do(operation)

    assert {step.state for step in steps} == {"REFUSED"}
    assert "read-only" in steps[0].reason
    assert yard.skopeo.digest(f"{APP}:1.0") == digest
    ability = yard.test(APP)
    assert (ability.by_tag, ability.by_digest, ability.may_push) == (False, False, False)


def test_gives_an_image_another_tag(yard: Yard, pull: Callable[[str], None]) -> None:
    steps = yard.copy(APP, "newer", "stable")

    assert states(steps) == {("TAG", "DONE")}
    assert yard.skopeo.digest(f"{APP}:stable") == yard.skopeo.digest(f"{APP}:newer")
    pull(f"{APP}:stable")


def test_leaves_a_tag_that_somebody_pushed_meanwhile(yard: Yard, layout: filling.Layout) -> None:
    operation = yard.confirm(APP, "newer")
    yard.skopeo.copy(layout["arm"], f"{APP}:newer")

    steps = yard.do(operation)

    assert states(steps) == {("REMOVE", "CHANGED")}
    assert yard.skopeo.digest(f"{APP}:newer") == yard.skopeo.digest(f"{APP}:arm")


def test_leaves_a_platform_of_an_index(yard: Yard, layout: filling.Layout) -> None:
    yard.skopeo.copy(layout["arm"], f"{MULTI}:arm")
    yard.set_up({})

    steps = yard.do(yard.confirm(MULTI, "arm"))

    assert states(steps) == {("REPLACE", "DONE")}
    assert "arm" not in yard.skopeo.tags(MULTI)
    assert yard.skopeo.inspect(f"{MULTI}:1", platform="linux/arm64")
