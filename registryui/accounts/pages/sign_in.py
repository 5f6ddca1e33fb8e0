"""The pages of somebody who is not signed in yet."""

from dataclasses import dataclass, field

from registryui.accounts.pages.form import Form


@dataclass(frozen=True, slots=True)
class Service:
    """A sign-in service that people may come by."""

    name: str = field(metadata={"help": "What people call it."})
    url: str = field(metadata={"help": "Address that leads there."})


@dataclass(frozen=True, slots=True)
class EntrancePage:
    """A page with one form for somebody who is not signed in."""

    url: str = field(metadata={"help": "Address of this page."})
    title: str = field(metadata={"help": "What the form is for."})
    explanation: str = field(metadata={"help": "What to know before filling it in."})
    form: Form | None = field(metadata={"help": "What to fill in; null if there is nothing."})
    services: tuple[Service, ...] = field(metadata={"help": "Sign-in services to come by instead."})
