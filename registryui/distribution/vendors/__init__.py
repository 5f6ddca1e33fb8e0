"""The lists of repositories that vendors offer beside, or in place of, the registry's catalog.

Each module knows one vendor's API and gives what ``iter_catalog`` gives: page after page of names,
with an error raised where the list is not complete.
"""
