"""The page that says what is lost when a registry is removed."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registryui.accounts.pages.form import Form
from registryui.catalog.models import Registry, RegistrySettings
from registryui.catalog.pages.parts import Link, registry_crumb
from registryui.connections import set_declaration


@dataclass(frozen=True, slots=True)
class RegistryRemovalPage:
    """What goes and what stays when a registry is removed."""

    url: str = field(metadata={"help": "Address of this page; POST removes it."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    registry: str = field(metadata={"help": "What people call it."})
    goes: tuple[str, ...] = field(metadata={"help": "What is lost, as sentences."})
    stays: tuple[str, ...] = field(metadata={"help": "What is kept, as sentences."})
    form: Form = field(metadata={"help": "To remove it."})

    @classmethod
    def build(cls, typed: RegistrySettings) -> "RegistryRemovalPage":
        """Say it."""
        registry = typed.registry
        url = reverse("registry-remove", args=[registry.slug])
        is_declared = set_declaration(registry.slug) is not None
        settings = Link(_("Settings"), reverse("registry-settings", args=[registry.slug]))
        return cls(
            url=url,
            crumbs=(registry_crumb(registry), settings),
            registry=str(registry),
            goes=_settings_go(typed)
            if is_declared
            else (_pages_go(registry), *_settings_go(typed)),
            stays=_kept(is_declared=is_declared),
            form=Form(url, "post", _("Remove"), (), (), is_dangerous=True),
        )


def _pages_go(registry: Registry) -> str:
    return ngettext(
        "Its pages: %(count)s repository is not shown any more, nor found.",
        "Its pages: %(count)s repositories are not shown any more, nor found.",
        registry.repository_count,
    ) % {"count": f"{registry.repository_count:,}"}


def _settings_go(typed: RegistrySettings) -> tuple[str, ...]:
    settings = _("What was typed here, its address and certificates included.")
    if not typed.secret_names:
        return (settings,)
    count = len(typed.secret_names)
    secrets = ngettext(
        "%(count)s secret, which nobody can read back.",
        "%(count)s secrets, which nobody can read back.",
        count,
    ) % {"count": count}
    return (settings, secrets)


def _kept(*, is_declared: bool) -> tuple[str, ...]:
    if is_declared:
        return (_("The registry: it is declared outside the browser, and that is what is used."),)
    return (
        _("Nothing is changed in the registry itself."),
        _("The index stays in the database: a registry added under the same name has it again."),
        _("Grants, rules and the audit log stay as they are."),
    )
