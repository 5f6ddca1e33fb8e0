"""``manage.py verifyaudit``: proves that the audit log is whole."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from registryui.audit.verifying import Place, Verdict, verify


class Command(BaseCommand):
    """Check every event that is kept, and say where the chain ends."""

    help = "Proves that no audit event was changed, removed or slipped in; exits with 1 if one was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take an event that was noted elsewhere."""
        parser.add_argument(
            "--anchor",
            metavar="SEQUENCE:HASH",
            help="what an earlier run printed as the end; with it, a log cut short and grown again "
            "shows as well",
        )

    def handle(self, *, anchor: str | None = None, **options: object) -> None:
        """Check; a misfit is the command's failure."""
        noted = _place(anchor) if anchor else None
        verdict = verify(noted)
        if verdict.misfit:
            raise CommandError(
                f"The audit log is NOT whole. {verdict.misfit} "
                f"Before that {_counted(verdict)} fitted."
            )
        if noted and not verdict.start.sequence <= noted.sequence <= verdict.end.sequence:
            raise CommandError(
                f"Event {noted.sequence:,} is not there to be compared: the log goes from "
                f"event {verdict.start.sequence + 1:,} to event {verdict.end.sequence:,}."
            )
        self.stdout.write(f"The audit log is whole: {_counted(verdict)} checked.")
        if verdict.start.sequence:
            self.stdout.write(f"Events up to {verdict.start.sequence:,} were pruned.")
        self.stdout.write(f"It ends with {verdict.end}")


def _place(text: str) -> Place:
    try:
        return Place.parse(text)
    except ValueError:
        raise CommandError("An anchor is a number, a colon and 64 hexadecimal digits.") from None


def _counted(verdict: Verdict) -> str:
    return f"{verdict.checked:,} event{'' if verdict.checked == 1 else 's'}"
