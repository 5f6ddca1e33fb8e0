"""Reads what an address asks for, never trusting it."""

from django.http import QueryDict


def text_in(query: QueryDict, name: str, *, most: int) -> str:
    """Return a parameter's text, trimmed and cut to ``most`` characters; empty if not there.

    PostgreSQL refuses a NUL in a text, so it becomes the replacement character, which no name has.
    """
    return query.get(name, "").replace("\x00", "\ufffd").strip()[:most]


def number_in(query: QueryDict, name: str, *, default: int, least: int, most: int) -> int:
    """Return a parameter's whole number, at least and at most so much; the default if it is none.

    Nobody counts beyond nine digits.
    """
    text = query.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return min(max(int(text), least), most) if is_number else default
