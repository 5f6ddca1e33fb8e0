"""Sign-ins: recorded as Django tells them, without what was typed."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.test import RequestFactory

from registryui.audit.models import AuditEvent
from registryui.audit.signing import UNKNOWN_NAME


@pytest.fixture
def ann(db):
    return get_user_model().objects.create_user("ann", "ann@corp.example", "hunter2")


@pytest.fixture
def asked(rf: RequestFactory):
    return rf.post("/", REMOTE_ADDR="192.0.2.9")


def test_records_who_comes_in_and_leaves(ann, asked):
    user_logged_in.send(type(ann), request=asked, user=ann)
    user_logged_out.send(type(ann), request=asked, user=ann)

    came, left = AuditEvent.objects.order_by("sequence")
    assert (came.action, came.result, came.actor) == ("SIGN_IN", "DONE", "ann")
    assert (came.actor_id, came.address, left.action) == (ann.pk, "192.0.2.9", "SIGN_OUT")


def test_records_nothing_when_nobody_leaves(ann, asked):
    user_logged_out.send(type(ann), request=asked, user=None)

    assert not AuditEvent.objects.exists()


def test_records_whose_sign_in_was_refused(ann, asked):
    assert authenticate(asked, username="ann", password="a-wrong-one") is None

    event = AuditEvent.objects.get()
    assert (event.actor, event.subject, event.result) == ("anonymous", "ann", "REFUSED")
    assert event.address == "192.0.2.9"


@pytest.mark.parametrize("typed", ["hunter2", "", "a\x00b"])
def test_keeps_no_name_that_nobody_has(ann, asked, typed):
    credentials = {"username": typed, "password": "********"}
    user_login_failed.send("backend", credentials=credentials, request=asked)

    assert AuditEvent.objects.get().subject == UNKNOWN_NAME


def test_works_without_a_request(ann):
    authenticate(username="ann", password="wrong")

    assert AuditEvent.objects.get().address == ""
