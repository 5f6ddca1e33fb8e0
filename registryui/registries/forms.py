"""The form in which an administrator types how to reach a registry."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.catalog.models import Registry
from registryui.connections import trial_client
from registryui.declarations import SLUG, Declaration, DeclarationError, from_browser
from registryui.distribution.endpoint import InvalidEndpointError
from registryui.distribution.limits import Limits
from registryui.registries.checks import MOST_PEM, fault_of, is_elsewhere
from registryui.registries.fields import ALL, SENT, Kind, Setting
from registryui.registries.former import Former
from registryui.web.sentences import in_own_language

REMOVE = "remove_"
# What the rows of the registry table hold; a host is at most as long as the address it is in.
MOST = {"url": 255, "title": 200, "public_host": 255}


class RegistryForm(forms.Form):
    """Everything of ``fields.ALL``; ``carried`` are secrets that an earlier step took.

    An empty secret keeps what there is, unless the box beside it removes it.
    """

    def __init__(
        self, sent: QueryDict | None, *, former: Former, carried: dict[str, str] | None = None
    ) -> None:
        """Take what was typed before."""
        super().__init__(sent)
        self.former, self.carried = former, carried or {}
        if former.is_new:
            self.fields["slug"] = forms.CharField(
                label=gettext_lazy("Name"),
                max_length=50,
                help_text=gettext_lazy(
                    "Its name in addresses, which stays: lower-case letters, digits, hyphens."
                ),
            )
        for setting in ALL:
            self.fields[setting.name] = _field(setting, former.values.get(setting.name))
            if setting.name in former.secret_names:
                label = gettext_lazy("Remove what is kept")
                box = forms.BooleanField(label=label, required=False)
                self.fields[f"{REMOVE}{setting.name}"] = box

    @property
    def slug(self) -> str:
        """The name, typed now or before."""
        return str(self.cleaned_data.get("slug") or self.former.slug)

    @property
    def typed_secrets(self) -> dict[str, str]:
        """The secrets that were typed, in this step or an earlier one."""
        typed = {each.name: str(self.cleaned_data.get(each.name) or "") for each in ALL}
        secrets = {each.name: typed[each.name] for each in ALL if each.is_secret}
        return self.carried | {name: secret for name, secret in secrets.items() if secret}

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets as they will be: kept, removed or typed."""
        kept = {
            name: secret
            for name, secret in self.former.secrets.items()
            if not self.cleaned_data.get(f"{REMOVE}{name}")
        }
        return kept | self.typed_secrets

    @property
    def values(self) -> dict[str, Any]:
        """What is no secret, as it will be; what is as usual is left out."""
        return {
            each.name: self.cleaned_data[each.name]
            for each in ALL
            if not each.is_secret and self.cleaned_data[each.name] != each.usual
        }

    @property
    def declaration(self) -> Declaration:
        """What it declares; raise DeclarationError."""
        return from_browser(self.slug, self.values | self.secrets)

    def clean_slug(self) -> str:
        """Refuse a name that cannot be one, or is another registry's."""
        slug = str(self.cleaned_data["slug"])
        if not SLUG.fullmatch(slug):
            raise ValidationError(
                _("Write lower-case letters, digits and single hyphens, such as my-registry.")
            )
        if slug in {each.slug for each in settings.REGISTRIES} or (
            Registry.objects.declared().filter(slug=slug).exists()
        ):
            raise ValidationError(_("Another registry has this name. Choose another one."))
        return slug

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot work, before anybody is asked."""
        for setting in ALL:
            value = self.cleaned_data.get(setting.name)
            if value is not None and (fault := fault_of(setting, value)):
                self.add_error(setting.name, fault)
        if not self.errors:
            self._check_elsewhere()
        if not self.errors:
            self._check_together()
        return self.cleaned_data

    def _check_elsewhere(self) -> None:
        """Have secrets typed again before a server gets them that they were not typed for."""
        former = self.former.values
        if self.former.is_new:
            return
        servers = (str(former.get("url", "")), str(former.get("vendor_url", "")))
        url, vendor_url = self.cleaned_data["url"], self.cleaned_data["vendor_url"]
        is_moved = is_elsewhere(url, servers[0])
        if not is_moved and not (vendor_url and all(is_elsewhere(vendor_url, s) for s in servers)):
            return
        for name in set(SENT) & set(self.secrets) - set(self.typed_secrets):
            self.add_error(
                name,
                _("The address is another server's. Type this again, or remove what is kept."),
            )

    def _check_together(self) -> None:
        try:
            trial_client(self.declaration, limits=Limits()).close()
        except (DeclarationError, InvalidEndpointError) as error:
            self.add_error(None, in_own_language(str(error)))


def _field(setting: Setting, initial: object) -> forms.Field:
    common: dict[str, Any] = {
        "label": setting.label,
        "help_text": setting.help,
        "required": setting.is_required,
        "initial": setting.usual if initial is None else initial,
    }
    if setting.kind is Kind.CHOICE:
        return _ChoiceField(**common, choices=setting.choices)
    if setting.kind is Kind.SWITCH:
        return forms.BooleanField(**common)
    if setting.kind in {Kind.WHOLE, Kind.NUMBER}:
        common["initial"] = initial or None
        if setting.kind is Kind.NUMBER:
            return _NumberField(**common)
        return _WholeField(**common, usual=int(str(setting.usual)))
    if setting.kind is Kind.LIST:
        return _ListField(**common, max_length=2000)
    if setting.is_secret and setting.kind is not Kind.PEM:
        common |= {"widget": forms.PasswordInput(attrs={"autocomplete": "new-password"})}
        return forms.CharField(**common, max_length=20_000, strip=setting.name != "password")
    if setting.kind is Kind.PEM:
        return forms.CharField(**common, max_length=MOST_PEM, widget=forms.Textarea)
    return forms.CharField(**common, max_length=MOST.get(setting.name, 500))


class _ChoiceField(forms.ChoiceField):
    """One of several; what was not sent is as usual."""

    def clean(self, value: Any) -> str:
        """Return the choice."""
        return super().clean(value) or str(self.initial)


class _WholeField(forms.IntegerField):
    """A whole number; empty is as usual."""

    def __init__(self, *, usual: int, **options: Any) -> None:
        """Know what is usual."""
        super().__init__(**options)
        self._usual = usual

    def clean(self, value: Any) -> int:
        """Return the number."""
        number: int | None = super().clean(value)
        return self._usual if number is None else number


class _NumberField(forms.FloatField):
    """A number; empty is 0, which is no limit."""

    def clean(self, value: Any) -> float:
        """Return the number."""
        return super().clean(value) or 0


class _ListField(forms.CharField):
    """Texts with commas between."""

    def prepare_value(self, value: Any) -> Any:
        """Write a list as it is typed."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Return the texts."""
        text = str(super().clean(value) or "")
        return [part.strip() for part in text.split(",") if part.strip()]
