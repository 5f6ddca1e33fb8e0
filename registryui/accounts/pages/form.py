"""A form as plain values: what a template draws, and what the JSON twin says can be sent."""

from dataclasses import dataclass, field

from django import forms

SECRET = "password"  # noqa: S105 - a kind of field


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    value: str = field(metadata={"help": "What is sent."})
    label: str = field(metadata={"help": "What it means, in words."})
    is_chosen: bool = field(metadata={"help": "Whether it is chosen now."})


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in."""

    name: str = field(metadata={"help": "What it is sent as."})
    label: str = field(metadata={"help": "What to fill in, in words."})
    kind: str = field(
        metadata={
            "help": "text, textarea, password, number, date, checkbox, select, search, hidden."
        }
    )
    value: str = field(metadata={"help": "What is in it now; always empty for a password."})
    help: str = field(metadata={"help": "What to know before filling it in."})
    autocomplete: str = field(metadata={"help": "What a browser may fill in by itself."})
    is_required: bool = field(metadata={"help": "Whether it must be filled in."})
    choices: tuple[Choice, ...] = field(metadata={"help": "What there is to choose from."})
    errors: tuple[str, ...] = field(metadata={"help": "What is wrong with what was sent."})


@dataclass(frozen=True, slots=True)
class Form:
    """What can be sent to an address."""

    url: str = field(metadata={"help": "Where it is sent to."})
    method: str = field(
        metadata={"help": "get; or post, with the secret of the forms or an API token."}
    )
    button: str = field(metadata={"help": "What sending it does, in words."})
    fields: tuple[Field, ...] = field(metadata={"help": "What to fill in."})
    errors: tuple[str, ...] = field(metadata={"help": "What is wrong with it as a whole."})
    is_dangerous: bool = field(
        default=False, metadata={"help": "Whether sending it takes something away for good."}
    )

    @classmethod
    def build(cls, form: forms.BaseForm, *, url: str, button: str, method: str = "post") -> "Form":
        """Read a form of Django's."""
        return cls(
            url=url,
            method=method,
            button=button,
            fields=tuple(_field(form[name]) for name in form.fields),
            errors=tuple(str(error) for error in form.non_field_errors()),
        )


def _field(bound: forms.BoundField) -> Field:
    widget = bound.field.widget
    kind = _kind(widget)
    value = bound.value()
    choices = tuple(
        Choice(str(each), str(label), str(each) == str(value))
        for each, label in getattr(widget, "choices", ())
    )
    return Field(
        name=bound.html_name,
        label=str(bound.label),
        kind=kind,
        value="" if kind == SECRET or value is None else str(value),
        help=str(bound.help_text),
        autocomplete=str(widget.attrs.get("autocomplete", "off")),
        is_required=bound.field.required,
        choices=choices,
        errors=tuple(str(error) for error in bound.errors),
    )


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    kind = str(getattr(widget, "input_type", "text"))
    return kind if kind != "email" else "text"
