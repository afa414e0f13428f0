"""The customer card."""


class Profile:
    """The golden view of one person."""
