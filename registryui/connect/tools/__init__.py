"""The commands of each client, as text that can be pasted."""
