"""The famous error messages, by what is wrong."""
