"""LINE official accounts: followers, webhooks, messages."""
