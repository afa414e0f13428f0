"""Bringing what the outside systems know into the store, page by page."""
