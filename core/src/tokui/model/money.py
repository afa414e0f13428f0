"""Money as whole minor units of one currency; floats never touch it."""

from decimal import Decimal, InvalidOperation

from tokui.model.record import CurrencyCode, Value

# ISO 4217 list one, currencies whose minor unit is not 1/100.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


class Money(Value):
    """
    An amount in one currency.

    Attributes:
        amount_minor: Whole minor units: yen for JPY, cents for USD. May be negative.
        currency: ISO 4217.
    """

    amount_minor: int
    currency: CurrencyCode

    def __str__(self) -> str:
        places = exponent(self.currency)
        amount = Decimal(self.amount_minor).scaleb(-places)
        return f"{amount:,.{places}f} {self.currency}"


def exponent(currency: str) -> int:
    """How many decimal places the minor unit of `currency` has (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


def to_minor(amount: str | int | Decimal, currency: str) -> int:
    """
    Turn a decimal amount ("1280", "12.30") into minor units.

    Raises:
        ValueError: Not a finite number, or finer than the currency's minor unit. Never rounds.
    """
    try:
        scaled = Decimal(amount).scaleb(exponent(currency))
    except InvalidOperation:
        raise ValueError("amount is not a decimal number") from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"amount is not a whole number of minor units of {currency}")
    return int(scaled)
