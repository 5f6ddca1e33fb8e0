"""What is filled in to watch repositories."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registryui.catalog.models import Registry
from registryui.sources import is_watchable
from registryui.sync.models import WatchedName

MOST_AT_ONCE = 200
MOST_IN_ALL = 5000
WRONG_SHOWN = 5


class WatchForm(forms.Form):
    """Names and patterns, as many as are pasted."""

    names = forms.CharField(
        label=gettext_lazy("Names and patterns"),
        max_length=100_000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "One in a line: team/app is visited at once; team/* admits what a notification or a "
            "vendor's list names. Without the registry, without a tag."
        ),
    )

    def __init__(self, *args: Any, registry: Registry, **kwargs: Any) -> None:
        """Watch in this registry."""
        super().__init__(*args, **kwargs)
        self._registry = registry

    def clean_names(self) -> list[str]:
        """Return them, each once; refuse all when one of them names no repository."""
        typed = str(self.cleaned_data["names"]).replace(",", "\n").split()
        # What is pasted from a pull command begins with the registry.
        host = f"{self._registry.client_host}/"
        names = list(dict.fromkeys(name.removeprefix(host) for name in typed))
        if len(names) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("These are %(count)s. Add at most %(most)s at one time.")
                % {"count": len(names), "most": MOST_AT_ONCE}
            )
        if wrong := [name for name in names if not is_watchable(name)]:
            raise forms.ValidationError(_wrong(wrong))
        watched = WatchedName.objects.filter(registry=self._registry).count()
        if watched + len(names) > MOST_IN_ALL:
            raise forms.ValidationError(
                _("More than %(most)s are not watched in one registry: use patterns.")
                % {"most": MOST_IN_ALL}
            )
        return names


def _wrong(names: list[str]) -> str:
    shown = ", ".join(name[:100] for name in names[:WRONG_SHOWN])
    more = " …" if len(names) > WRONG_SHOWN else ""
    sentence = ngettext(
        "This names no repository: %(names)s. Write lower-case letters, digits and . _ - / with * "
        "for any text.",
        "These name no repository: %(names)s. Write lower-case letters, digits and . _ - / with * "
        "for any text.",
        len(names),
    )
    return sentence % {"names": shown + more}
