"""Under which names the site answers."""

import pytest


def test_answers_under_an_allowed_name(client, db, settings):
    settings.ALLOWED_HOSTS = ["images.example"]

    assert client.get("/", headers={"host": "images.example"}).status_code == 200


@pytest.mark.parametrize("name", ["evil.example", "images.example.evil.example", "a b", ""])
def test_tells_people_under_another_name_what_to_set(client, db, settings, name):
    settings.ALLOWED_HOSTS = ["images.example"]

    response = client.get("/", headers={"host": name})

    assert response.status_code == 400
    assert "REGISTRYUI_ALLOWED_HOSTS" in response.text
    assert "evil.example" not in response.text


def test_tells_a_program_under_another_name_in_json(client, db, settings):
    settings.ALLOWED_HOSTS = ["images.example"]

    response = client.get("/?format=json", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert response.json()["error"] == "Registry UI is not known by this name"
