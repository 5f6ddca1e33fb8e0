"""Commands of the supply chain."""
