"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who use Registry UI."""

    name = "registryui.accounts"

    def ready(self) -> None:
        """Listen to who comes in, and let queries ask for patterns."""
        from registryui.accounts import lookups  # noqa: F401, PLC0415 - registers itself
        from registryui.accounts.signing import receivers  # noqa: PLC0415 - needs the models

        receivers.connect()
