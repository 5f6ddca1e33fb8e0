"""The web app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The kit that every page is made with."""

    name = "registryui.web"
