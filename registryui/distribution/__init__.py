"""The client of the distribution API: httpx and the vocabulary, no Django."""
