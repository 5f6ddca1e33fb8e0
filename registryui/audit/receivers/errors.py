"""What goes wrong with a receiver."""


class ReceiverError(Exception):
    """It has not taken the events; the message says why, in words and without a secret."""
