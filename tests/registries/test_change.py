"""Administrators change and remove what they typed; what settings declare is locked."""

import pytest
from django.test import Client

from registryui import connections
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry, RegistrySettings, Repository
from registryui.declarations import Declaration
from registryui.registries import views
from registryui.registries.trying import tried
from registryui.sync.declare import declare_registries
from tests.indexing import NOW
from tests.registries.adding import PASSWORD, add_typed, filled
from tests.registries.test_add import errors_in, page_after, secret_states

pytestmark = pytest.mark.django_db
PAGE, REMOVE = "/r/mine/-/settings/", "/r/mine/-/settings/remove/"


def twin(browser, address=PAGE):
    return browser.get(address, {"format": "json"}).json()


def changes(url, **more):
    return filled(url, slug="", **more)


@pytest.fixture
def typed(url):
    """The registry as somebody typed it, with a password that is not asked for."""
    return add_typed("mine", url, username="ann", secrets={"password": PASSWORD})


def test_shows_what_was_typed_and_no_secret(administrator, typed, url):
    response = administrator.get(PAGE)
    page = twin(administrator)

    values = {
        row["input"]["name"]: row["input"]["value"]
        for group in page["groups"]
        for row in group["settings"]
    }
    assert (values["url"], values["username"], values["password"]) == (url, "ann", "")
    assert secret_states(page)["password"] == "KEPT"
    assert PASSWORD not in response.text


def test_keeps_a_secret_that_is_left_empty(administrator, typed, url):
    response = administrator.post(PAGE, changes(url, username="ann", title="New"))

    assert response.status_code == 303
    assert connections.declaration_of("mine").password == PASSWORD
    assert Registry.objects.get(slug="mine").title == "New"


def test_replaces_a_secret_that_is_typed(administrator, typed, url):
    administrator.post(PAGE, changes(url, username="ann", password="another"))

    assert connections.declaration_of("mine").password == "another"


def test_keeps_a_secret_that_somebody_else_changed_meanwhile(
    administrator, typed, url, monkeypatch
):
    def changed_meanwhile(*arguments, **more):
        row = RegistrySettings.objects.get()
        row.seal({"password": "the-newest"})
        row.save()
        return tried(*arguments, **more)

    monkeypatch.setattr(views, "tried", changed_meanwhile)

    administrator.post(PAGE, changes(url, username="ann"))

    assert connections.declaration_of("mine").password == "the-newest"


def test_gives_no_secret_of_a_new_address_to_the_former_one(administrator, typed, url, monkeypatch):
    def moved_meanwhile(*arguments, **more):
        row = RegistrySettings.objects.get()
        row.values = {**row.values, "url": "https://elsewhere.example"}
        row.seal({"password": "for-elsewhere"})
        row.save()
        return tried(*arguments, **more)

    monkeypatch.setattr(views, "tried", moved_meanwhile)

    response = administrator.post(PAGE, changes(url, username="ann"))

    assert "another address" in response.text
    assert connections.declaration_of("mine").url == "https://elsewhere.example"


def test_brings_nothing_back_that_somebody_removed_meanwhile(
    administrator, typed, url, monkeypatch
):
    def removed_meanwhile(*arguments, **more):
        RegistrySettings.objects.all().delete()
        return tried(*arguments, **more)

    monkeypatch.setattr(views, "tried", removed_meanwhile)

    assert administrator.post(PAGE, changes(url, username="ann")).status_code == 404
    assert not RegistrySettings.objects.exists()


def test_removes_a_secret_when_told_to(administrator, typed, url):
    administrator.post(PAGE, changes(url, remove_password="on"))

    assert connections.declaration_of("mine").password == ""
    assert RegistrySettings.objects.get().sealed == {}


@pytest.mark.parametrize("other", ["http://localhost:1", "https://elsewhere.example"])
def test_gives_a_kept_secret_to_no_other_server(administrator, typed, url, other):
    page = page_after(administrator, changes(other, username="ann", do="save"), PAGE)

    assert list(errors_in(page)) == ["password"]
    assert connections.declaration_of("mine").url == url


@pytest.mark.parametrize(
    "other", ["http://localhost:1", "https://elsewhere.example", "https://[half"]
)
def test_gives_a_kept_secret_to_no_other_server_as_a_vendors_api(administrator, typed, url, other):
    sent = changes(url, username="ann", catalog="harbor", vendor_url=other, do="save")

    page = page_after(administrator, sent, PAGE)

    assert errors_in(page)
    assert connections.declaration_of("mine").vendor_url == ""


def test_asks_for_no_secret_again_where_the_vendors_api_is_on_the_same_server(
    administrator, typed, url
):
    sent = changes(url, username="ann", catalog="harbor", vendor_url=f"{url}/api", do="save")

    assert administrator.post(PAGE, sent).status_code == 303
    assert connections.declaration_of("mine").password == PASSWORD


def test_moves_to_another_server_with_a_secret_that_is_typed_again(administrator, typed):
    sent = changes("http://127.0.0.1:1", username="ann", password="another", do="save")

    assert administrator.post(PAGE, sent).status_code == 303
    assert connections.declaration_of("mine").password == "another"


def test_keeps_the_former_settings_when_the_new_ones_do_not_work(administrator, url):
    add_typed("mine", url)

    page = page_after(administrator, changes("http://127.0.0.1:1"), PAGE)

    assert page["looks"]
    assert connections.declaration_of("mine").url == url


def test_says_which_settings_were_changed_and_by_whom(administrator, typed, url):
    administrator.post(PAGE, changes(url, username="bob", password="another-secret"))

    event = AuditEvent.objects.get(action="REGISTRY_CHANGE")
    assert event.details == {"fields": "password, username"}
    assert twin(administrator)["changed_by"] == "olga"
    assert "another-secret" not in str(AuditEvent.objects.values())


def test_has_a_changed_registry_synced_at_once(administrator, typed, url):
    Registry.objects.update(failures_in_a_row=9, next_attempt_at=NOW)

    administrator.post(PAGE, changes(url, username="ann"))

    row = Registry.objects.get(slug="mine")
    assert (row.failures_in_a_row, row.next_attempt_at) == (0, None)


def test_asks_for_secrets_again_that_cannot_be_read(administrator, typed, url, settings):
    administrator.get(PAGE)
    typed.sealed = {"password": typed.sealed["password"][:-8] + "AAAAAAA="}
    typed.save()

    page = twin(administrator)
    response = administrator.post(PAGE, changes(url, username="ann", password="another"))

    assert page["has_lost_secrets"]
    assert secret_states(page)["password"] == "LOST"
    assert response.status_code == 303
    assert connections.declaration_of("mine").password == "another"


def test_locks_what_the_settings_declare(administrator, settings):
    settings.REGISTRIES = (
        Declaration(
            "mine", "https://set.example", username="ann", password=PASSWORD, source="file"
        ),
    )
    declare_registries(settings.REGISTRIES)

    page, response = twin(administrator), administrator.get(PAGE)

    assert "[registries.mine]" in page["declared_words"]
    locked = {row["name"]: (row["value"], row["is_set"]) for row in page["locked"]}
    assert locked["url"] == ("https://set.example", True)
    assert locked["password"] == ("", True)
    assert locked["hook_secret"] == ("", False)
    assert page["groups"] == []
    assert PASSWORD not in response.text
    assert administrator.post(PAGE, changes("https://other.example")).status_code == 409
    assert not RegistrySettings.objects.exists()


def test_says_that_settings_win_over_what_was_typed(administrator, typed, settings):
    settings.REGISTRIES = (Declaration("mine", "https://set.example"),)
    declare_registries(settings.REGISTRIES)

    assert twin(administrator)["is_overridden"]
    administrator.post(REMOVE)

    assert not RegistrySettings.objects.exists()
    assert Registry.objects.get(slug="mine").is_declared


def test_says_what_is_lost_before_it_removes_anything(administrator, typed):
    page = twin(administrator, REMOVE)

    assert "1 secret" in " ".join(page["goes"])
    assert "index stays" in " ".join(page["stays"])
    assert RegistrySettings.objects.exists()


def test_removes_a_registry_and_keeps_its_index(administrator, typed):
    Repository.objects.create(registry=typed.registry, name="team/app", first_seen_at=NOW)

    response = administrator.post(REMOVE)

    assert response.status_code == 303
    assert administrator.get("/", {"format": "json"}).json()["registries"] == []
    assert administrator.get("/r/mine/").status_code == 404
    assert not RegistrySettings.objects.exists()
    assert Repository.objects.filter(name="team/app").exists()
    assert AuditEvent.objects.get(action="REGISTRY_REMOVE").registry == "mine"
    with pytest.raises(connections.UndeclaredRegistryError):
        connections.declaration_of("mine")


def test_removes_nothing_that_was_not_typed(administrator):
    Registry.objects.create(slug="mine", base_url="https://set.example")

    assert administrator.get(REMOVE).status_code == 404
    assert administrator.post(REMOVE).status_code == 404


def test_lets_a_token_do_none_of_it(administrator, typed, url):
    sent = {"name": "t", "scope": "WRITE", "pattern": "*", "days": "7"}
    secret = administrator.post("/account/tokens/?format=json", sent).json()["secret"]
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    for address in ("/registries/add/", PAGE, REMOVE):
        assert client.get(address).status_code == 403
        assert client.post(address, changes(url)).status_code == 403


def test_takes_no_notifications_while_the_secret_cannot_be_read(client, url):
    typed = add_typed("mine", url, secrets={"hook_secret": PASSWORD})
    headers = {"Authorization": f"Bearer {PASSWORD}"}
    sent = {"data": {"events": []}, "content_type": "application/json", "headers": headers}
    before = client.post("/hooks/mine/", **sent).status_code

    typed.sealed = {"hook_secret": "aesgcm1.AAAA"}
    typed.save()

    assert before == 202
    assert client.post("/hooks/mine/", **sent).status_code == 401


def test_says_where_the_hook_secret_is_set(administrator, typed):
    assert "settings of this registry" in administrator.get("/r/mine/-/notifications/").text


def test_may_be_granted_to_teams(administrator, typed):
    administrator.post("/teams/", {"name": "Readers"})
    page = administrator.get("/teams/readers/", {"format": "json"}).text

    assert '"value": "mine"' in page
