"""The people who use Registry UI."""

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy


class UserQuerySet(models.QuerySet["User"]):
    """People, said as sentences."""

    def administrators(self) -> Self:
        """Those who may do everything, and may sign in."""
        return self.filter(role=User.Role.ADMINISTRATOR, is_active=True)

    def called(self, name: str) -> Self:
        """Those of this name, in whatever case: one at most."""
        return self.filter(username__iexact=name)


class PeopleManager(UserManager["User"]):
    """Makes people, and finds them."""

    def get_queryset(self) -> UserQuerySet:
        """Return everybody."""
        return UserQuerySet(self.model, using=self._db)

    def administrators(self) -> UserQuerySet:
        """Return those who may do everything, and may sign in."""
        return self.get_queryset().administrators()

    def called(self, name: str) -> UserQuerySet:
        """Return those of this name, in whatever case: one at most."""
        return self.get_queryset().called(name)


class User(AbstractUser):
    """A person, or a program, that can be given rights."""

    class Role(models.TextChoices):
        """What somebody may do whatever the teams say."""

        MEMBER = "MEMBER", gettext_lazy("member")
        AUDITOR = "AUDITOR", gettext_lazy("auditor")
        ADMINISTRATOR = "ADMINISTRATOR", gettext_lazy("administrator")

    role = models.CharField(
        max_length=20,
        choices=Role.choices,
        default=Role.MEMBER,
        help_text="Members do what their teams may; auditors read everything and change nothing; "
        "administrators do everything.",
    )
    source = models.CharField(
        max_length=60,
        blank=True,
        help_text="The sign-in service that vouches for the person; empty for a local account.",
    )
    language = models.CharField(
        max_length=10,
        blank=True,
        help_text="The language of the pages; empty for what the browser asks for.",
    )

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta:
        ordering = ("username",)
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="username_unique_in_any_case",
                violation_error_message=gettext_lazy("Somebody has this name already."),
            )
        ]

    def __str__(self) -> str:
        """Return the name to sign in with."""
        return self.username
