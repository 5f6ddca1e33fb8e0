"""What the pages of the lineage show."""
