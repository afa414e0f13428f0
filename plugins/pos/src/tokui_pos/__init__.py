"""POS exports for tokui."""
