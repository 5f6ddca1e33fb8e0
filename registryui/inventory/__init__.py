"""The inventory: every tag with what an auditor asks of it, and what was found wrong."""
