"""What the accounts tell whoever listens; the audit log does."""

from django.dispatch import Signal

# Sent with action (a word such as "sign-in"), user (a name, "" if unknown), detail (a sentence),
# succeeded (bool), address (of the client) and request_id, all of them text but one.
something_happened = Signal()
