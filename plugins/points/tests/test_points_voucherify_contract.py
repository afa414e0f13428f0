"""The connector keeps the contract of a ledger."""

import pytest
from tokui_contracts import LedgerContract
from tokui_contracts.voucherify.vendor import VoucherifyVendor
from tokui_points.voucherify.connector import Voucherify


class TestVoucherify(LedgerContract):
    connector = Voucherify
    sandbox = VoucherifyVendor

    @pytest.mark.xfail(reason="Voucherify lists by card only; the core remembers what it asked for")
    def test_a_key_of_another_member_is_refused(self, rig):
        super().test_a_key_of_another_member_is_refused(rig)
