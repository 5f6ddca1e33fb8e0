"""Pages are in the language of whoever reads them; what programs read is in English."""

import pytest
from django.test import Client
from django.utils import translation

from registryui.accounts.models import ApiToken, User
from tests.chinese import english_in, reader
from tests.people import browser_of


@pytest.mark.parametrize(
    ("asked", "tag"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("de-DE,de", "en"),
        ("", "en"),
        ("*", "en"),
        ("\x00;;q=zh", "en"),
    ],
)
def test_takes_the_language_that_the_browser_asks_for(db, asked, tag):
    assert f'<html lang="{tag}">' in Client(headers={"accept-language": asked}).get("/").text


def test_remembers_the_chosen_language_in_a_cookie(client, db):
    response = client.post("/-/language/", {"language": "zh-hans", "next": "/search/?q=a"})

    assert response["Location"] == "/search/?q=a"
    assert '<html lang="zh-Hans">' in client.get("/").text


def test_prefers_what_was_chosen_to_what_the_browser_asks_for(db):
    browser = reader()

    browser.post("/-/language/", {"language": "en"})

    assert '<html lang="en">' in browser.get("/").text


def test_forgets_the_choice(db):
    browser = reader()
    browser.post("/-/language/", {"language": "en"})

    browser.post("/-/language/", {"language": ""})

    assert '<html lang="zh-Hans">' in browser.get("/").text


def test_remembers_the_chosen_language_on_the_account(db):
    browser_of("MEMBER").post("/-/language/", {"language": "zh-hans"})
    elsewhere = Client()
    elsewhere.force_login(User.objects.get())

    assert '<html lang="zh-Hans">' in elsewhere.get("/").text


def test_shows_which_language_is_chosen(db):
    html = reader().get("/").text

    assert 'value="zh-hans" lang="zh-Hans" aria-pressed="true">简体中文' in html
    assert 'value="en" lang="en" aria-pressed="false">English' in html


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_goes_nowhere_else_after_choosing_a_language(client, db, target):
    response = client.post("/-/language/", {"language": "en", "next": target})

    assert response["Location"] == "/"


@pytest.mark.parametrize("language", ["de", "zh", "../zh", "zh-hans\x00"])
def test_refuses_a_language_that_does_not_exist(client, db, language):
    assert client.post("/-/language/", {"language": language}).status_code == 400


def test_ignores_a_language_cookie_it_did_not_set(client, db):
    client.cookies["language"] = '"><script>'

    assert '<html lang="en">' in client.get("/").text


@pytest.mark.parametrize("address", ["/", "/search/", "/nowhere/"])
def test_tells_caches_what_the_language_depends_on(client, db, address):
    assert {"Accept-Language", "Cookie"} <= set(client.get(address)["Vary"].split(", "))


@pytest.mark.parametrize("address", ["/?format=json", "/healthz", "/v2/", "/api/builds/"])
def test_answers_programs_the_same_in_any_language(client, db, address):
    english, asked_in_chinese = client.get(address), reader().get(address)

    assert asked_in_chinese.content == english.content
    assert "Accept-Language" not in asked_in_chinese.get("Vary", "")


def test_answers_who_comes_by_a_token_in_english(db):
    from registryui.accounts.secret import hash_of

    browser_of("MEMBER").post("/-/language/", {"language": "zh-hans"})
    user = User.objects.get(language="zh-hans")
    ApiToken.objects.create(
        user=user, name="t", secret_hash=hash_of("rui_secret"), expires_at="2100-01-01T00:00Z"
    )

    html = reader().get("/", headers={"authorization": "Bearer rui_secret"}).text

    assert '<html lang="en">' in html


@pytest.mark.parametrize(("address", "words"), [("/nowhere/", "这里什么也没有")])
def test_explains_errors_in_chinese(db, address, words):
    html = reader().get(address).text

    assert words in html
    assert english_in(html) == []


def test_explains_an_unknown_host_in_chinese(db):
    html = reader().get("/", headers={"host": "other.example"}).text

    assert "REGISTRYUI_ALLOWED_HOSTS" in html
    assert "不使用这个名称" in html


def test_says_errors_to_programs_in_english(db):
    assert reader().get("/nowhere/?format=json").json()["error"] == "There is nothing here"


def test_leaves_no_language_behind_for_the_next_request(db):
    reader().get("/")

    assert translation.get_language() == "en"
