"""What an administrator typed about a registry in the browser; its secrets are sealed."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from registryui.catalog.models.registry import Registry
from registryui.web.sealing import SealError, opened, sealed


class RegistrySettingsQuerySet(models.QuerySet["RegistrySettings"]):
    """Settings, said as sentences."""

    def of(self, slug: str) -> "RegistrySettings | None":
        """Return those of one registry, if somebody typed any."""
        return self.select_related("registry").filter(registry__slug=slug).first()


class RegistrySettings(models.Model):
    """How to reach a registry, as it was typed: with the keys of a declaration."""

    registry = models.OneToOneField(Registry, models.CASCADE, related_name="typed")
    values: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict, help_text="What is no secret, by the names of the settings."
    )
    sealed: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(
        default=dict, help_text="The secrets, sealed under the secret key, by the same names."
    )
    changed_by = models.CharField(max_length=200, help_text="Who typed it last.")
    changed_at = models.DateTimeField(help_text="When.")

    objects = RegistrySettingsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "registry settings"

    def __str__(self) -> str:
        """Return which registry they are of."""
        return f"settings of {self.registry}"

    @property
    def secret_names(self) -> tuple[str, ...]:
        """Which secrets are kept, readable or not."""
        return tuple(sorted(self.sealed))

    @property
    def is_readable(self) -> bool:
        """Whether all its secrets can be opened."""
        try:
            self.secrets()
        except SealError:
            return False
        return True

    def secrets(self) -> dict[str, str]:
        """Open the secrets; raise SealError when one was sealed by another key, or changed."""
        return {name: opened(text, self._about(name)) for name, text in self.sealed.items()}

    def seal(self, secrets: Mapping[str, str]) -> None:
        """Keep these secrets and no others."""
        self.sealed = {name: sealed(text, self._about(name)) for name, text in secrets.items()}

    def _about(self, name: str) -> str:
        # Bound to its place: what is sealed for one registry says nothing in another's row.
        return f"registry {self.registry.slug} {name}"
