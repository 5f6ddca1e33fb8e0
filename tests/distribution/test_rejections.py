"""Why a registry did not delete, in the words of each."""

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.distribution import errors
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.rejections import Rejections, Target, allowed_methods
from registryui.distribution.wire import Answer
from registryui.distribution.writer import Outcome
from registryui.oci.digest import Digest
from tests.distribution.fakes import BASE, Recorder, challenge, complaint
from tests.distribution.writers import LOGIN, writer_of

NOBODYS = Digest.of(b"nobody has this")


@pytest.mark.parametrize("status", [200, 202, 204])
def test_takes_each_word_for_done(status):
    seen = Recorder(lambda request: httpx.Response(status))

    assert writer_of(seen).delete("team/app", NOBODYS) is Outcome.DONE
    assert seen.lines == [f"DELETE /v2/team/app/manifests/{NOBODYS}"]


@pytest.mark.parametrize(
    ("answer", "kind", "why"),
    [
        (complaint(400, "UNSUPPORTED"), errors.UnsupportedError, "disabled"),
        (complaint(400, "NAME_INVALID"), errors.UnsupportedError, ""),
        (httpx.Response(400), errors.UnsupportedError, ""),
        (complaint(405, "UNSUPPORTED"), errors.UnsupportedError, "disabled"),
        (httpx.Response(405, html="<h1>405"), errors.UnsupportedError, "disabled"),
        (
            httpx.Response(405, text="Method not allowed", headers={"allow": "GET, HEAD"}),
            errors.UnsupportedError,
            "read-only",
        ),
        (
            httpx.Response(
                405, json={"errors": [{"code": "DENIED", "detail": {"is_read_only": 1}}]}
            ),
            errors.UnsupportedError,
            "read-only",
        ),
        (complaint(405, "DENIED"), errors.ConflictError, "indexed"),
        (complaint(400, "GOOGLE_MANIFEST_DANGLING_TAG"), errors.ConflictError, "tagged"),
        (complaint(409, "TAG_IMMUTABLE"), errors.ConflictError, "immutable"),
        (complaint(409, "CONFLICT"), errors.ConflictError, "immutable"),
        (complaint(412, "PRECONDITION"), errors.ConflictError, "immutable"),
        (complaint(423, "LOCKED"), errors.ConflictError, "immutable"),
        (complaint(418, "TEAPOT"), errors.UnsupportedError, ""),
        (httpx.Response(501), errors.UnsupportedError, ""),
    ],
)
def test_says_why_not(answer, kind, why):
    seen = Recorder(lambda request: answer)

    with pytest.raises(kind) as caught:
        writer_of(seen).delete("team/app", NOBODYS)

    assert type(caught.value) is kind
    assert caught.value.why == why
    assert "{" not in caught.value.for_people
    assert len(seen.requests) == 1


@pytest.mark.parametrize("code", ["UNSUPPORTED", "DIGEST_INVALID"])
def test_says_that_only_digests_are_deleted(code):
    with pytest.raises(errors.UnsupportedError, match="by digest only") as caught:
        writer_of(lambda request: complaint(400, code)).delete("team/app", "v1")

    assert caught.value.why == "digest-only"


@pytest.mark.parametrize("status", [402, 403, 451])
def test_says_that_a_permission_is_missing(status):
    with pytest.raises(errors.RegistryRefusedError, match="permission to delete"):
        writer_of(lambda request: complaint(status, "DENIED")).delete("team/app", NOBODYS)


def test_tells_a_missing_login_from_a_refused_one():
    basic = {"scheme": "Basic"}

    with pytest.raises(errors.RegistryRefusedError, match="wants a login"):
        writer_of(lambda request: challenge(**basic)).delete("team/app", "v1")
    with pytest.raises(errors.RegistryRefusedError, match="may not delete"):
        writer_of(lambda request: challenge(**basic), **LOGIN).delete("team/app", "v1")


def test_quotes_the_registry_without_our_secrets():
    answer = complaint(403, "DENIED", "open-sesame may not")

    with pytest.raises(errors.RegistryRefusedError, match="It says: “… may not”"):
        writer_of(lambda request: answer, **LOGIN).delete("team/app", NOBODYS)


@pytest.mark.parametrize("status", [404, 410])
def test_does_not_take_the_404_of_a_proxy_for_gone(status):
    with pytest.raises(errors.NotFoundError, match="not how a registry says it"):
        writer_of(lambda request: httpx.Response(status, html="<p>")).delete("team/app", NOBODYS)


def test_takes_a_404_without_words_from_a_registry_for_gone():
    headers = {"docker-distribution-api-version": "registry/2.0"}
    writer = writer_of(lambda request: httpx.Response(404, headers=headers))

    assert writer.delete("team/app", NOBODYS) is Outcome.ALREADY_GONE


@pytest.mark.parametrize(
    ("challenge", "kind"),
    [
        ("", errors.ConflictError),
        ('Bearer error="insufficient_scope"', errors.RegistryRefusedError),
    ],
)
def test_tells_what_is_referenced_at_docker_hub_from_what_is_not_allowed(challenge, kind):
    answer = httpx.Response(403, headers={"www-authenticate": challenge} if challenge else {})
    writer = writer_of(lambda request: answer, base_url="https://docker.io")

    with pytest.raises(kind) as caught:
        writer.delete("app", NOBODYS)

    assert type(caught.value) is kind


def test_does_not_mind_what_quay_calls_its_empty_answers():
    headers = {"content-type": "text/html; charset=utf-8"}
    writer = writer_of(lambda request: httpx.Response(202, headers=headers))

    assert writer.delete("team/app", NOBODYS) is Outcome.DONE


@given(
    st.integers(200, 599),
    st.binary() | st.text().map(lambda text: json.dumps({"errors": [{"code": text}]}).encode()),
    st.text(st.characters(min_codepoint=32, max_codepoint=126)),
    st.sampled_from(Target),
)
def test_makes_an_error_of_whatever_is_answered(status, content, allow, target):
    answer = Answer(status, httpx.Headers({"allow": allow}), content, BASE)

    error = Rejections(Endpoint(BASE, username="reader", password="open-sesame")).error_for(
        answer, "delete a:v1", target
    )

    assert isinstance(error, errors.RegistryError)
    assert error.for_people.startswith("registry.corp.example ")
    assert error.status == status
    assert len(error.for_people) < 1000


@given(st.lists(st.sampled_from(["GET", "head", "DELETE", "put"])))
def test_reads_which_methods_are_allowed(methods):
    answer = Answer(405, httpx.Headers({"allow": " ,".join(methods)}), b"", BASE)

    assert allowed_methods(answer) == {method.upper() for method in methods}
