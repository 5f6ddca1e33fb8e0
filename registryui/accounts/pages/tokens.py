"""The API tokens of one person."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.models import ApiToken, User
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One API token; its secret is known to nobody but who has it."""

    name: str = field(metadata={"help": "What its owner uses it for."})
    scope: str = field(metadata={"help": "What it may do, in words."})
    pattern: str = field(metadata={"help": "Which repositories it is good for; * for all."})
    created_at: datetime = field(metadata={"help": "When it was made."})
    expires_at: datetime = field(metadata={"help": "When it stops working."})
    last_used_at: datetime | None = field(metadata={"help": "When it was last used, if ever."})
    is_expired: bool = field(metadata={"help": "Whether it stopped working."})
    revoke_url: str = field(metadata={"help": "Where to send a form that ends it."})

    @classmethod
    def build(cls, token: ApiToken, *, now: datetime) -> "TokenRow":
        """Read a token."""
        return cls(
            name=token.name,
            scope=str(token.get_scope_display()),
            pattern=token.pattern,
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
            is_expired=token.expires_at <= now,
            revoke_url=reverse("token-revoke", args=[token.pk]),
        )


@dataclass(frozen=True, slots=True)
class TokenListPage:
    """The API tokens of whoever is signed in."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Crumb, ...] = field(metadata={"help": "The way up."})
    tokens: tuple[TokenRow, ...] = field(metadata={"help": "All of them, newest first."})
    form: Form = field(metadata={"help": "What makes another one."})
    secret: str = field(
        metadata={"help": "The token that was just made, shown this once; else empty."}
    )

    @classmethod
    def build(cls, user: User, form: Form, *, now: datetime, secret: str) -> "TokenListPage":
        """Read the tokens of one person."""
        return cls(
            url=reverse("token-list"),
            crumbs=(Crumb(_("Account"), reverse("account")),),
            tokens=tuple(TokenRow.build(token, now=now) for token in user.api_tokens.all()),
            form=form,
            secret=secret,
        )
