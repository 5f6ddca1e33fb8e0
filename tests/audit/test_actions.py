"""The words of the log, held to those who use them."""

from registryui.accounts import reporting
from registryui.audit.api import Action


def test_knows_everything_that_the_accounts_report():
    assert {action.value for action in reporting.Action} <= set(Action.values)
