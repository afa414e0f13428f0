"""How often things happen in a town."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """
    How often things happen in the town, as shares of 1.

    Attributes:
        shopify_only: Persons with an account in the online shop only.
        pos_only: Persons with a member card of the stores only.
        both: Persons with both. The rest has neither and buys as a guest.
        same_both: Of those with both: e-mail and phone are the same in both systems.
        same_email: Of those with both: the e-mail only.
        same_phone: Of those with both: the phone only. The rest agrees on neither.
        card_online: Of those with both: the online account knows the card number.
        second_account: Accounts whose person has another one in the same system.
        family_email: Online-only accounts that use the family's mailbox.
        family_phone: Store-only members, not heads, who gave their head's mobile.
        landline: Store-only members who gave the landline.
        placeholder_phone: Store-only members for whom staff typed zeros or the shop's own number.
        old_forms: Store members written in old characters where their name has some.
        guest: Accounts whose person also ordered as a guest.
        gift: Online orders sent to another customer.
        returned: Purchases of which something came back.
        discounted: Purchases with a discount on the whole.
        bulk_edit: Online accounts that a bulk edit touched: they share one updated_at.
    """

    shopify_only: float = 0.40
    pos_only: float = 0.33
    both: float = 0.25
    same_both: float = 0.30
    same_email: float = 0.27
    same_phone: float = 0.27
    card_online: float = 0.20
    second_account: float = 0.03
    family_email: float = 0.05
    family_phone: float = 0.15
    landline: float = 0.20
    placeholder_phone: float = 0.01
    old_forms: float = 0.15
    guest: float = 0.03
    gift: float = 0.06
    returned: float = 0.05
    discounted: float = 0.15
    bulk_edit: float = 0.05
