"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who use Registry UI."""

    name = "registryui.accounts"
