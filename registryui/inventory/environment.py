"""Which environment variables of an image look like secrets, by name or by value."""

import re

from django.utils.translation import gettext_noop

from registryui.oci.document import Pairs

MOST_NAMES = 20
UNPRINTABLE_NAME = gettext_noop("(a variable with an unusual name)")

_LONGEST_VALUE = 16 * 1024
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_SECRET_NAME = re.compile(
    r"(?:.*[_.-])?(?:\w*PASSWORD|PASSWD|PASSPHRASE|PWD|PASS|\w*TOKEN|\w*SECRET|\w*APIKEY|KEY"
    r"|CREDENTIALS?)",
    re.IGNORECASE,
)
# Named like secrets, and public or no secrets at all.
_HARMLESS_NAME = re.compile(r"PWD|OLDPWD|(?:.*_)?(?:GPG|PUBLIC|PUB)_KEY", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"""\s*(?:
        | x+ | \*+ | \.+ | -+ | \?+
        | none | null | nil | undefined | unset | empty | todo | tbd | true | false | yes | no
        | change[\s_-]?(?:me|it)\W* | replace[\s_-]?me\W* | redacted | example | placeholder
        | (?:your|my|insert|enter)[\s_-].*
        | <.*> | \$\w+ | \$?\{.*\} | \{\{.*\}\} | %\w+%
        | (?:[A-Za-z]:)?[/\\]\S*       # where the secret is, not the secret
    )\s*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
# Each begins with fixed text, so that searching is linear in the value.
_KEY_SHAPE = re.compile(
    r"""-----BEGIN\ (?:[A-Z]{1,20}\ ){0,3}PRIVATE\ KEY-----
        | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
        | \bgh[pousr]_[A-Za-z0-9]{36}
        | \bgithub_pat_[A-Za-z0-9_]{22}
        | \bglpat-[A-Za-z0-9_-]{20}
        | \bxox[abprs]-[A-Za-z0-9-]{10}
        | \bsk_live_[A-Za-z0-9]{16}
        | \bnpm_[A-Za-z0-9]{36}
        | \bpypi-AgE[A-Za-z0-9_-]{20}
        | \bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20}
        | \bhv[sb]\.[A-Za-z0-9_-]{24}
        | \bAIza[0-9A-Za-z_-]{35}
        | \beyJ[A-Za-z0-9_-]{10,500}\.eyJ[A-Za-z0-9_-]{10,2000}\.
        | ://[^\s/:@]{1,100}:[^\s/:@$<{*]{1,200}@
    """,
    re.VERBOSE,
)


def secret_names(environment: Pairs) -> tuple[str, ...]:
    """Return the names of the variables that look like secrets, each once, at most MOST_NAMES.

    Their values never leave here. Nor does a name that is none: of a variable without ``=`` the
    name is all there is, and may itself be the secret.
    """
    found: dict[str, None] = {}
    for name, value in environment:
        if len(found) == MOST_NAMES:
            break
        if is_secret(name, value):
            found[shown_name(name)] = None
    return tuple(found)


def is_secret(name: str, value: str) -> bool:
    """Say whether a variable has a value that looks like a secret."""
    short = value[:_LONGEST_VALUE]
    if _KEY_SHAPE.search(short) or _KEY_SHAPE.search(name[:_LONGEST_VALUE]):
        return True
    is_named_so = bool(_SECRET_NAME.fullmatch(name[:200])) and not _HARMLESS_NAME.fullmatch(
        name[:200]
    )
    return is_named_so and not _PLACEHOLDER.fullmatch(short)


def shown_name(name: str) -> str:
    """Return a name as it may be shown; one that may be a secret itself has other words."""
    return name if _NAME.fullmatch(name) and not _KEY_SHAPE.search(name) else UNPRINTABLE_NAME
