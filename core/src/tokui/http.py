"""The one HTTP client for connectors."""


class Http:
    """Lent to a connector as `ctx.http`."""
