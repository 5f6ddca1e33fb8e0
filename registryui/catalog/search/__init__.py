"""Search over the index: what a person typed, the SQL that finds it, and what was found."""
