"""The Voucherify sandbox as the contract suite wants it."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tokui_contracts.suite import HttpLedgerSandbox
from tokui_contracts.voucherify.cards import CAMPAIGN, CODE
from tokui_contracts.voucherify.sandbox import APPLICATION, SECRET, VoucherifySandbox


class VoucherifyVendor(HttpLedgerSandbox):
    """A campaign whose cards are issued, and have no points."""

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        known = {"campaign": CAMPAIGN, "application_id": APPLICATION, "secret_key": SECRET}
        return {**known, "base_url": self.url}

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """A key that was revoked."""
        return {**self.settings(), "secret_key": "voucherify-revoked"}

    def serve(self) -> str:
        """The sandbox on a clock that stands."""
        self._vendor = VoucherifySandbox(now=lambda: self.now)
        self._vendor.__enter__()
        return self._vendor.url

    def close(self) -> None:
        """Stop it."""
        self._vendor.__exit__(None, None, None)

    def members(self, count: int) -> Sequence[str]:
        """Codes of cards."""
        return [CODE.format(number) for number in range(count)]

    def personal(self) -> Sequence[str]:
        """The codes."""
        return self.members(2)
