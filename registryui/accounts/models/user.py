"""The people who use Registry UI."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person, or a program, that can be given rights."""

    class Role(models.TextChoices):
        """What somebody may do whatever the teams say."""

        MEMBER = "MEMBER", "member"
        AUDITOR = "AUDITOR", "auditor"
        ADMINISTRATOR = "ADMINISTRATOR", "administrator"

    role = models.CharField(
        max_length=20,
        choices=Role.choices,
        default=Role.MEMBER,
        help_text="Members do what their teams may; auditors read everything and change nothing; "
        "administrators do everything.",
    )

    def __str__(self) -> str:
        """Return the name to sign in with."""
        return self.username
