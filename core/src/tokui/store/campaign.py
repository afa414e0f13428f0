"""Who got what was sent to many."""

from collections.abc import Collection

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, MessageRow, columns

AT, CUSTOMER = columns(MessageRow), columns(CustomerRow)


def in_campaign(tx: Transaction, campaign: str | None, profile_ids: Collection[int]) -> set[int]:
    """Those of the profiles that have a message of the campaign, unless it was cancelled."""
    if campaign is None or not profile_ids:
        return set()
    both = sa.select(CUSTOMER.profile_id).join_from(
        CustomerRow, MessageRow, CUSTOMER.id == AT.customer_id
    )
    theirs = both.where(among(CUSTOMER.profile_id, tx.dialect))
    query = theirs.where(AT.campaign == campaign, AT.state != "cancelled")
    return {profile_id for (profile_id,) in tx.among(query, profile_ids)}
