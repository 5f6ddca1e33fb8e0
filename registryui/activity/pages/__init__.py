"""What the pages of the activity show."""
