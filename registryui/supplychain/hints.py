"""Lets the search lead to packages and vulnerabilities."""

import re

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registryui.catalog.search.hints import Hint, hints
from registryui.supplychain.asking import is_identifier

# A name and a version after it; one word may be the name of anything.
_PACKAGE = re.compile(
    r"@?[A-Za-z0-9][A-Za-z0-9+._-]{1,100}(?:@| +)(?:[<>=]{0,2} ?)v?\d[\w.:+~*-]{0,60}"
)


def package_hint(text: str) -> Hint | None:
    """Return the way to the images that have a package, if the text may be one."""
    typed = text.strip()
    if is_identifier(typed):
        url = f"{reverse('vulnerability-search')}?{urlencode({'q': typed})}"
        return Hint(_("This looks like a vulnerability."), _("Which images have it"), url)
    if typed.startswith("pkg:") or _PACKAGE.fullmatch(typed):
        url = f"{reverse('package-search')}?{urlencode({'q': typed})}"
        return Hint(_("This looks like a package."), _("Which images have it"), url)
    return None


hints.append(package_hint)
