"""What the accounts tell whoever listens; the audit log does."""

from django.dispatch import Signal

# Sent with action (one of reporting.Action, such as "SIGN_IN"), user (a name, "" if unknown),
# detail (a sentence), succeeded (bool), address (of the client) and request_id.
something_happened = Signal()
