"""The one error that everything in this package raises for content it cannot accept."""


class OciError(ValueError):
    """What a registry, a document or a person gave is not what it claims to be.

    Each subclass lives beside what raises it. Parsers raise nothing else, whatever they are fed;
    the message is a sentence for people and never holds more than a short piece of the input.
    """


def excerpt(value: object, *, length: int = 80) -> str:
    """Quote a piece of hostile text for a message: printable ASCII only, cut to `length`."""
    text = value if isinstance(value, str) else type(value).__name__
    shown = ascii(text[:length])
    return f"{shown}…" if len(text) > length else shown
