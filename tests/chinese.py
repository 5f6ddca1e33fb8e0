"""A reader of Simplified Chinese, and what of a page is still in English for them."""

from html.parser import HTMLParser

from django.test import Client
from django.utils import translation

from tests import messages
from tests.unmarked import CODE_ELEMENTS, READ_ATTRIBUTES

ACCEPT = {"accept-language": "zh-CN,zh;q=0.9"}


def reader() -> Client:
    """Return a browser that asks for Chinese."""
    return Client(headers=ACCEPT)


def english_in(html: str, *, names: tuple[str, ...] = ()) -> list[str]:
    """Return the texts of a page that the catalog has in Chinese; names of others are left out."""
    parser = _Texts()
    parser.feed(html)
    with translation.override("zh-hans"):
        known = {
            entry.msgid
            for entry in messages.read(messages.CATALOGS["zh_Hans"])
            if "%" not in entry.msgid and entry.msgstr != entry.msgid
        }
    return [text for text in parser.found if text in known and text not in names]


class _Texts(HTMLParser):
    """Collects what a person reads; code and what others wrote is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag in CODE_ELEMENTS or {"mono", "name", "raw", "written"} & set(classes):
            self._inside.append(tag)
        self.found += [value for name, value in attrs if name in READ_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append(" ".join(data.split()))
