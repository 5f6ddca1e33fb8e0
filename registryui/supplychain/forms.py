"""What administrators fill in about keys."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.accounts.pattern import ANY, is_pattern
from registryui.catalog.models import Registry
from registryui.supplychain.models import TrustedKey
from registryui.supplychain.signing.keys import MAX_PEM_BYTES, UnusableKeyError, read_trusted
from registryui.web.sentences import in_own_language


class KeyForm(forms.Form):
    """A key or certificate to trust, and where."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What pages call it: “signed by release key”."),
    )
    registry = forms.ChoiceField(label=gettext_lazy("Registry"))
    repository = forms.CharField(
        label=gettext_lazy("Repositories"),
        max_length=255,
        initial=ANY,
        help_text=gettext_lazy(
            "A name, or a pattern such as team-a/*. Its signatures count there."
        ),
    )
    pem = forms.CharField(
        label=gettext_lazy("Public key or certificate"),
        max_length=MAX_PEM_BYTES,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "PEM, as in cosign.pub. Of an authority every certificate that it issues counts, "
            "whoever it names."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the registries that are declared."""
        super().__init__(*args, **kwargs)
        choices = [(ANY, _("All registries"))]
        choices += [(row.slug, str(row)) for row in Registry.objects.declared()]
        field = self.fields["registry"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = choices

    def clean_name(self) -> str:
        """Refuse a name that another key has."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if TrustedKey.objects.filter(name=name).exists():
            raise forms.ValidationError(_("Another key has this name."))
        return name

    def clean_repository(self) -> str:
        """Refuse what is no pattern."""
        pattern = str(self.cleaned_data["repository"]).strip()
        if not is_pattern(pattern):
            raise forms.ValidationError(_("Write a repository's name; a star stands for any text."))
        return pattern

    def clean_pem(self) -> str:
        """Refuse what is no key, and private keys above all."""
        pem = str(self.cleaned_data["pem"]).strip()
        try:
            read_trusted(pem)
        except UnusableKeyError as error:
            raise forms.ValidationError(in_own_language(str(error))) from error
        return f"{pem}\n"
