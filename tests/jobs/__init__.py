"""Background work: what is promised, and what survives."""
