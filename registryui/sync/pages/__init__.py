"""What the pages of the sync show."""
