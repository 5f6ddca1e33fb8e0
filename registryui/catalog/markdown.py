"""Markdown that people write, as HTML that can do no harm: only what is listed here comes out."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from registryui.oci.annotations import web_link
from registryui.web.templatetags.show import visible

# HTML within is text like any other.
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)
_PLAIN = {
    "paragraph": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li",
    "blockquote": "blockquote", "em": "em", "strong": "strong", "s": "s", "table": "table",
    "thead": "thead", "tbody": "tbody", "tr": "tr", "th": "th", "td": "td",
}  # fmt: skip
_NOTHING = SafeString("")
# The page itself has the first two levels.
_HIGHEST_HEADING, _LOWEST_HEADING = 3, 6


def as_html(text: str) -> SafeString:
    """Return Markdown as HTML. Links lead to the web only, and pictures are links to them."""
    return _inside(SyntaxTreeNode(_PARSER.parse(text)).children)


def _inside(nodes: Iterable[SyntaxTreeNode]) -> SafeString:
    return format_html_join("", "{}", ((_html(node),) for node in nodes))


def _html(node: SyntaxTreeNode) -> SafeString:
    kind = node.type
    if kind in ("text", "code_inline", "fence", "code_block"):
        return _text(kind, visible(node.content))
    if kind in ("softbreak", "hardbreak", "hr"):
        return {"softbreak": SafeString("\n"), "hardbreak": SafeString("<br>")}.get(
            kind, SafeString("<hr>")
        )
    if kind in ("link", "image"):
        return _link(node)
    inside = _inside(node.children)
    if kind == "paragraph" and node.hidden:  # of a list without empty lines
        return inside
    if kind == "heading":
        level = min(int(node.tag.removeprefix("h")) + _HIGHEST_HEADING - 1, _LOWEST_HEADING)
        return format_html("<h{}>{}</h{}>", level, inside, level)
    if tag := _PLAIN.get(kind):
        return format_html("<{}>{}</{}>", tag, inside, tag)
    return inside


def _text(kind: str, text: str) -> SafeString:
    forms = {"text": "{}", "code_inline": "<code>{}</code>"}
    return format_html(forms.get(kind, '<pre class="raw" tabindex="0"><code>{}</code></pre>'), text)


def _link(node: SyntaxTreeNode) -> SafeString:
    is_image = node.type == "image"
    address = web_link(str(node.attrs.get("src" if is_image else "href", "")))
    inside = _inside(node.children) or format_html("{}", address)
    if not address:
        return inside
    return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', address, inside)
