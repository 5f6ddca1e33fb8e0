"""One way to sign in: a user name and a password, or a token of one of two kinds."""

import base64
import re
from dataclasses import dataclass, field

from registryui.oci.marking import gettext_noop

# Google's user whose password is a whole file of JSON, which has lines.
_KEY_FILE_USER = "_json_key"

_IS_BEARER = re.compile(r"[\x21-\x7e]*")


def basic_authorization(username: str, password: str) -> str:
    """RFC 7617, UTF-8."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Login:
    """What a registry or its token server is shown; empty where there is nothing to show.

    ``identity_token`` is an OAuth2 refresh token; ``registry_token`` is sent as it is, as a bearer.
    ``where`` says where it is kept, ``advice`` what to do about an empty one; ``part`` is the
    namespace that it is good for, "" for the whole registry.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    registry_token: str = field(default="", repr=False)
    where: str = gettext_noop("in the settings of this registry")
    advice: str = gettext_noop("Give a user name and a password in the settings of this registry.")
    part: str = ""

    def __bool__(self) -> bool:
        return bool(self.password or self.identity_token or self.registry_token)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything in it that must never appear in a text."""
        kept = (self.password, self.identity_token, self.registry_token)
        return tuple(secret for secret in kept if secret)

    @property
    def basic(self) -> str:
        """The ``Authorization`` for Basic, or "" when it has none."""
        has_both = self.username and self.password
        return basic_authorization(self.username, self.password) if has_both else ""

    @property
    def bearer(self) -> str:
        """The ``Authorization`` that needs no token server, or ""."""
        return f"Bearer {self.registry_token}" if self.registry_token else ""

    @property
    def what(self) -> str:
        """What it is, in words."""
        if self.registry_token:
            return gettext_noop("the registry token")
        if self.identity_token:
            return gettext_noop("the identity token")
        return gettext_noop("the user name and password")

    @property
    def words(self) -> str:
        """What it is and where it is kept, as one phrase."""
        if self.registry_token:
            form = gettext_noop("the registry token {where}")
        elif self.identity_token:
            form = gettext_noop("the identity token {where}")
        else:
            form = gettext_noop("the user name and password {where}")
        return form.format(where=self.where)

    def flaw(self, name: str) -> str:
        """Say why it cannot be sent to the registry of this name; "" when it can."""
        lines = [self.username, self.identity_token, self.registry_token]
        if self.username != _KEY_FILE_USER:
            lines.append(self.password)
        if any("\r" in text or "\n" in text for text in lines):
            return gettext_noop(
                "A user name, password or token for {name} contains a line break. "
                "Remove it; a file often ends with one."
            ).format(name=name)
        if ":" in self.username:
            return gettext_noop("The user name for {name} must not contain a colon.").format(
                name=name
            )
        if self.password and not self.username:
            return gettext_noop("{name} has a password but no user name. Give both.").format(
                name=name
            )
        if not _IS_BEARER.fullmatch(self.registry_token):
            return gettext_noop(
                "The registry token for {name} has characters that no token has."
            ).format(name=name)
        return ""
