"""Markdown that people write, as HTML that can do no harm: only what is listed here comes out."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token
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
_EMPTY = {
    "softbreak": SafeString("\n"),
    "hardbreak": SafeString("<br>"),
    "hr": SafeString("<hr>"),
}
# The page itself has the first level.
_HIGHEST_HEADING = 2


def as_html(text: str) -> SafeString:
    """Return Markdown as HTML. Links lead to the web only, and pictures are links to them."""
    tokens = _PARSER.parse(text)
    _close_ranks([token for token in tokens if token.type.startswith("heading_")])
    return _inside(SyntaxTreeNode(tokens).children)


def _close_ranks(headings: Sequence[Token]) -> None:
    """Make the levels of headings follow the page's, so that a screen reader misses none."""
    levels = sorted({heading.tag for heading in headings})
    for heading in headings:
        heading.tag = f"h{min(levels.index(heading.tag) + _HIGHEST_HEADING, 6)}"


def _inside(nodes: Iterable[SyntaxTreeNode]) -> SafeString:
    return format_html_join("", "{}", ((_html(node),) for node in nodes))


def _html(node: SyntaxTreeNode) -> SafeString:
    kind = node.type
    if kind in ("text", "code_inline", "fence", "code_block"):
        return _text(kind, visible(node.content))
    if kind in _EMPTY:
        return _EMPTY[kind]
    if kind in ("link", "image"):
        return _link(node)
    inside = _inside(node.children)
    if kind == "paragraph" and node.hidden:  # of a list without empty lines
        return inside
    if kind == "heading":
        return format_html("<{}>{}</{}>", node.tag, inside, node.tag)
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
