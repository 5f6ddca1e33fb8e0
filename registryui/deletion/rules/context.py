"""What every template may know of rules: whether to lead to them."""

from django.http import HttpRequest

from registryui.accounts.access import Access
from registryui.deletion.rules.scope import may_read_rules


def rules_link(request: HttpRequest) -> dict[str, bool]:
    """Tell the templates whether there are rules for whoever made the request."""
    access: Access | None = getattr(request, "access", None)
    return {"may_read_rules": access is not None and may_read_rules(access)}
