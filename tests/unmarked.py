"""Finds words that a person would read and that nobody marked for translation."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What is called the same in every language: names, formats, and what is typed.
NAMES = _words(
    "UI API CA CSV Docker Git GitHub HTML HTTP HTTPS ID Harbor Helm JSON "
    "Kubernetes LDAP Lines Markdown OCI PEM SBOM SHA TLS URL UTC Wasm containerd crane docker helm "
    "ingress nerdctl nginx ms oras os podman skopeo"
)
READ_ATTRIBUTES = _words("alt aria-label aria-description placeholder title")
CODE_ELEMENTS = _words("code pre kbd script style")
# Parameters of tags that are addresses, names of parts and the like.
CODE_PARAMETERS = _words("class target end kind prefix aria_hidden refresh")
SPEAKING_TAGS = ("include", "ago", "until", "with", "partial")

_WORD = re.compile(r"[A-Za-z]{2,}")
_HTMX = re.compile(
    r'\bhx-[a-z-]+(?:="[^"]*(?:"|$))?'
)  # also where a block holds nothing but attributes
_ENTITY = re.compile(r"&[a-z]+;|&#\d+;")
_CONSTANT = re.compile(r'(?P<before>[\w.|:]*[=:(]|\s)"(?P<text>[^"]*)"')
_SPEAKING_FILTER = re.compile(r'\|(?:default|yesno|add|pluralize|default_if_none):"([^"]*)"')


def is_words(text: str) -> bool:
    """Say whether a text holds words of a language, beyond names."""
    bare = _ENTITY.sub(" ", text).replace("Registry UI", " ")
    return any(word not in NAMES for word in _WORD.findall(bare))


def in_template(source: str) -> list[str]:
    """Return the words of a template that stand there as they are."""
    tokens = Lexer(source).tokenize()
    reader = _Reader()
    reader.feed("".join(_bare(tokens)))
    reader.close()
    return [*reader.found, *_constants(tokens)]


def _bare(tokens: list[Token]) -> Iterator[str]:
    """Give the HTML, with a blank where the template puts something in."""
    is_marked = False
    for token in tokens:
        name = token.contents.split(maxsplit=1)[0] if token.contents.split() else ""
        if token.token_type is TokenType.BLOCK and name in ("blocktranslate", "endblocktranslate"):
            is_marked = name == "blocktranslate"
        elif token.token_type is TokenType.TEXT and not is_marked:
            yield _HTMX.sub(" ", token.contents)
        elif token.token_type is not TokenType.COMMENT and not is_marked:
            yield "\N{NO-BREAK SPACE}"


def _constants(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        words = token.contents.split(maxsplit=1)
        if token.token_type is TokenType.VAR or (words and words[0] in ("with", "include", "if")):
            yield from filter(is_words, _SPEAKING_FILTER.findall(token.contents))
        if token.token_type is TokenType.BLOCK and words[0] in SPEAKING_TAGS:
            rest = words[1] if len(words) > 1 else ""
            yield from _parameters(rest.split(" ", 1)[-1] if words[0] == "include" else rest)


def _parameters(text: str) -> Iterator[str]:
    for match in _CONSTANT.finditer(text):
        before = match["before"]
        if before.endswith("_("):
            continue
        is_code = before.rstrip("=").rpartition("|")[2] in CODE_PARAMETERS
        if not is_code and "|" not in before and is_words(match["text"]):
            yield match["text"]


class _Reader(HTMLParser):
    """Collects what a person reads, outside of code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in CODE_ELEMENTS:
            self._code += 1
        for name, value in attrs:
            if name in READ_ATTRIBUTES and value and is_words(value):
                self.found.append(value.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in CODE_ELEMENTS:
            self._code = max(0, self._code - 1)

    def handle_data(self, data: str) -> None:
        if not self._code and is_words(data):
            self.found.append(" ".join(data.split()))


_SENTENCE = re.compile(r"[A-Za-z][a-z’']+,? [a-zA-Z’'%{(“]")
# Markup, SQL, headers: whoever writes them does not mean them to be read.
_CODE = re.compile(
    r"\s*(?:<|\{\{|[a-z]+://|(?:SELECT|INSERT|CREATE|WITH|DROP|AND|OR|UPDATE|DELETE|PRAGMA|ALTER)\b"
    r"|private, |max-age|Bearer realm|Basic realm)"
)
# Commands and lines of configurations, which are pasted.
_COMMAND = re.compile(
    r"\s*(?:(?:cp|crane|ctr|docker|helm|kubectl|nerdctl|openssl|oras|podman|printf|skopeo|sudo) "
    r"|-|SSL_CERT_FILE=|Authorization: |\{\} (?:copy|pull|push|tag) )"
)
_MARKERS = _words(
    "_ gettext gettext_lazy gettext_noop ngettext ngettext_lazy pgettext pgettext_lazy "
    "npgettext npgettext_lazy"
)
# Calls whose texts are for those who run or write Registry UI, in English always.
_UNREAD_CALLS = _words(
    "ImproperlyConfigured CommandError RuntimeError TypeError LookupError AssertionError write "
    "info warning error exception debug add_argument compile Counter Histogram Gauge execute"
)
_UNREAD_KEYWORDS = _words("help help_text violation_error_message sql metadata description")
# Key, what others say, and the pattern that finds it come first.
_PATTERNED_CALLS = _words("Explanation")
_UNREAD_ATTRIBUTES = _words("verbose_name_plural")
_UNREAD_FUNCTIONS = _words("__str__ __repr__")


def in_module(source: str) -> list[str]:
    """Return the sentences of a Python module that are neither marked nor plainly unread."""
    finder = _Sentences()
    finder.visit(ast.parse(source))
    return finder.found


class _Sentences(ast.NodeVisitor):
    """Collects texts that read like sentences, and labels of choices."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # docstrings are for us
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name not in _UNREAD_FUNCTIONS:
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(ast.unparse(base).endswith("TextChoices") for base in node.bases):
            self.found += [label for statement in node.body for label in _bare_labels(statement)]
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in _MARKERS or name in _UNREAD_CALLS:
            return
        self.visit(function)
        for argument in node.args[3 if name in _PATTERNED_CALLS else 0 :]:
            self.visit(argument)
        for keyword in node.keywords:
            if keyword.arg not in _UNREAD_KEYWORDS:
                self.visit(keyword.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:  # the annotation may be a text, too
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if not names & _UNREAD_ATTRIBUTES:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        if not isinstance(node.left, ast.Constant):  # what is looked for in a text
            self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for value in node.values:  # keys are ours alone
            self.visit(value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._look_at(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pieces = [each.value if isinstance(each, ast.Constant) else "{}" for each in node.values]
        self._look_at("".join(map(str, pieces)))

    def _look_at(self, text: str) -> None:
        if _CODE.match(text) or _COMMAND.match(text) or not is_words(text):
            return
        if _SENTENCE.search(text.replace("Registry UI", "")):
            self.found.append(text)


def _bare_labels(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
        label = statement.value.elts[-1]
        if isinstance(label, ast.Constant) and isinstance(label.value, str):
            yield label.value
