"""What famous error messages mean: finds them in what somebody pasted."""

from registryui.connect.messages.answers import ANSWERS
from registryui.connect.messages.explanation import Explanation
from registryui.connect.messages.network import NETWORK
from registryui.connect.messages.tls import TLS

MOST_READ = 4000
EXPLANATIONS = (*TLS, *ANSWERS, *NETWORK)


def explanations_for(text: str) -> tuple[Explanation, ...]:
    """Return what a pasted message may mean, the most telling first; nothing if unknown."""
    read = " ".join(text[:MOST_READ].split())
    return tuple(each for each in EXPLANATIONS if each.is_meant_by(read))


def explanation_of(key: str) -> Explanation | None:
    """Return the explanation with this key."""
    return next((each for each in EXPLANATIONS if each.key == key), None)
