"""How a person stands in a programme, for the card."""

from tokui.connector import Balance, Lost, Standing
from tokui.model import Money

from tokui_points import outlook
from tokui_points.accounts import Account
from tokui_points.story import Story


def standing(name: str, account: Account, story: Story, balance: Balance) -> Standing:
    """All that the card shows of one account."""
    programme, climb = story.programme, story.climb
    above, drop = outlook.next_tier(story), outlook.drop(story)
    return Standing(
        programme=name,
        title=programme.title.said(name),
        member_no=account.raw,
        shared_by=account.bearers,
        points=balance.points,
        pending=balance.pending,
        held=balance.held,
        owed=balance.owed,
        expiring=expiring(story, balance),
        tier=programme.called(story.tier),
        benefits=tuple(each.said("") for each in programme.tier(story.tier).benefits),
        keeps_until=outlook.sure_until(story),
        drops_to=programme.called(drop.to) if drop else None,
        notice_on=drop.notice if drop else None,
        next_tier=programme.called(above.tier) if above else None,
        spend_missing=_money(story, above.spend) if above else None,
        visits_missing=above.visits if above else 0,
        next_by=above.by if above else None,
        earns=programme.tiers[climb.level].rate,
        for_each=_money(story, programme.unit),
    )


def expiring(story: Story, balance: Balance) -> tuple[Lost, ...]:
    """What ends when; all of it together where it slides with the last purchase."""
    end, there = outlook.slid(story), balance.points + balance.pending
    if end and there:
        return (Lost(points=there, at=end),)
    return tuple(Lost(points=each.points, at=each.at) for each in balance.expiring)


def _money(story: Story, amount_minor: int) -> Money:
    return Money(amount_minor=amount_minor, currency=story.programme.currency)
