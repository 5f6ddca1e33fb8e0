"""Tables as files, sent while they are made: CSV, and JSON Lines."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a line for each row; to a spreadsheet, no cell of it is a formula."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def attachment(content: Iterator[str] | Iterator[bytes], name: str) -> StreamingHttpResponse:
    """Return the answer that a browser keeps as a file; its name ends in what it is."""
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    response = StreamingHttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Line:
    """A file that keeps nothing: what is written comes back."""

    def write(self, text: str) -> str:
        return text


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
