"""Voucherify's loyalty cards as a ledger: points that another service keeps."""
