"""A small registry in one WSGI app, with images to look at: `make run` shows it, tests use it."""
