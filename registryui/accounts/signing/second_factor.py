"""What django-allauth's second factors have to do our way: secrets are encrypted where they lie."""

import base64
import hashlib
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets so that a copy of the database alone makes nobody able to make codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is wrong or too old."),
    }

    def get_totp_issuer(self) -> str:
        """Return how an authenticator app calls us."""
        return "Registry UI"

    def encrypt(self, text: str) -> str:
        """Return the secret as it is kept."""
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that was kept.

        When REGISTRYUI_SECRET_KEY was changed since, nobody can; no code is right then.
        """
        try:
            return _lock().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.warning(
                "A second factor was kept under another REGISTRYUI_SECRET_KEY: an administrator "
                "has to reset it."
            )
            return str(generate_totp_secret())


def _lock() -> Fernet:
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
