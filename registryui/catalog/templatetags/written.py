"""Showing what people wrote."""

from django import template
from django.utils.safestring import SafeString

from registryui.catalog.markdown import as_html

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Return Markdown as HTML that can do no harm."""
    return as_html(text)
