"""What Voucherify answers, as far as it is read; what does not fit is no answer."""

from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, ValidationError
from tokui.errors import Unavailable
from tokui.http import Response

MOST = 10**15

Whole = Annotated[StrictInt, Field(ge=-MOST, le=MOST)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(9000, 1, 1))]
A = TypeVar("A", bound=BaseModel)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Points(_Answer):
    """The points of a card; `balance` can be spent."""

    balance: Whole
    pending_points: Whole | None = None
    next_expiration_date: Day | None = None
    next_expiration_points: Whole | None = None


class Card(_Answer):
    """A loyalty card."""

    loyalty_card: Points


class Change(_Answer):
    """What a transaction moved, and what could be spent after it."""

    points: Whole
    balance: Whole


class Details(_Answer):
    """Of a transaction."""

    balance: Change


class Transaction(_Answer):
    """One movement of a card's points."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    type: str
    source_id: str | None = None
    reason: str | None = None
    created_at: AwareDatetime
    details: Details

    @property
    def at(self) -> datetime:
        """When."""
        return self.created_at


class Transactions(_Answer):
    """A page of them."""

    data: list[Transaction]
    has_more: bool | None = None


def read(kind: type[A], answer: Response) -> A:
    """
    The answer, if it is one.

    Raises:
        Unavailable: It is none.
    """
    try:
        return kind.model_validate(answer.json())
    except ValidationError as error:
        where = ".".join(str(each) for each in error.errors(include_input=False)[0]["loc"])
        raise Unavailable(f"the answer makes no sense at `{where}`") from None
