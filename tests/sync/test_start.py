"""What ``manage.py start`` says before it starts anything."""

import pytest
from django.core.management import CommandError, call_command

from registryui.sync.management.commands import start as command
from tests.registries.adding import add_typed


@pytest.fixture
def stopped(settings, tmp_path):
    """Leave no place for static files, so that the command gives up before it starts a process."""
    (tmp_path / "file").touch()
    settings.STATIC_ROOT = tmp_path / "file" / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "OPTIONS": {"location": str(settings.STATIC_ROOT)},
        },
    }


def start(**options):
    call_command("start", port=0, **options)


def test_says_where_static_files_cannot_be_written(db, stopped):
    with pytest.raises(CommandError, match="REGISTRYUI_STATIC_ROOT"):
        start()


def test_warns_who_listens_everywhere_but_allows_no_names(db, stopped, capsys):
    with pytest.raises(CommandError):
        start(host="0.0.0.0")  # noqa: S104

    assert "Set it to the names that people open" in capsys.readouterr().err


def test_warns_nobody_who_names_the_hosts(db, stopped, capsys, monkeypatch):
    monkeypatch.setenv("REGISTRYUI_ALLOWED_HOSTS", "images.example")

    with pytest.raises(CommandError):
        start(host="0.0.0.0")  # noqa: S104

    assert capsys.readouterr().err == ""


def test_warns_nobody_who_listens_on_this_machine_only(db, stopped, capsys):
    with pytest.raises(CommandError):
        start(host="127.0.0.1")

    assert capsys.readouterr().err == ""


def test_shows_the_sample_until_somebody_adds_a_registry(db, settings):
    settings.REGISTRIES = ()
    assert command._shows_sample()

    add_typed("mine")

    assert not command._shows_sample()


@pytest.mark.parametrize("name", ["ANONYMOUS_READ", "ANONYMOUS_REGISTRIES", "ANONYMOUS_READ_FILE"])
def test_opens_the_sample_unless_somebody_said_who_may_read(db, settings, monkeypatch, name):
    settings.REGISTRIES = ()
    assert command._is_open_by_default()

    monkeypatch.setenv(f"REGISTRYUI_{name}", "")

    assert not command._is_open_by_default()
