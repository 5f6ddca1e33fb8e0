"""What the pages of builds hold."""
