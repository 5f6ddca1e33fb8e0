"""Parts that several pages of the accounts have."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

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


_ALL_IN_ALL, _ALL_IN_ONE, _SOME_IN_ALL, _SOME_IN_ONE = range(4)
_GRANTS = {
    Grant.Role.BROWSE: (
        gettext_noop("browse all repositories in all registries"),
        gettext_noop("browse all repositories in {registry}"),
        gettext_noop("browse {pattern} in all registries"),
        gettext_noop("browse {pattern} in {registry}"),
    ),
    Grant.Role.REPORT: (
        gettext_noop("browse and report builds of all repositories in all registries"),
        gettext_noop("browse and report builds of all repositories in {registry}"),
        gettext_noop("browse and report builds of {pattern} in all registries"),
        gettext_noop("browse and report builds of {pattern} in {registry}"),
    ),
    Grant.Role.FILES: (
        gettext_noop("browse and look into images of all repositories in all registries"),
        gettext_noop("browse and look into images of all repositories in {registry}"),
        gettext_noop("browse and look into images of {pattern} in all registries"),
        gettext_noop("browse and look into images of {pattern} in {registry}"),
    ),
    Grant.Role.DELETE: (
        gettext_noop("browse and delete all repositories in all registries"),
        gettext_noop("browse and delete all repositories in {registry}"),
        gettext_noop("browse and delete {pattern} in all registries"),
        gettext_noop("browse and delete {pattern} in {registry}"),
    ),
    Grant.Role.MANAGE: (
        gettext_noop(
            "browse, look into images, delete, protect and clean up all repositories in all "
            "registries"
        ),
        gettext_noop(
            "browse, look into images, delete, protect and clean up all repositories in {registry}"
        ),
        gettext_noop(
            "browse, look into images, delete, protect and clean up {pattern} in all registries"
        ),
        gettext_noop(
            "browse, look into images, delete, protect and clean up {pattern} in {registry}"
        ),
    ),
}


def grant_words(role: str, registry: str, pattern: str) -> str:
    """Return what a grant allows, in English, as the end of a sentence.

    Pages show it in the reader's language, as they do what is stored.
    """
    if pattern == ANY:
        form = _ALL_IN_ALL if registry == ANY else _ALL_IN_ONE
    else:
        form = _SOME_IN_ALL if registry == ANY else _SOME_IN_ONE
    return _GRANTS[Grant.Role(role)][form].format(registry=registry, pattern=pattern)
