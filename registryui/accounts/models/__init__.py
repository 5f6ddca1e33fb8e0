"""People, their teams, and what the teams may do."""

from registryui.accounts.models.team import Grant, Membership, Team
from registryui.accounts.models.user import User

__all__ = ["Grant", "Membership", "Team", "User"]
