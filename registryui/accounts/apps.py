"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who use Registry UI."""

    name = "registryui.accounts"

    def ready(self) -> None:
        """Listen to who comes in."""
        from registryui.accounts.signing import receivers  # noqa: PLC0415 - needs the models

        receivers.connect()
