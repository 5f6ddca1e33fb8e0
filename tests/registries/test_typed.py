"""What was typed in the browser declares a registry, beside the settings."""

import pytest
import trustme
from django.utils import timezone

from registryui import connections
from registryui.catalog.models import Registry, RegistrySettings
from registryui.connect.certificates import authorities_of
from registryui.declarations import Declaration
from registryui.sync.declare import declare_registries
from registryui.sync.models import SyncRun
from registryui.sync.schedule import ask_for_sync
from tests.registries.adding import PASSWORD, add_typed, work

pytestmark = pytest.mark.django_db


def secret_key(settings, *, fallbacks=()):
    """Change the secret key, as an administrator would."""
    settings.SECRET_KEY_FALLBACKS = list(fallbacks)
    settings.SECRET_KEY = "another-key-of-some-length"


def test_declares_the_registry_with_its_secrets():
    add_typed("mine", username="ann", secrets={"password": PASSWORD}, token_hosts=["auth.example"])

    declared = connections.declaration_of("mine")

    assert (declared.username, declared.password) == ("ann", PASSWORD)
    assert declared.token_hosts == ("auth.example",)
    assert declared.source == "browser"


def test_keeps_no_secret_readable_in_the_database():
    typed = add_typed("mine", username="ann", secrets={"password": PASSWORD})

    row = RegistrySettings.objects.values().get(pk=typed.pk)

    assert PASSWORD not in str(row)
    assert PASSWORD not in repr(connections.declaration_of("mine"))


def test_is_reached_otherwise_as_soon_as_somebody_changed_it():
    typed = add_typed("mine", username="ann", secrets={"password": PASSWORD})
    before = connections.client_for(typed.registry)

    typed.seal({"password": "another"})
    typed.save()

    after = connections.client_for(typed.registry)
    assert before.endpoint.password == PASSWORD
    assert after.endpoint.password == "another"


def test_gives_way_to_settings_of_the_same_name(settings):
    add_typed("mine", title="Typed")
    settings.REGISTRIES = (Declaration("mine", "https://other.example", source="file"),)

    declare_registries(settings.REGISTRIES)

    row = Registry.objects.get(slug="mine")
    assert connections.declaration_of("mine").url == row.base_url == "https://other.example"
    assert row.declared_in == Registry.DeclaredIn.FILE


def test_comes_back_when_the_settings_no_longer_name_it(settings):
    add_typed("mine", title="Typed")
    declare_registries((Declaration("mine", "https://other.example"),))

    declare_registries(())

    row = Registry.objects.get(slug="mine")
    assert (row.title, row.base_url) == ("Typed", "https://registry.example")
    assert row.is_declared
    assert row.declared_in == Registry.DeclaredIn.BROWSER


def test_stays_declared_when_a_worker_starts():
    add_typed("mine")

    declare_registries((Declaration("one", "https://one.example"),))

    assert [row.slug for row in Registry.objects.declared()] == ["one", "mine"]


def test_opens_secrets_with_a_former_key(settings):
    add_typed("mine", username="ann", secrets={"password": PASSWORD})

    secret_key(settings, fallbacks=[settings.SECRET_KEY])

    assert connections.declaration_of("mine").password == PASSWORD


def test_says_that_secrets_cannot_be_read_any_more(settings):
    add_typed("mine", username="ann", secrets={"password": PASSWORD})

    secret_key(settings)

    with pytest.raises(connections.LostSecretsError, match="Type them again"):
        connections.declaration_of("mine")


def test_says_the_same_of_a_seal_that_was_changed_or_moved():
    one = add_typed("one", username="ann", secrets={"password": PASSWORD})
    other = add_typed("other", username="ann", secrets={"password": PASSWORD})
    RegistrySettings.objects.filter(pk=other.pk).update(sealed=one.sealed)

    with pytest.raises(connections.LostSecretsError):
        connections.declaration_of("other")


def test_says_it_of_what_another_version_kept():
    typed = add_typed("mine")
    RegistrySettings.objects.filter(pk=typed.pk).update(values={"url": "x", "colour": "red"})

    with pytest.raises(connections.UnusableSettingsError, match="colour"):
        connections.declaration_of("mine")
    declare_registries(())
    assert Registry.objects.get(slug="mine").is_declared


def test_gives_the_pasted_authorities_to_people():
    add_typed("mine", ca_pem=trustme.CA().cert_pem.bytes().decode())

    assert len(authorities_of("mine")) == 1


def test_fails_a_sync_in_words_when_its_secrets_are_lost(settings):
    typed = add_typed("mine", username="ann", secrets={"password": PASSWORD})
    secret_key(settings)
    ask_for_sync(typed.registry, SyncRun.Trigger.PERSON, now=timezone.now())

    work()

    row = Registry.objects.get(slug="mine")
    assert "Type them again on its settings page" in row.last_error
