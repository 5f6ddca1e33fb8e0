"""What people fill in about repositories."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
        label=gettext_lazy("In one line"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Lists and searches show it. Empty: what the newest image says of itself."
        ),
    )
    overview = forms.CharField(
        label=gettext_lazy("Overview"),
        max_length=LONGEST_OVERVIEW,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "Markdown: # heading, **bold**, `code`, * list, [text](https://…), tables. "
            "HTML is shown as it is written, pictures as links."
        ),
    )

    def clean_summary(self) -> str:
        """Make one line of it."""
        return " ".join(str(self.cleaned_data["summary"]).split())


class OfficialForm(OfficialModelForm):
    """A namespace to mark as official."""

    registry = RegistryField(
        Registry.objects.declared(),
        label=gettext_lazy("Registry"),
        empty_label=None,
        to_field_name="slug",
    )

    class Meta:
        model = OfficialNamespace
        fields = ("namespace", "registry")
        labels = {"namespace": gettext_lazy("Namespace")}
        help_texts = {
            "namespace": gettext_lazy(
                "The first part of the names: library. Empty: names with one part only."
            )
        }

    def clean_namespace(self) -> str:
        """Refuse what can be no namespace."""
        namespace = str(self.cleaned_data["namespace"]).strip().strip("/")
        if namespace and ("/" in namespace or not is_repository_name(namespace)):
            raise forms.ValidationError(_("Write the first part of a name alone, such as library."))
        return namespace

    def clean(self) -> dict[str, Any]:
        """Refuse a namespace that is official already."""
        typed = super().clean() or {}
        rows = OfficialNamespace.objects.filter(
            registry=typed.get("registry"), namespace=typed.get("namespace", "")
        )
        if not self.errors and rows.exists():
            self.add_error("namespace", _("It is official already."))
        return typed
