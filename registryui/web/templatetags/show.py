"""How sizes, times and digests are shown."""

import unicodedata
from datetime import UTC, datetime, timedelta

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_as
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from registryui.web.counting import count_in_words
from registryui.web.sentences import in_own_language

register = template.Library()

THOUSANDS = ("", "k", "M", "G", "T")
UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


@register.filter
def size(size_bytes: int | None) -> str:
    """Return a size in bytes in binary units with three significant figures: ``51.2 MiB``."""
    if size_bytes is None:
        return "–"
    amount, unit = float(size_bytes), 0
    while amount >= 999.5 and unit < len(UNITS) - 1:  # 999.5 would show as "1000"
        amount, unit = amount / 1024, unit + 1
    digits = 0 if unit == 0 or amount >= 99.95 else 1
    return f"{amount:.{digits}f} {UNITS[unit]}"


@register.filter
def size_change(size_bytes: int) -> str:
    """Return by how much a size grew: ``+51.2 MiB``, with a real minus sign if it shrank."""
    sign = "+" if size_bytes > 0 else "\u2212" if size_bytes < 0 else "±"
    return f"{sign}{size(abs(size_bytes))}"


@register.simple_tag
def size_range(smallest: int, largest: int) -> str:
    """Return one size, or two with their unit said once where it is the same."""
    low, high = size(smallest), size(largest)
    if low == high:
        return high
    low_amount, _, low_unit = low.partition(" ")
    return f"{low_amount if low_unit == high.partition(' ')[2] else low} – {high}"


@register.simple_tag(takes_context=True)
def here(context: template.Context, name: str) -> SafeString:
    """Return ``aria-current`` for a link of the site's navigation if the page is there or below."""
    path, address = context["request"].path, reverse(name)
    below = f"{address}r/" if name == "registry-list" else address
    if path == address:
        return format_html(' aria-current="{}"', "page")
    return format_html(' aria-current="{}"', "true") if path.startswith(below) else SafeString("")


@register.filter
def exact_bytes(size_bytes: int) -> str:
    """Return the exact number of bytes for a title: ``53,687,091 bytes, compressed``."""
    return _("%(number)s bytes, compressed") % {"number": f"{size_bytes:,}"}


@register.filter
def short_digest(digest: str) -> str:
    """Return the first 12 characters of a digest's hexadecimal part."""
    return digest.partition(":")[2][:12]


def _words(age: timedelta, moment: datetime, now: datetime) -> str:
    seconds = int(age.total_seconds())
    if seconds < 45:
        return _("just now")
    if seconds < 3600:
        minutes = max(1, seconds // 60)
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {
            "count": minutes
        }
    if seconds < 86400:
        hours = seconds // 3600
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    if seconds < 86400 * 14:
        days = seconds // 86400
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    return day_of(moment, has_year=moment.year != now.year)


def day_of(moment: datetime, *, has_year: bool = True) -> str:
    """Return a day as people write it: ``25 Nov 2026``."""
    # Translators: how Django's date filter writes a day of this year, and of another one.
    form = pgettext("date", "j M Y") if has_year else pgettext("date", "j M")
    return date_as(moment, form)


@register.simple_tag
def ago(moment: datetime | None, missing: str | None = None) -> SafeString:
    """Return a moment as words within a ``<time>`` whose title is the exact time in UTC."""
    if moment is None:
        never = _("never") if missing is None else missing
        return format_html('<span class="muted">{}</span>', never)
    now = timezone.now()
    utc = moment.astimezone(UTC)
    is_ahead = moment > now + timedelta(minutes=5)
    words = day_of(utc) if is_ahead else _words(now - moment, utc, now)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        utc.isoformat(),
        f"{utc:%Y-%m-%d %H:%M:%S} UTC",
        words,
    )


@register.simple_tag
def until(moment: datetime | None, missing: str | None = None) -> SafeString:
    """Return a moment that lies ahead as words within a ``<time>``: ``in 4 minutes``."""
    now = timezone.now()
    if moment is None or moment <= now:
        return format_html("{}", _("soon") if missing is None else missing)
    utc = moment.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        utc.isoformat(),
        f"{utc:%Y-%m-%d %H:%M:%S} UTC",
        _("in %(duration)s") % {"duration": duration((moment - now).total_seconds())},
    )


@register.filter
def duration(seconds: float) -> str:
    """Return how long something takes, in its largest unit: ``0.4 s``, ``12 s``, ``5 min``."""
    if seconds >= 2 * 86400:
        return _("%(count)s days") % {"count": round(seconds / 86400)}
    if seconds >= 2 * 3600:
        return _("%(count)s hours") % {"count": round(seconds / 3600)}
    if seconds >= 2 * 60:
        return _("%(count)s min") % {"count": round(seconds / 60)}
    shown = f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"
    return _("%(count)s s") % {"count": shown}


@register.filter
def count_of(number: int, noun: str) -> str:
    """Return a count with its noun, by one of the names in ``web.counting``: ``3 tags``."""
    return count_in_words(number, noun)


@register.filter
def translated(sentence: str) -> str:
    """Return a sentence that was stored in English in the reader's language, if it is known."""
    return in_own_language(sentence)


@register.filter
def number(count: int) -> str:
    """Return a count with its thousands apart: ``1,204``."""
    return f"{count:,}"


@register.filter
def rounded(count: int) -> str:
    """Return a large count in few characters: ``1.2M``."""
    amount, unit = float(count), 0
    while amount >= 999.5 and unit < len(THOUSANDS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.{1 if unit > 0 and amount < 9.95 else 0}f}{THOUSANDS[unit]}"


@register.filter
def exact_size(size_bytes: int) -> str:
    """Return an exact number of bytes: ``1,204 bytes``."""
    return ngettext("%(number)s byte", "%(number)s bytes", size_bytes) % {
        "number": f"{size_bytes:,}"
    }


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} and character not in "\n\t"


@register.filter
def visible(text: str) -> str:
    """Return a text with its control and direction characters made visible: ``<U+202E>``.

    A label may hold them to make one thing look like another.
    """
    if text.isprintable():
        return text
    return "".join(f"<U+{ord(each):04X}>" if _is_invisible(each) else each for each in text)
