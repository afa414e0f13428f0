"""Reaching one person: consent, the allow chain, composing, the outbox."""
