"""Coming in by name and password, and going."""

import pytest
from django.urls import reverse

ADDRESS = "/sign-in/"


def post(client, name="member", password="member-password", query="", **headers):
    return client.post(f"{ADDRESS}{query}", {"login": name, "password": password}, **headers)


def test_lets_in_who_knows_the_password(client, people):
    response = post(client, query="?next=/sync/")

    assert response.status_code == 302
    assert response["Location"] == "/sync/"
    assert client.get("/sync/").context["request"].access.name == "member"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_leads_to_no_page_but_ours(client, people, target):
    assert post(client, query=f"?next={target}")["Location"] == "/"


def test_says_the_same_of_a_wrong_name_and_a_wrong_password(client, people):
    unknown = post(client, name="nobody")
    wrong = post(client, password="wrong")

    pages = [each.content.decode().replace("nobody", "member") for each in (unknown, wrong)]
    errors = [page.split('role="alert">')[1].split("<")[0] for page in pages]
    assert errors == ["The name or the password is wrong."] * 2


def test_does_not_tell_that_an_account_is_inactive(client, people):
    people["member"].is_active = False
    people["member"].save()

    response = post(client, query="?next=/sync/")

    assert client.get("/sync/").status_code == 302
    assert reverse("sign-in") in response.get("Location", reverse("sign-in"))


def test_reports_failures_and_slows_them_down(client, people, told):
    answers = [post(client, password="wrong") for _ in range(6)]
    right = post(client)

    assert "Too many failed sign-ins" in answers[-1].content.decode()
    assert "Too many failed sign-ins" in right.content.decode()
    assert [each["detail"] for each in told][:5] == ["wrong name or password"] * 5
    assert told[-1] == {
        "action": "SIGN_IN",
        "user": "member",
        "detail": "refused unread: too many failed sign-ins",
        "succeeded": False,
        "address": "127.0.0.1",
        "request_id": right["X-Request-ID"],
    }


def test_counts_the_failures_of_each_name(client, people):
    for _ in range(6):
        post(client, password="wrong")

    assert post(client, name="outsider", password="outsider-password").status_code == 302


def test_believes_no_forwarded_address_of_a_stranger(client, people, told):
    post(client, password="wrong", headers={"X-Forwarded-For": "192.0.2.7"})

    assert told[-1]["address"] == "127.0.0.1"


def test_believes_the_forwarded_address_of_a_trusted_proxy(client, people, told, settings):
    from registryui.accounts.signing.declared import networks_in

    settings.TRUSTED_PROXIES = networks_in(["127.0.0.1", "10.0.0.0/8"])

    forwarded = "1.2.3.4, 192.0.2.7, 10.1.2.3"
    post(client, password="wrong", headers={"X-Forwarded-For": forwarded})

    assert told[-1]["address"] == "192.0.2.7"


def test_makes_a_new_session_at_sign_in(client, people):
    client.get(ADDRESS)
    session = client.session
    session["mine"] = "planted"
    session.save()
    before = session.session_key

    post(client)

    assert client.session.session_key != before


def test_ends_the_session_at_sign_out(client, people, told):
    post(client)
    key = client.session.session_key

    response = client.post("/sign-out/")

    assert response["Location"] == ADDRESS
    assert not client.session.exists(key)
    assert told[-1]["action"] == "SIGN_OUT"


def test_signs_nobody_out_by_a_link(client, people):
    assert client.get("/sign-out/").status_code == 405


def test_keeps_no_copy_of_the_page(client, people):
    assert "no-store" in client.get(ADDRESS)["Cache-Control"]


def test_has_a_json_twin(client, people):
    document = client.get(f"{ADDRESS}?format=json").json()

    assert [each["name"] for each in document["form"]["fields"]] == ["login", "password"]


def test_never_gives_a_password_back(client, people):
    response = post(client, password="a-secret-typed", query="?format=json")

    assert "a-secret-typed" not in response.content.decode()


def test_wants_the_secret_of_the_forms(people):
    from django.test import Client

    response = post(Client(enforce_csrf_checks=True))

    assert response.status_code == 403


def test_leads_whoever_is_signed_in_on(client, people):
    post(client)

    assert client.get(f"{ADDRESS}?next=/sync/")["Location"] == "/sync/"
