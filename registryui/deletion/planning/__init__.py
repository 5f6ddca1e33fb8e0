"""What a deletion would do, worked out before anybody confirms it."""
