"""Voucherify, as far as a test needs it: the loyalty cards of one campaign on loopback."""

from tokui_contracts.voucherify.cards import CAMPAIGN, CODE, Cards
from tokui_contracts.voucherify.sandbox import APPLICATION, SECRET, VoucherifySandbox

__all__ = ["APPLICATION", "CAMPAIGN", "CODE", "SECRET", "Cards", "VoucherifySandbox"]
