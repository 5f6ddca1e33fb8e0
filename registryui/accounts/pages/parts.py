"""Parts that several pages of the accounts have."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registryui.accounts.models import Grant
from registryui.accounts.pages.form import Form
from registryui.accounts.pattern import ANY


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page above this one."""

    text: str = field(metadata={"help": "What to call it."})
    url: str = field(metadata={"help": "Its address."})


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form, for somebody who is signed in."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Crumb, ...] = field(metadata={"help": "The way up."})
    title: str = field(metadata={"help": "What the form is for."})
    explanation: str = field(metadata={"help": "What to know before filling it in."})
    form: Form = field(metadata={"help": "What to fill in."})


def grant_words(role: str, registry: str, pattern: str) -> str:
    """Return what a grant allows, as the end of a sentence: ``delete team-a/* in sample``."""
    may = {
        Grant.Role.BROWSE: "browse",
        Grant.Role.REPORT: _("browse and report builds of"),
        Grant.Role.FILES: _("browse and look into images of"),
        Grant.Role.DELETE: "browse and delete",
        Grant.Role.MANAGE: "browse, look into images, delete, protect and clean up",
    }[Grant.Role(role)]
    what = "all repositories" if pattern == ANY else pattern
    where = "all registries" if registry == ANY else registry
    return f"{may} {what} in {where}"
