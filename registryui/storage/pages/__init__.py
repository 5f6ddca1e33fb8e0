"""What the pages of the storage show."""
