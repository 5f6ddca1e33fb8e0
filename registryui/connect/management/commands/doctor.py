"""``manage.py doctor``: examines a registry, and says of each step what is wrong with it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registryui.audit.api import Actor, Via
from registryui.catalog.models import Registry
from registryui.connect.diagnosing import diagnose, new_diagnosis
from registryui.connect.doctor.course import Seen
from registryui.connect.doctor.findings import State
from registryui.connect.explanations import explanation_of
from registryui.sync.declare import declare_registries

BY = Actor(name="doctor", via=Via.COMMAND.value)
MARKS = {
    State.FINE: "ok",
    State.UNSUPPORTED: "no",
    State.WARNING: "look",
    State.BROKEN: "BROKEN",
    State.SKIPPED: "-",
}


class Command(BaseCommand):
    """Examine one registry in the foreground."""

    help = "Examines a registry from its name to its notifications; fails when something is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the registry's name, and whether deletion is to be tried."""
        parser.add_argument("slug", help="the registry's name")
        parser.add_argument(
            "--delete", action="store_true", help="try deletion, too, by names that nobody has"
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Examine it; what is broken is the command's failure."""
        declare_registries(settings.REGISTRIES)
        registry = _declared(options["slug"])
        now = timezone.now()
        if registry.paused_until is not None and registry.paused_until > now:
            raise CommandError(
                f"It asked to be left alone until {registry.paused_until:%H:%M} UTC."
            )
        diagnosis = new_diagnosis(registry, by=BY, with_deletion=options["delete"], now=now)
        diagnose(diagnosis, tell=self._tell)
        if diagnosis.error:
            raise CommandError(diagnosis.error)
        if diagnosis.is_broken:
            raise CommandError("Something is broken: see above what, and what to do.")

    def _tell(self, seen: Seen) -> None:
        finding = seen.finding
        self.stdout.write(f"{MARKS[finding.state]:7}{seen.look.title:16}{finding.words}")
        if finding.fix and finding.state != State.FINE:
            self.stdout.write(f"{'':23}{finding.fix}")
        explanation = explanation_of(finding.explanation)
        if explanation and finding.state == State.BROKEN:
            self.stdout.write(f"{'':23}docker says: {explanation.example}")


def _declared(slug: str) -> Registry:
    rows = {registry.slug: registry for registry in Registry.objects.declared()}
    if slug not in rows:
        known = ", ".join(rows) or "none"
        raise CommandError(f"No registry is called {slug!r}. Declared: {known}.")
    return rows[slug]
