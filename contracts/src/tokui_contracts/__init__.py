"""The tests every tokui plugin must pass, a demo town, and vendor sandboxes."""
