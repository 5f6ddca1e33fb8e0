"""What the pages of the log show."""
