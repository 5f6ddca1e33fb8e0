"""The page that explains error messages."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.connect.explanations import EXPLANATIONS, MOST_READ, explanations_for
from registryui.connect.messages.explanation import Explanation, Remedy
from registryui.web.query import text_in


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """What one kind of message means."""

    example: str = field(metadata={"help": "How clients word it."})
    url: str = field(metadata={"help": "Address of this explanation alone."})
    cause: str = field(metadata={"help": "Why it comes."})
    remedies: tuple[Remedy, ...] = field(metadata={"help": "What to do about it."})

    @classmethod
    def of(cls, explanation: Explanation) -> "ExplanationRow":
        """Read an explanation."""
        return cls(
            explanation.example,
            explain_address(explanation.example),
            _(explanation.cause),
            tuple(Remedy(_(each.where), _(each.text)) for each in explanation.remedies),
        )


@dataclass(frozen=True, slots=True)
class ExplainPage:
    """What an error message means, or all that are known."""

    message: str = field(metadata={"help": "The message asked for, as pasted."})
    url: str = field(metadata={"help": "Address of this page without a message."})
    is_known: bool = field(metadata={"help": "Whether the message is one we know."})
    explanations: tuple[ExplanationRow, ...] = field(
        metadata={"help": "What it may mean; all that is known if none was asked for."}
    )

    @classmethod
    def build(cls, query: QueryDict) -> "ExplainPage":
        """Look the message up."""
        message = text_in(query, "q", most=MOST_READ)
        found = explanations_for(message)
        shown = found if message else EXPLANATIONS
        return cls(message, reverse("explain"), bool(found), tuple(map(ExplanationRow.of, shown)))


def explain_address(text: str) -> str:
    """Return the address that explains a message."""
    return f"{reverse('explain')}?{urlencode({'q': text})}"
