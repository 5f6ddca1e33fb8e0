"""What was typed about a registry before, if anything was."""

from dataclasses import dataclass, field
from typing import Any

from registryui.catalog.models import RegistrySettings
from registryui.web.sealing import SealError


@dataclass(frozen=True)
class Former:
    """The settings as they are kept; ``lost`` names secrets that cannot be read any more."""

    slug: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    lost: tuple[str, ...] = ()

    @classmethod
    def of(cls, typed: RegistrySettings) -> "Former":
        """Read them."""
        slug = typed.registry.slug
        try:
            return cls(slug, typed.values, typed.secrets())
        except SealError:
            return cls(slug, typed.values, lost=typed.secret_names)

    @property
    def is_new(self) -> bool:
        """Whether nothing is kept: the registry is about to be added."""
        return not self.slug

    @property
    def secret_names(self) -> tuple[str, ...]:
        """The secrets that are kept and readable."""
        return tuple(self.secrets)
