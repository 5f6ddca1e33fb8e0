"""Reads what an address asks for, never trusting it."""

from django.http import QueryDict


def text_in(query: QueryDict, name: str, *, most: int) -> str:
    """Return a parameter's text, trimmed and cut to ``most`` characters; empty if not there.

    PostgreSQL refuses a NUL in a text, so it becomes the replacement character, which no name has.
    """
    return query.get(name, "").replace("\x00", "\ufffd").strip()[:most]
