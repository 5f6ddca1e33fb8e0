"""Teams, who is in them, and what they are granted."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.accounts.pattern import ANY, is_pattern


def validate_pattern(text: str) -> None:
    """Raise ValidationError for what can be no pattern of repository names."""
    if not is_pattern(text):
        raise ValidationError(
            _("Write a repository's name, with * for any text: team-a/*, */base, or * alone.")
        )


class Team(models.Model):
    """A group of people who look after the same repositories."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True, help_text="Its name in addresses.")
    external_group = models.CharField(
        max_length=200,
        blank=True,
        db_index=True,
        help_text="The group of the sign-in service whose people are its members; empty if none.",
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="teams"
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class Membership(models.Model):
    """That somebody is in a team, and who said so."""

    class Source(models.TextChoices):
        """Who said so."""

        LOCAL = "LOCAL", gettext_lazy("an administrator")
        EXTERNAL = "EXTERNAL", gettext_lazy("the sign-in service")

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    source = models.CharField(
        max_length=10,
        choices=Source.choices,
        default=Source.LOCAL,
        help_text="What a sign-in service said ends when it says so no more.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="membership_unique")]

    def __str__(self) -> str:
        """Return both sides."""
        return f"{self.user_id} in {self.team_id}"


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, said as sentences."""

    def held_by(self, user_id: int) -> Self:
        """Those of the person's teams, and those of everybody who is signed in."""
        mine = models.Q(team__memberships__user=user_id) | models.Q(team=None)
        return self.filter(mine).distinct()


class Grant(models.Model):
    """What a team may do with some repositories; without a team, everybody who is signed in."""

    class Role(models.TextChoices):
        """What may be done; each includes browsing, and managing all of them."""

        BROWSE = "BROWSE", gettext_lazy("browse")
        REPORT = "REPORT", gettext_lazy("report builds")
        FILES = "FILES", gettext_lazy("look into images")
        DELETE = "DELETE", gettext_lazy("delete")
        MANAGE = "MANAGE", gettext_lazy("manage")

    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="grants")
    role = models.CharField(
        max_length=10,
        choices=Role.choices,
        default=Role.BROWSE,
        help_text="Browse: see. Report builds: also tell of builds, as CI does. "
        "Look into images: also read the files in them. "
        "Delete: also delete and restore tags. Manage: also protect tags and set retention rules.",
    )
    registry = models.CharField(
        max_length=50, default=ANY, help_text="The registry's name in addresses; * for all."
    )
    pattern = models.CharField(
        max_length=255,
        default=ANY,
        validators=[validate_pattern],
        help_text="Which repositories, by name; * stands for any text, slashes included.",
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "role", "registry", "pattern"], name="grant_unique"
            ),
            models.UniqueConstraint(
                fields=["role", "registry", "pattern"],
                condition=models.Q(team=None),
                name="grant_to_everybody_unique",
            ),
        ]

    def __str__(self) -> str:
        """Return it as a sentence without its subject."""
        return f"may {self.get_role_display()} {self.pattern} in {self.registry}"
