"""
Loyalty cards of Voucherify.

Its API has no idempotency key. So a transfer's key, with a digest of its body, is the `source_id` of the
transaction, which is looked for among the card's before the call, and seen there after it. Whoever asks
again finds it. Of two calls at one moment that should have been one, the later takes its own back.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tokui.connector import (
    Balance,
    Checkable,
    Connector,
    Context,
    Earn,
    Expiring,
    Finding,
    Ledger,
    Member,
    Movement,
    Posted,
    Transfer,
)
from tokui.errors import (
    AuthError,
    ConfigError,
    FatalError,
    NotEnough,
    PolicyRefusal,
    RetryableError,
    TokuiError,
    Unanswered,
)

from tokui_points.voucherify.answers import Points
from tokui_points.voucherify.client import Client
from tokui_points.voucherify.moves import (
    Asked,
    Moved,
    checked,
    judged,
    label,
    moved,
    movement,
    standing,
    undoing,
)
from tokui_points.voucherify.settings import VoucherifySettings

LOOKS_S = (0, 1, 2, 4)
"""Seconds before each look for what was done: Voucherify calls a change of balance asynchronous."""

LARGEST_SKEW_S = 300


class Voucherify(Connector[VoucherifySettings], Ledger, Checkable):
    """One loyalty campaign; the code of a card is its member's number."""

    Settings = VoucherifySettings
    holds_nothing = (
        "it reads and moves points of cards by their codes; whose a card is, Voucherify knows from "
        "whoever issued it there, and this connector neither reads nor writes that"
    )

    def __init__(self, name: str, settings: VoucherifySettings, ctx: Context) -> None:
        super().__init__(name, settings, ctx)
        self._client = Client(name, settings, ctx)
        self._zone = ZoneInfo(settings.timezone)

    def balance(self, member: Member) -> Balance:
        """As the card says; nothing, for a card that the campaign does not have."""
        card = self._client.card(member.member_no)
        now = self.ctx.now()
        if card is None:
            return Balance(0, now)
        told = card.loyalty_card
        return Balance(told.balance, now, told.pending_points or 0, expiring=self._ends(told))

    def history(self, member: Member, limit: int = 100) -> Sequence[Movement]:
        """The newest first. What is pending is in it from the day on which it can be spent."""
        rows = self._client.transactions(member.member_no, "-id", limit)
        return [movement(moved(row)) for row in rows]

    def post(self, transfer: Transfer) -> Posted:
        """Look, move, and look again."""
        ask = checked(transfer, self.name, self.ctx.now())
        stands = judged(standing(self._look(ask)), ask, self.name)
        if isinstance(stands, Posted):
            return stands
        nonce = self._nonce()
        if not self._client.move(ask.member.member_no, self._body(ask, stands, nonce)):
            raise self._refusal(ask, stands)
        return self._settled(ask, nonce)

    def check(self) -> Sequence[Finding]:
        """Whether the key works, and the campaign is there."""
        try:
            known = self._client.campaign()
        except (AuthError, ConfigError, FatalError, RetryableError) as error:
            return [Finding("problem", error.what, error.todo)]
        if not known:
            todo = "set `campaign` to the id that Voucherify shows in the campaign's settings"
            return [Finding("problem", "there is no such loyalty campaign", todo)]
        return [Finding("ok", "the loyalty campaign answers"), *self._clock()]

    def _look(self, ask: Asked) -> list[Moved]:
        return [moved(row) for row in self._client.transactions(ask.member.member_no)]

    def _settled(self, ask: Asked, nonce: str) -> Posted:
        """What was done, once it is listed, and was not to be otherwise."""
        rows, own = self._seen(ask, nonce)
        earlier = standing(rows[: rows.index(own)])
        try:
            stands = judged(earlier, ask, self.name)
        except PolicyRefusal:
            self._undo(ask, own)
            raise
        if isinstance(stands, Posted):
            self._undo(ask, own)
            return stands
        return Posted(ask.key, own.points, own.after)

    def _seen(self, ask: Asked, nonce: str) -> tuple[list[Moved], Moved]:
        for seconds in LOOKS_S:
            if seconds:
                self.ctx.stop.wait(seconds, "until Voucherify lists what it did")
            try:
                rows = self._look(ask)
            except TokuiError as error:
                raise self._doubtful(error.what) from None
            for row in rows:
                if (row.key, row.nonce, row.undoes) == (ask.key, nonce, None):
                    return rows, row
        raise self._doubtful("Voucherify took the transfer, and does not list it yet")

    def _undo(self, ask: Asked, wrong: Moved) -> None:
        """Take back what somebody else did at the same moment."""
        self.ctx.log.warning("a transfer was made twice at one moment; the later is taken back")
        body = {
            "points": -wrong.points,
            "reason": "made twice at one moment",
            "source_id": undoing(ask, wrong, self._nonce()),
        }
        try:
            done = self._client.move(ask.member.member_no, body)
        except TokuiError:
            done = False
        if not done:
            raise self._doubtful("a transfer stands twice, and Voucherify does not take it back")

    def _body(self, ask: Asked, points: int, nonce: str) -> Mapping[str, Any]:
        body = {"points": points, "reason": ask.reason, "source_id": label(ask, nonce)}
        if isinstance(ask, Earn) and ask.expires_at:
            day = ask.expires_at.astimezone(self._zone).date()
            return {**body, "expiration_type": "CUSTOM_DATE", "expiration_date": day.isoformat()}
        return body

    def _refusal(self, ask: Asked, points: int) -> PolicyRefusal:
        """Why Voucherify would not; its words may name a member."""
        card = self._client.card(ask.member.member_no)
        if card is None and points > 0:
            todo = "issue the card in Voucherify first"
            return PolicyRefusal("the campaign has no such card", who=self.name, todo=todo)
        if points < 0 and (card is None or card.loyalty_card.balance < -points):
            return NotEnough("so many points are not there", who=self.name)
        return PolicyRefusal("Voucherify refuses the transfer", who=self.name)

    def _ends(self, told: Points) -> tuple[Expiring, ...]:
        """The next end; on that date they are taken for lost already, so that nobody comes late."""
        day, points = told.next_expiration_date, told.next_expiration_points
        if day is None or not points:
            return ()
        return (Expiring(points, datetime.combine(day, time(), self._zone).astimezone(UTC)),)

    def _doubtful(self, what: str) -> Unanswered:
        return Unanswered(what, who=self.name, todo="ask again with the same key")

    def _nonce(self) -> str:
        return f"{self.ctx.rng.getrandbits(64):016x}"

    def _clock(self) -> Sequence[Finding]:
        theirs = self.ctx.http.server_time()
        if theirs and abs((self.ctx.now() - theirs).total_seconds()) > LARGEST_SKEW_S:
            what = "this machine's clock differs from Voucherify's"
            return [Finding("warning", what, "set the clock")]
        return []
