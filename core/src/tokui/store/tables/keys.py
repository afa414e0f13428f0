"""What the rows of all tables have in common."""

from typing import Any

from sqlalchemy import BigInteger, Integer, Text
from sqlmodel import Field, SQLModel

# SQLite makes only INTEGER PRIMARY KEY the row id; PostgreSQL needs BIGINT to have room.
Id = BigInteger().with_variant(Integer, "sqlite")
GIVEN = {"autoincrement": False}
# In the order of code points: what is searched by its beginning needs it, and an index with it.
Folded = Text(collation="C").with_variant(Text(), "sqlite")


class Keyed(SQLModel):
    """A row whose integer key the store gives out (`counter`)."""

    id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)


def columns(table: type[SQLModel]) -> Any:
    """The table's columns, for queries."""
    return SQLModel.metadata.tables[str(table.__tablename__)].c
