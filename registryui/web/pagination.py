"""Pages of a list, each with an address of its own."""

from dataclasses import dataclass, field

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where in a list a page stands."""

    total: int = field(metadata={"help": "How many rows there are in all, filters applied."})
    first: int = field(
        metadata={"help": "Place of the first row shown, from 1; 0 if there is none."}
    )
    last: int = field(metadata={"help": "Place of the last row shown."})
    number: int = field(metadata={"help": "The page's number, from 1."})
    pages: int = field(metadata={"help": "How many pages there are."})
    previous_url: str = field(metadata={"help": "Address of the page before; empty on the first."})
    next_url: str = field(metadata={"help": "Address of the page after; empty on the last."})

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return max(self.first - 1, 0)


def paginate(query: QueryDict, *, path: str, total: int, size: int) -> Pagination:
    """Return the page that ``page=`` asks for; beyond the last page it is the last."""
    pages = max(1, -(-total // size))
    wanted = query.get("page", "1")
    number = (
        min(max(int(wanted), 1), pages)
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 10
        else 1
    )
    return Pagination(
        total=total,
        first=(number - 1) * size + 1 if total else 0,
        last=min(number * size, total),
        number=number,
        pages=pages,
        previous_url=address(query, path=path, page=str(number - 1)) if number > 1 else "",
        next_url=address(query, path=path, page=str(number + 1)) if number < pages else "",
    )


def address(query: QueryDict, *, path: str, **changes: str) -> str:
    """Return the path with the query's parameters, some changed; an empty value drops one."""
    changed = query.copy()
    changed.pop("format", None)
    if "page" not in changes:
        changed.pop("page", None)
    for name, value in changes.items():
        if value and (name, value) != ("page", "1"):
            changed[name] = value
        else:
            changed.pop(name, None)
    for name in [name for name, value in changed.items() if value == ""]:
        del changed[name]
    return f"{path}?{changed.urlencode(safe='/:')}" if changed else path
