"""What the inventory tells whoever listens."""

from django.dispatch import Signal

# Sent before the first byte of an export leaves. Arguments: access (who), kind ("csv" or "jsonl"),
# filters (the address's parameters, as text), now.
exported = Signal()
