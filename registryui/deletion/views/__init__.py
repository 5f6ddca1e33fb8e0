"""The views of deletions, copies and restores: load, build the page, answer."""
