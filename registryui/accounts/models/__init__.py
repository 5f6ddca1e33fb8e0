"""People, their teams, what the teams may do, and the secrets that open the door."""

from registryui.accounts.models.link import OneTimeLink
from registryui.accounts.models.team import Grant, Membership, Team
from registryui.accounts.models.token import ApiToken
from registryui.accounts.models.user import User

__all__ = ["ApiToken", "Grant", "Membership", "OneTimeLink", "Team", "User"]
