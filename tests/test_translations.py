"""Every word that a person reads is marked, and has its translation."""

import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest

from registryui.web.counting import COUNTED
from tests import messages
from tests.unmarked import in_module, in_template

# What speaks to programs, to whoever runs Registry UI, or in commands that are pasted: English.
NOT_READ = (
    "registryui/accounts/access.py",
    "registryui/accounts/reporting.py",
    "registryui/accounts/signing/declared.py",
    "registryui/accounts/signing/declared_ldap.py",
    "registryui/activity/senders/",
    "registryui/activity/views.py",
    "registryui/audit/models.py",
    "registryui/audit/receivers/",
    "registryui/audit/schema.py",
    "registryui/audit/verifying.py",
    "registryui/builds/badge.py",
    "registryui/builds/report.py",
    "registryui/builds/views/answers.py",
    "registryui/builds/views/api.py",
    "registryui/catalog/clients/",
    "registryui/catalog/pull.py",
    "registryui/declarations.py",
    "registryui/distribution/faults.py",  # by what OpenSSL says
    "registryui/metrics.py",
    "registryui/oci/dockerfile.py",  # remarks within a file that is copied
    "registryui/oci/instructions.py",
    "registryui/sample/",
    "registryui/settings.py",
    "registryui/sync/display.py",
    "registryui/web/client_errors.py",
    "registryui/web/health.py",
)
# Names of jobs and leases, snippets to paste, what databases and libraries say: nobody's language.
NOT_WORDS = frozenset(
    {
        "Bearer {}",
        "CVE-2022-3602",
        "Docker Hub",
        "Grype {}",
        "It is no seal.",
        "No key opens it.",
        "It needs",
        "Registry '{}' needs",
        "Registry '{}': ",
        "SHA-256:",
        "This is no line of ours.",
        "Trivy {}",
        "address not allowed",
        "attached manifests",
        "audit log",
        "atomic container signature",
        "bytes {}-{}",
        "claimed_until IS NULL OR claimed_until <= %s",
        "cosign container image signature",
        "default-src 'none'; sandbox",
        "docker pull {}",
        "files {}",
        "forget activity",
        "forget runs",
        "forward audit",
        "forward audit log",
        "form {}",
        "no address for {}",
        "no pipes",
        "openssl 3.0.1",
        "outage {}",
        "pending events",
        "prune audit",
        "prune audit log",
        "registry settings",
        "registry {} {}",
        "sandbox; default-src 'none'",
        "sha256",
        "sha256:",
        "the answer took too long",
        "tick {}",
        "· Docker Hub",
        '· " , submit "',  # of htmx
    }
)
# What is still to be done; it only shrinks.
NOT_YET: tuple[str, ...] = ()
FILES = [*messages.template_files(), *messages.python_files()]
CATALOGS = [pytest.param(path, id=name) for name, path in messages.CATALOGS.items()]


def name_of(path: Path) -> str:
    return path.relative_to(messages.ROOT).as_posix()


def is_snippet(text: str) -> bool:
    """Say whether it is lines of a configuration to paste."""
    return text.count("\n") > 2


def unmarked(path: Path) -> list[str]:
    source = path.read_text(encoding="utf-8")
    found = in_template(source) if path.suffix == ".html" else in_module(source)
    return [text for text in found if text not in NOT_WORDS and not is_snippet(text)]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_marks_every_word_that_is_read(path):
    is_command = "management" in path.parts  # for whoever runs Registry UI
    if not is_command and not name_of(path).startswith((*NOT_READ, *NOT_YET)):
        assert unmarked(path) == []


@pytest.mark.parametrize("place", NOT_YET)
def test_lets_nothing_wait_that_is_done(place):
    assert any(unmarked(path) for path in FILES if name_of(path).startswith(place))


@pytest.mark.messages
@pytest.mark.parametrize("path", CATALOGS)
def test_has_each_message_of_the_code_and_no_other(path):
    words = {messages.key_of(entry) for entry in messages.extracted()}

    known = {messages.key_of(entry) for entry in messages.read(path)}

    assert known == words, "run `make messages`, and translate what is new"


@pytest.mark.parametrize("path", CATALOGS)
def test_translates_every_message(path):
    catalog = messages.read(path)

    assert [entry.msgid for entry in catalog if not entry.translated()] == []
    assert [entry.msgid for entry in catalog if entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize("path", CATALOGS)
def test_gives_django_what_is_in_the_catalog(path):
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.read(path)), (
        "run `make messages`"
    )


@pytest.mark.parametrize("path", CATALOGS)
def test_puts_in_what_the_english_puts_in(path):
    for entry, text in pairs(path):
        wanted = gaps_of(entry.msgid_plural or entry.msgid)

        assert gaps_of(text) == wanted, entry.msgid


@pytest.mark.parametrize("path", CATALOGS)
def test_keeps_the_markup(path):
    for entry, text in pairs(path):
        assert markup_of(text) == markup_of(entry.msgid), entry.msgid
        assert text.count('"') == entry.msgid.count('"'), "it may stand in an attribute"


@pytest.mark.parametrize("path", CATALOGS)
def test_keeps_the_spaces_around(path):
    for entry, text in pairs(path):
        assert text == text.strip(), entry.msgid
        assert entry.msgid == entry.msgid.strip()


@pytest.mark.parametrize("path", messages.template_files(), ids=name_of)
def test_counts_only_what_it_has_the_words_for(path):
    nouns = re.findall(r'count_of:"([^"]*)"', path.read_text(encoding="utf-8"))

    assert {noun for noun in nouns if noun.partition(",")[0] not in COUNTED} == set()


def pairs(path: Path) -> list[tuple[polib.POEntry, str]]:
    return [
        (entry, text)
        for entry in messages.read(path)
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
    ]


def gaps_of(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


def markup_of(text: str) -> list[str]:
    reader = _Markup()
    reader.feed(text)
    return sorted(reader.found)


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"<{tag} {sorted(attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}>")


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p>{% translate "Hello" %}</p>', []),
        ("<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>", []),
        ('<a title="Look here">1</a>', ["Look here"]),
        ('<a{% if x %} aria-label="Look"{% endif %}>1</a>', ["Look"]),
        ("<code>docker pull</code> Registry UI JSON", []),
        ('{{ x|default:"nothing" }}', ["nothing"]),
        ('{{ x|default:_("nothing") }}', []),
        ('{% include "components/x.html" with title="Hello" class="wide" only %}', ["Hello"]),
        ('{% include "components/x.html" with title=_("Hello") only %}', []),
        ('{% ago x "no date" %}', ["no date"]),
    ],
)
def test_finds_unmarked_words_in_templates(template, found):
    assert in_template(template) == found


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ('X = "Something went wrong."', ["Something went wrong."]),
        ('X = _("Something went wrong.")', []),
        ('X = f"It is {y} days old."', ["It is {} days old."]),
        ('"""What it is for."""', []),
        ('class A(models.TextChoices):\n    B = "B", "old"', ["old"]),
        ('class A(models.TextChoices):\n    B = "B", gettext_lazy("old")', []),
        ('raise ImproperlyConfigured("This is not set.")', []),
    ],
)
def test_finds_unmarked_words_in_modules(module, found):
    assert in_module(module) == found
