"""A second factor: codes of an app, and codes on paper for when the app is lost."""

from dataclasses import dataclass, field

from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb


@dataclass(frozen=True, slots=True)
class TwoFactorPage:
    """Whether a code is asked for at sign-in, beside the password."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Crumb, ...] = field(metadata={"help": "The way up."})
    is_on: bool = field(metadata={"help": "Whether it is."})
    codes_left: int = field(metadata={"help": "How many recovery codes are unused."})


@dataclass(frozen=True, slots=True)
class TwoFactorOnPage:
    """What an authenticator app needs, and the proof that it works."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Crumb, ...] = field(metadata={"help": "The way up."})
    picture_url: str = field(metadata={"help": "Address of the square to scan, as SVG."})
    secret: str = field(metadata={"help": "The same as text, to type."})
    form: Form = field(metadata={"help": "Where a code of the app is filled in."})


@dataclass(frozen=True, slots=True)
class RecoveryCodesPage:
    """Codes for when the app is lost; each works once."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Crumb, ...] = field(metadata={"help": "The way up."})
    codes: tuple[str, ...] = field(metadata={"help": "The unused ones, shown this once."})
    codes_left: int = field(metadata={"help": "How many are unused."})
    form: Form = field(metadata={"help": "What makes new ones, and ends these."})
