"""`tokui points`."""
