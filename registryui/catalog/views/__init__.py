"""The views of the index: load, build the page, answer."""
