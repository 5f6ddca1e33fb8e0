"""The page of one registry's settings, and the one that adds a registry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.pages.form import Form
from registryui.catalog.models import Registry, RegistrySettings
from registryui.catalog.pages.parts import Link, registry_crumb
from registryui.connect.doctor.course import Seen
from registryui.connect.doctor.findings import State
from registryui.connect.models import DiagnosisLook
from registryui.connect.pages.doctor import LookRow
from registryui.declarations import FILE, Declaration
from registryui.registries.forms import RegistryForm
from registryui.registries.pages.rows import LockedRow, SettingGroup, groups_of, locked_rows


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of testing what was typed."""

    seen: Sequence[Seen]
    is_sound: bool


@dataclass(frozen=True, slots=True)
class RegistrySettingsPage:
    """How a registry is reached: to be typed by an administrator, or declared elsewhere."""

    url: str = field(metadata={"help": "Address of this page; POST saves where it is allowed."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    slug: str = field(metadata={"help": "The registry's name in addresses; empty for a new one."})
    declared_words: str = field(
        metadata={"help": "Where it is declared, if not here; then nothing can be changed here."}
    )
    locked: tuple[LockedRow, ...] = field(metadata={"help": "What is declared there."})
    groups: tuple[SettingGroup, ...] = field(metadata={"help": "What can be typed here."})
    errors: tuple[str, ...] = field(metadata={"help": "What is wrong with it as a whole."})
    is_overridden: bool = field(
        metadata={"help": "Whether something was typed here that is not used while it is locked."}
    )
    has_lost_secrets: bool = field(
        metadata={"help": "Whether secrets that were typed cannot be read any more."}
    )
    looks: tuple[LookRow, ...] = field(metadata={"help": "What the test of the connection found."})
    troubles: tuple[LookRow, ...] = field(metadata={"help": "Those that found something wrong."})
    is_sound: bool = field(metadata={"help": "Whether the test found that it can be read."})
    carried: str = field(
        metadata={"help": "Secrets that were typed, sealed, to be sent back as they are."}
    )
    changed_by: str = field(metadata={"help": "Who typed it last; empty if nobody did."})
    changed_at: datetime | None = field(metadata={"help": "When; null if nobody did."})
    remove_url: str = field(
        metadata={"help": "Address that removes what was typed; empty if nothing was."}
    )
    doctor_url: str = field(metadata={"help": "Address of the doctor; empty for a new registry."})
    is_read_by_all: bool = field(
        metadata={"help": "Whether everybody may read all registries without signing in."}
    )

    @classmethod
    def build(
        cls,
        form: RegistryForm,
        *,
        registry: Registry | None = None,
        typed: RegistrySettings | None = None,
        trial: Trial | None = None,
        carried: str = "",
    ) -> "RegistrySettingsPage":
        """Draw the form; ``registry`` and ``typed`` are what is there already.

        ``carried`` are secrets that were typed, sealed for the next step.
        """
        url = _address(registry)
        drawn = Form.build(form, url=url, button="")
        looks = _looks(trial.seen) if trial else ()
        return cls(
            url=url,
            crumbs=_crumbs(registry),
            slug=registry.slug if registry else "",
            declared_words="",
            locked=(),
            groups=groups_of(form, drawn),
            errors=drawn.errors,
            is_overridden=False,
            has_lost_secrets=bool(form.former.lost),
            looks=looks,
            troubles=tuple(each for each in looks if each.state in (State.BROKEN, State.WARNING)),
            is_sound=trial.is_sound if trial else False,
            carried=carried,
            is_read_by_all=bool(settings.ANONYMOUS_READ),
            **_about(registry, typed),
        )

    @classmethod
    def build_locked(
        cls, registry: Registry, declared: Declaration, typed: RegistrySettings | None
    ) -> "RegistrySettingsPage":
        """Show what is declared outside the browser, which wins over what was typed."""
        return cls(
            url=_address(registry),
            crumbs=_crumbs(registry),
            slug=registry.slug,
            declared_words=_where(declared),
            locked=locked_rows(declared),
            groups=(),
            errors=(),
            is_overridden=typed is not None,
            has_lost_secrets=False,
            looks=(),
            troubles=(),
            is_sound=False,
            carried="",
            is_read_by_all=False,
            **_about(registry, typed),
        )


def _about(registry: Registry | None, typed: RegistrySettings | None) -> dict[str, Any]:
    slug = [registry.slug] if registry else []
    return {
        "changed_by": typed.changed_by if typed else "",
        "changed_at": typed.changed_at if typed else None,
        "remove_url": reverse("registry-remove", args=slug) if typed else "",
        "doctor_url": reverse("doctor", args=slug) if registry else "",
    }


def _address(registry: Registry | None) -> str:
    if registry is None:
        return reverse("registry-add")
    return reverse("registry-settings", args=[registry.slug])


def _crumbs(registry: Registry | None) -> tuple[Link, ...]:
    top = Link(_("Registries"), reverse("registry-list"))
    return (top, registry_crumb(registry)) if registry else (top,)


def _where(declared: Declaration) -> str:
    if declared.source == FILE:
        return _(
            "It is declared as [registries.%(slug)s] in the file that REGISTRYUI_REGISTRIES_FILE "
            "names. Change it there, then restart Registry UI."
        ) % {"slug": declared.slug}
    return _(
        "It is declared in the environment, by the variables REGISTRYUI_REGISTRY_…. "
        "Change it there, then restart Registry UI."
    )


def _looks(seen: Sequence[Seen]) -> tuple[LookRow, ...]:
    return tuple(
        LookRow.of(
            DiagnosisLook(
                key=each.look.key,
                state=each.finding.state,
                words=each.finding.words,
                fix=each.finding.fix,
                explanation=each.finding.explanation,
                milliseconds=each.milliseconds,
            )
        )
        for each in seen
    )
