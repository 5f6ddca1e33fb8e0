"""What Registry UI is measured by; each module runs by itself and prints its figures."""
