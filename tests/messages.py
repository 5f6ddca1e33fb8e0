"""The catalogs of translations; ``make messages`` brings them up to date with the code.

Django's own makemessages would do it, with places and dates that every branch changes differently.
Here the messages are sorted and stand alone, so that two branches merge line by line.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = {"zh_Hans": ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"}
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
    "Project-Id-Version": "Registry UI",
}


def read(path: Path) -> polib.POFile:
    """Read a catalog."""
    return polib.pofile(str(path), wrapwidth=0)


def compiled(catalog: polib.POFile) -> bytes:
    """Return the catalog as Django reads it."""
    return bytes(catalog.to_binary())


def key_of(entry: polib.POEntry) -> tuple[str, str]:
    """Return what tells a message from all others."""
    return (entry.msgctxt or "", entry.msgid)


def extracted() -> polib.POFile:
    """Return the messages that stand in the code and in the templates now."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [*python_files(), *_templates_as_python(Path(folder))]
        command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--no-location"]
        command += ["--add-comments=Translators", "--files-from=-", "--output=-"]
        command += [f"--keyword={keyword}" for keyword in KEYWORDS]
        names = "\n".join(map(str, sources))
        found = subprocess.run(command, input=names, capture_output=True, text=True, check=True)
    return polib.pofile(found.stdout, wrapwidth=0)


def python_files() -> list[Path]:
    """Return the modules of the product."""
    files = (ROOT / "registryui").rglob("*.py")
    return sorted(path for path in files if "migrations" not in path.parts)


def template_files() -> list[Path]:
    """Return the templates of the product."""
    return sorted((ROOT / "templates").rglob("*.html"))


def merged(catalog: polib.POFile, words: polib.POFile) -> polib.POFile:
    """Return the words in order, each with the translation that the catalog has of it."""
    known = {key_of(entry): entry for entry in catalog}
    result = polib.POFile(wrapwidth=0)
    result.metadata = dict(HEADER)
    for entry in sorted(words, key=key_of):
        old = known.get(key_of(entry))
        entry.msgstr = old.msgstr if old else ""
        entry.msgstr_plural = dict.fromkeys([0], "") if entry.msgid_plural else {}
        if old and entry.msgid_plural and old.msgstr_plural:
            entry.msgstr_plural = {0: old.msgstr_plural[0]}
        entry.occurrences = []
        result.append(entry)
    return result


def _templates_as_python(folder: Path) -> Iterator[Path]:
    from django.utils.translation import templatize

    for number, path in enumerate(template_files()):
        copy = folder / f"{number}.py"
        copy.write_text(templatize(path.read_text("utf-8"), origin=str(path)), encoding="utf-8")
        yield copy


def main() -> None:
    """Write each catalog anew, and beside it what Django reads."""
    words = extracted()
    for path in CATALOGS.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = merged(read(path) if path.exists() else polib.POFile(), words)
        catalog.save(str(path))
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        lacking = [entry for entry in catalog if not entry.translated()]
        print(f"{path.relative_to(ROOT)}: {len(catalog)} messages, {len(lacking)} to translate")  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main()
