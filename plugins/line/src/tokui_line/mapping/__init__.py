"""From LINE's profiles and events to records."""
