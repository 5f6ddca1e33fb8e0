"""Reading layers: streams, tar, tables of contents, merged trees; no Django, no network."""
