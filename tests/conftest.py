"""What all tests share."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests import programs
from tests.people import browser_of


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to write the golden pages anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden pages anew")
    parser.addoption("--database-only", action="store_true", help="run what uses the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests whose programs are missing; ``make test`` names them at the end."""
    if config.getoption("--database-only"):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = [item for item in items if _uses_database(item)]
    for marker, needed in programs.NEEDED_BY.items():
        lacking = programs.missing(needed)
        for item in items:
            if lacking and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"needs {', '.join(lacking)}"))


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup"} & set(
        getattr(item, "fixturenames", ())
    )
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def _audit_log_lets_go(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the database be emptied after a test that commits: the audit log would refuse."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (
        marker is not None and marker.kwargs.get("transaction", False)
    )
    if commits:
        request.getfixturevalue("transactional_db")  # so that this ends before it does
    yield
    if commits:
        from django.db.models import F

        from registryui.audit.models import AuditEvent, AuditHead, AuditTeam

        AuditHead.objects.update(pruned_through=F("sequence"))
        AuditTeam.objects.all().delete()
        everything = AuditEvent.objects.all()
        everything._raw_delete(everything.db)


@pytest.fixture
def person(db: None) -> Callable[[str], Client]:
    """Return a function that gives the browser of somebody with a role; "" is nobody."""

    def browser(role: str) -> Client:
        from registryui.accounts.signals import something_happened
        from registryui.audit.listening import remember

        something_happened.disconnect(dispatch_uid="audit")  # the log of the test is the test's
        try:
            return browser_of(role) if role else Client()
        finally:
            something_happened.connect(remember, dispatch_uid="audit")

    return browser


@pytest.fixture
def auditor(person: Callable[[str], Client]) -> Client:
    """Return the browser of somebody who may read the log."""
    return person("AUDITOR")
