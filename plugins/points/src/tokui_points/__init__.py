"""Points and ranks: programmes as configuration, and pure functions over facts."""
