"""Credential helpers: ``docker-credential-NAME get`` with the registry's key on standard input.

A helper is a program that our settings or a file name, so only those run that the administrator
has listed. What a cloud's helper hands out ends by itself (an hour, half a day): it is asked again
after a while, and at once when the registry refuses what it gave.
"""

import copy
import os
import re
import shutil
import threading
from pathlib import Path

from registryui.distribution.clock import Clock
from registryui.distribution.credentials.login import Login
from registryui.distribution.credentials.running import (
    Finished,
    TooLongError,
    environment_for_helpers,
    run,
)
from registryui.distribution.errors import CredentialsError
from registryui.distribution.wording import quotable
from registryui.oci.document import load_object, text_of
from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop

HELPER_NAME = re.compile(r"[a-z0-9._-]+")
PROGRAM_PREFIX = "docker-credential-"
ALLOWED_BY = "REGISTRYUI_CREDENTIAL_HELPERS"
KEPT = gettext_noop("in what {program} keeps")

KEPT_SECONDS = 600
# A refused password is not asked for again by every request.
AGAIN_SECONDS = 30

_MOST_BYTES = 64 * 1024
_IDENTITY_TOKEN_USER = "<token>"  # noqa: S105 - the helpers' word for "no user"
_NOT_FOUND = b"credentials not found"

_IN_HELPER = gettext_noop("It is in what {program} keeps.")
_RUN_IT = gettext_noop("Run it by hand, as the account that runs Registry UI.")
_RUN_IT_SAYS = gettext_noop(
    "Run it by hand, as the account that runs Registry UI. It says: “{message}”"
)
_SEE_WHY = gettext_noop(
    "Run it by hand, as the account that runs Registry UI, and see what it waits for."
)


class Helper:
    """One helper, asked for one registry; thread-safe, one asks while the others wait."""

    def __init__(
        self, name: str, key: str, *, allowed: frozenset[str], seconds: float, clock: Clock
    ) -> None:
        self._name = name
        self._key = key
        self._allowed = allowed
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: Login | None = None
        self._error: CredentialsError | None = None
        self._asked_at = 0.0

    def login(self, refused: Login | None = None) -> Login:
        """Give what it handed out; raise CredentialsError when there is none that may work.

        A helper that fails later on is no reason to drop a login that still does.
        """
        with self._lock:
            is_refused = refused is not None and refused == self._kept
            if self._is_due(is_refused=is_refused):
                self._ask()
            if self._error and (self._kept is None or is_refused):
                # A copy: one exception must not be raised by several threads.
                raise copy.copy(self._error)
            return self._kept or self._nothing()

    def _is_due(self, *, is_refused: bool) -> bool:
        if self._kept is None and self._error is None:
            return True
        age = self._clock.monotonic() - self._asked_at
        return age >= (AGAIN_SECONDS if is_refused or self._error else KEPT_SECONDS)

    def _ask(self) -> None:
        try:
            self._kept = self._answered(self._run())
            self._error = None
        except CredentialsError as error:
            self._error = error
        self._asked_at = self._clock.monotonic()

    @property
    def _program(self) -> str:
        return PROGRAM_PREFIX + self._name

    def _run(self) -> Finished:
        command = (self._path(), "get")
        environment = environment_for_helpers(os.environ)
        text = self._key.encode()
        try:
            return run(command, text, seconds=self._seconds, environment=environment)
        except TooLongError:
            raise self._error_because(
                gettext_noop(
                    "did not answer within {seconds} seconds, or answered too much"
                ).format(seconds=f"{self._seconds:g}"),
                _SEE_WHY,
            ) from None
        except OSError as error:
            raise self._error_because(
                gettext_noop("cannot be run: {strerror}").format(strerror=error.strerror),
                gettext_noop("Check that it is a program."),
            ) from error

    def _path(self) -> str:
        if not HELPER_NAME.fullmatch(self._name) or self._name not in self._allowed:
            shown = quotable(self._name)
            raise CredentialsError(
                gettext_noop(
                    "The credentials for {key} are kept by the helper “{shown}”, which Registry "
                    "UI may not run. Add it to {allowed_by} if it is to be run."
                ).format(key=self._key, shown=shown, allowed_by=ALLOWED_BY)
            )
        path = shutil.which(self._program)
        if path is None:
            raise self._error_because(
                gettext_noop("is not installed"),
                gettext_noop("Put it into a folder of the PATH of Registry UI."),
            )
        return str(Path(path).absolute())

    def _answered(self, finished: Finished) -> Login:
        said = finished.output + b" " + finished.complaint
        if finished.status != 0 and _NOT_FOUND in said.lower():
            return self._nothing()
        if finished.status != 0:
            # What has braces may be an answer, and hold the secret.
            words = "" if b"{" in said else quotable(said.decode("utf-8", "replace"))
            raise self._error_because(
                gettext_noop("failed with status {status}").format(status=finished.status),
                (_RUN_IT_SAYS if words else _RUN_IT).format(message=words),
            )
        return self._login(finished.output)

    def _login(self, output: bytes) -> Login:
        try:
            document = load_object(output, max_bytes=_MOST_BYTES)
        except OciError:
            raise self._error_because(
                gettext_noop("did not answer with a JSON object"),
                gettext_noop("Check that it is a credential helper."),
            ) from None
        username, secret = text_of(document, "Username"), text_of(document, "Secret")
        if not secret:
            return self._nothing()
        where = KEPT.format(program=self._program)
        if username == _IDENTITY_TOKEN_USER:
            login = Login(identity_token=secret, where=where)
        else:
            login = Login(username, secret, where=where)
        if flaw := login.flaw(self._key):
            raise CredentialsError(f"{flaw} {_IN_HELPER.format(program=self._program)}")
        return login

    def _nothing(self) -> Login:
        return Login(
            where=KEPT.format(program=self._program),
            advice=gettext_noop(
                "{program} has no credentials for {host}. Sign in with docker login where it "
                "keeps them, or choose another way in the settings of this registry."
            ).format(program=self._program, host=self._key),
        )

    def _error_because(self, reason: str, remedy: str) -> CredentialsError:
        return CredentialsError(
            gettext_noop(
                "{program}, which is to hand out the credentials for {key}, {reason}. {advice}"
            ).format(program=self._program, key=self._key, reason=reason, advice=remedy)
        )
