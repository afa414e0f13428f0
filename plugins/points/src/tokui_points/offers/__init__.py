"""Offers: coupons, birthday benefits, limited items, gifts for joining; what applies to a basket now."""
