"""Who did what to what, when, with what result: a log that can be added to, and proved."""
