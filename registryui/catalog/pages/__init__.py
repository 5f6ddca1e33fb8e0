"""What each page shows, as plain values: templates read them and the JSON twins are them."""
