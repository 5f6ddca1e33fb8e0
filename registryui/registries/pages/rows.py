"""Settings as a page shows them: to be typed, or locked."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from registryui.accounts.pages.form import Field, Form
from registryui.declarations import FILES, PASTED, Declaration
from registryui.registries.fields import ALL, GROUPS, Group, Setting
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
    is_wide: bool = field(metadata={"help": "Whether it takes the width of the page."})


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together."""

    title: str = field(metadata={"help": "What they are about."})
    explanation: str = field(metadata={"help": "What to know before filling them in."})
    settings: tuple[SettingRow, ...] = field(metadata={"help": "The settings."})
    is_open: bool = field(
        metadata={"help": "False where few need to type anything, and nothing was typed."}
    )


@dataclass(frozen=True, slots=True)
class LockedRow:
    """One setting that is declared outside the browser."""

    name: str = field(metadata={"help": "What the setting is called there."})
    label: str = field(metadata={"help": "The same for people."})
    value: str = field(metadata={"help": "What it is; of a secret only that there is one."})
    is_secret: bool = field(metadata={"help": "Whether it is a secret."})
    is_set: bool = field(metadata={"help": "Whether it is set; else it is as usual."})


def groups_of(form: RegistryForm, drawn: Form) -> tuple[SettingGroup, ...]:
    """Return a form's settings in their groups; the name comes first when it is asked for."""
    fields = {each.name: each for each in drawn.fields}
    groups = tuple(_group(group, form, fields) for group in GROUPS)
    if "slug" not in fields:
        return groups
    name = SettingRow(fields["slug"], is_secret=False, state="", remove=None, is_wide=False)
    return (replace(groups[0], settings=(name, *groups[0].settings)), *groups[1:])


def _group(group: Group, form: RegistryForm, fields: dict[str, Field]) -> SettingGroup:
    rows = tuple(_row(setting, form, fields) for setting in group.settings)
    pairs = zip(group.settings, rows, strict=True)
    return SettingGroup(
        str(group.title),
        str(group.explanation),
        rows,
        is_open=group.is_needed or not all(_is_usual(*pair, form) for pair in pairs),
    )


def _is_usual(setting: Setting, row: SettingRow, form: RegistryForm) -> bool:
    """Say whether a setting is as it is everywhere, with nothing to correct and no secret kept."""
    value = form[setting.name].value() or ""
    is_usual = not value or str(value) == str(setting.usual)
    if isinstance(setting.usual, bool):
        is_usual = bool(value) is setting.usual
    return is_usual and not row.state and not row.input.errors


def _row(setting: Setting, form: RegistryForm, fields: dict[str, Field]) -> SettingRow:
    drawn = fields[setting.name]
    return SettingRow(
        replace(drawn, value="") if setting.is_secret else drawn,
        is_secret=setting.is_secret,
        state=_state(setting.name, form) if setting.is_secret else "",
        remove=fields.get(f"{REMOVE}{setting.name}"),
        is_wide=setting.is_wide,
    )


def _state(name: str, form: RegistryForm) -> str:
    if form.is_bound and name in form.typed_secrets:
        return "TYPED"
    if name in form.former.secrets:
        return "KEPT"
    return "LOST" if name in form.former.lost else ""


def locked_rows(declared: Declaration) -> tuple[LockedRow, ...]:
    """Return what is declared elsewhere: what could be typed, and the files that are named."""
    files = (Setting(name, name) for name in FILES if getattr(declared, name, ""))
    settings = (each for each in ALL if each.name not in PASTED)
    return tuple(_locked(each, getattr(declared, each.name)) for each in (*settings, *files))


def _locked(setting: Setting, value: object) -> LockedRow:
    return LockedRow(
        name=setting.name,
        label=str(setting.label),
        value="" if setting.is_secret else _text(value),
        is_secret=setting.is_secret,
        is_set=bool(value),
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
