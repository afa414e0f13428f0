"""How often another system is asked for the points that it keeps."""

from pydantic import Field, PositiveInt
from tokui.connector import Settings


class Asking(Settings):
    """
    Of a programme whose `authority` is a connection.

    Attributes:
        every_hours: A member is asked for again after so long.
        most: Members asked for in one sync, those longest unasked first; two calls for each.
    """

    every_hours: PositiveInt = Field(24, description="Hours until a member is asked for again.")
    most: PositiveInt = Field(500, description="Members asked for in one sync.")
