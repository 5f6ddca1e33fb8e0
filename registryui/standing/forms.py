"""What people fill in about repositories."""

from typing import TYPE_CHECKING, Any

from django import forms

from registryui.catalog.models import OfficialNamespace, Registry
from registryui.catalog.models.regard import LONGEST_OVERVIEW
from registryui.oci.reference import is_repository_name

if TYPE_CHECKING:
    OfficialModelForm = forms.ModelForm[OfficialNamespace]
    RegistryField = forms.ModelChoiceField[Registry]
else:  # generic for the type checker only
    OfficialModelForm = forms.ModelForm
    RegistryField = forms.ModelChoiceField


class DescriptionForm(forms.Form):
    """What a repository is, in one line and at length."""

    summary = forms.CharField(
        label="In one line",
        max_length=200,
        required=False,
        help_text="Lists and searches show it. Empty: what the newest image says of itself.",
    )
    overview = forms.CharField(
        label="Overview",
        max_length=LONGEST_OVERVIEW,
        required=False,
        widget=forms.Textarea,
        help_text="Markdown: # heading, **bold**, `code`, * list, [text](https://…), tables. "
        "HTML is shown as it is written, pictures as links.",
    )

    def clean_summary(self) -> str:
        """Make one line of it."""
        return " ".join(str(self.cleaned_data["summary"]).split())


class OfficialForm(OfficialModelForm):
    """A namespace to mark as official."""

    registry = RegistryField(Registry.objects.declared(), empty_label=None, to_field_name="slug")

    class Meta:
        model = OfficialNamespace
        fields = ("namespace", "registry")
        help_texts = {
            "namespace": "The first part of the names: library. Empty: names with one part only."
        }

    def clean_namespace(self) -> str:
        """Refuse what can be no namespace."""
        namespace = str(self.cleaned_data["namespace"]).strip().strip("/")
        if namespace and ("/" in namespace or not is_repository_name(namespace)):
            raise forms.ValidationError("Write the first part of a name alone, such as library.")
        return namespace

    def clean(self) -> dict[str, Any]:
        """Refuse a namespace that is official already."""
        typed = super().clean() or {}
        rows = OfficialNamespace.objects.filter(
            registry=typed.get("registry"), namespace=typed.get("namespace", "")
        )
        if not self.errors and rows.exists():
            self.add_error("namespace", "It is official already.")
        return typed
