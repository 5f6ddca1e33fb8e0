"""Settings as a page shows them: to be typed, or locked."""

from dataclasses import dataclass, field, replace

from registryui.accounts.pages.form import Field, Form
from registryui.declarations import FILES, Declaration
from registryui.registries.fields import GROUPS, Kind, Setting
from registryui.registries.forms import REMOVE, RegistryForm


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting that can be typed."""

    input: Field = field(metadata={"help": "What to fill in; a secret is never in it."})
    is_secret: bool = field(metadata={"help": "Whether it is sealed, and never shown again."})
    state: str = field(
        metadata={
            "help": "Of a secret: KEPT, TYPED (to be saved), LOST, or empty if there is none."
        }
    )
    remove: Field | None = field(metadata={"help": "The box that removes a kept secret."})


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together."""

    title: str = field(metadata={"help": "What they are about."})
    explanation: str = field(metadata={"help": "What to know before filling them in."})
    settings: tuple[SettingRow, ...] = field(metadata={"help": "The settings."})


@dataclass(frozen=True, slots=True)
class LockedRow:
    """One setting that is declared outside the browser."""

    name: str = field(metadata={"help": "What the setting is called there."})
    label: str = field(metadata={"help": "The same for people."})
    value: str = field(metadata={"help": "What it is; of a secret only that there is one."})
    is_secret: bool = field(metadata={"help": "Whether it is a secret."})
    is_long: bool = field(metadata={"help": "Whether it has lines."})


def groups_of(form: RegistryForm, drawn: Form) -> tuple[SettingGroup, ...]:
    """Return a form's settings in their groups; the name comes first when it is asked for."""
    fields = {each.name: each for each in drawn.fields}
    groups = tuple(
        SettingGroup(
            str(group.title),
            str(group.explanation),
            tuple(_row(setting, form, fields) for setting in group.settings),
        )
        for group in GROUPS
    )
    if "slug" not in fields:
        return groups
    name = SettingRow(fields["slug"], is_secret=False, state="", remove=None)
    return (replace(groups[0], settings=(name, *groups[0].settings)), *groups[1:])


def _row(setting: Setting, form: RegistryForm, fields: dict[str, Field]) -> SettingRow:
    drawn = fields[setting.name]
    if not setting.is_secret:
        return SettingRow(drawn, is_secret=False, state="", remove=None)
    return SettingRow(
        replace(drawn, value=""),
        is_secret=True,
        state=_state(setting.name, form),
        remove=fields.get(f"{REMOVE}{setting.name}"),
    )


def _state(name: str, form: RegistryForm) -> str:
    if form.is_bound and form.is_valid() and name in form.typed_secrets:
        return "TYPED"
    if name in form.carried:
        return "TYPED"
    if name in form.former.secrets:
        return "KEPT"
    return "LOST" if name in form.former.lost else ""


def locked_rows(declared: Declaration) -> tuple[LockedRow, ...]:
    """Return what is declared elsewhere: all that is not as usual."""
    usual = Declaration(slug="", url="")
    files = [Setting(name, name) for name in FILES if hasattr(declared, name)]
    settings = [*(setting for group in GROUPS for setting in group.settings), *files]
    return tuple(
        _locked(setting, getattr(declared, setting.name))
        for setting in settings
        if getattr(declared, setting.name) != getattr(usual, setting.name)
    )


def _locked(setting: Setting, value: object) -> LockedRow:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return LockedRow(
        name=setting.name,
        label=str(setting.label),
        value="" if setting.is_secret else text,
        is_secret=setting.is_secret,
        is_long=setting.kind is Kind.PEM,
    )
