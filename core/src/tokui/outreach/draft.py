"""Drafting: for each person the first way that they can be reached by and that nothing refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from tokui.card import Profile
from tokui.config import Config
from tokui.errors import ConfigError
from tokui.hooks import Draft, View
from tokui.hub import Failure, Hub
from tokui.model import moment
from tokui.outreach.allow import Answer, Facts, answers, facts_of, strictest
from tokui.outreach.compose import Wish, first_draft, fit, preview, without_words, written
from tokui.outreach.heard import channels_word, plugins_word
from tokui.outreach.reach import Channels, Way, kinds, nowhere, preferring, ways
from tokui.outreach.template import Unwritten
from tokui.store import profiles, turns
from tokui.store.engine import Transaction
from tokui.store.feed import Changes
from tokui.store.messages import Denied, Message, New


class Drafted(NamedTuple):
    """
    A message as it is kept.

    Attributes:
        profile_id: To whom.
        way: How it goes.
        new: What is kept.
        text: What the person will read.
        answers: What every rule said of it; rules that come after a refusal may be missing.
        failures: Plugins that could not improve it.
    """

    profile_id: int
    way: Way
    new: New
    text: str
    answers: tuple[Answer, ...]
    failures: tuple[Failure, ...] = ()

    @property
    def denied(self) -> Denied | None:
        """The strictest of the answers."""
        return strictest(answer.denied for answer in self.answers)

    @property
    def refusal(self) -> Denied | None:
        """Why it is refused for good; None where it is not."""
        return _final(self.denied)


class LeftOut(NamedTuple):
    """Somebody for whom the words cannot be made."""

    profile_id: int
    why: Unwritten


class _Try(NamedTuple):
    way: Way
    message: Message


@dataclass(frozen=True, slots=True)
class Drafting:
    """
    What a wish becomes for each person.

    Attributes:
        hub: Whose plugins are asked.
        channels: To choose from, in order.
        wish: What staff want to say.
        author: Who drafts it, as the log has it.
        now: The present moment.
        campaign: Name of what goes to many.
    """

    hub: Hub
    channels: Channels
    wish: Wish
    author: str
    now: datetime
    campaign: str | None = None

    def check(self) -> None:
        """
        Look before anybody is looked at.

        Raises:
            ConfigError: No connection reaches what the template has words for.
        """
        template = self.wish.template
        if template and not {*template.reaches} & {*kinds(self.channels)}:
            raise ConfigError(
                f"template {template.name} has words for {', '.join(template.reaches)} only, "
                f"and {', '.join(self.channels)} cannot send to that",
                who=str(self._config.path),
            )

    def plan(self, tx: Transaction, view: View, numbers: Sequence[int]) -> list[Drafted | LeftOut]:
        """
        One answer for each profile there is, in their order; nothing is written.
        """
        people = [person for number in numbers if (person := view.profile(number))]
        tries = [self._tries(tx, person) for person in people]
        asked = [each.message for some in tries for each in some]
        facts = facts_of(tx, self._config.outreach, asked, self.now, sending=False)
        return [
            self._first(view, facts, person, some)
            for person, some in zip(people, tries, strict=True)
        ]

    @property
    def _config(self) -> Config:
        return self.hub.config

    def _tries(self, tx: Transaction, person: Profile) -> list[_Try]:
        template = self.wish.template
        reaches = template.reaches if template else None
        channels = preferring(self.channels, person, self._config.outreach.preferred)
        found = ways(person, channels, reaches)
        if not found and (way := nowhere(channels, reaches)):
            found = [way]
        speaker = profiles.first_customer(tx, person.profile_id)
        ids = {(name, key): row for row, name, key in profiles.members(tx, person.profile_id)}
        return [_Try(way, self._asking(way, _whose(way, ids, speaker))) for way in found]

    def _asking(self, way: Way, customer_id: int) -> Message:
        """The message, as far as rules look at it."""
        said = self.wish.template or self.wish
        return Message(
            id=0,
            customer_id=customer_id,
            connection=way.connection,
            point=way.point,
            address=way.address,
            purpose=said.purpose,
            topic=said.topic,
            language="",
            template=None,
            content="",
            campaign=self.campaign,
            author=self.author,
            approved_by=None,
            state="draft",
            rule=None,
            reason=None,
            due_at=self.now,
            parcel_id=None,
            provider_id=None,
            sent_at=None,
            at=self.now,
        )

    def _first(
        self, view: View, facts: Facts, person: Profile, tries: Sequence[_Try]
    ) -> Drafted | LeftOut:
        """The first that nothing refuses; else the first that could be written, to a point of theirs."""
        refused, unwritten = list[Drafted](), list[Unwritten]()
        for each in tries:
            try:
                made = self._drafted(view, person, each, answers(facts, each.message))
            except Unwritten as error:
                unwritten.append(error)
                continue
            if made.refusal is None:
                return made
            refused.append(made)
        refused.sort(key=lambda each: each.refusal is not None and each.refusal.rule == "contact")
        return refused[0] if refused else LeftOut(person.profile_id, unwritten[0])

    def _drafted(self, view: View, person: Profile, each: _Try, said: Sequence[Answer]) -> Drafted:
        """Plugins are asked about what the core's own rules let pass."""
        way = each.way
        if _final(strictest(answer.denied for answer in said)):
            return self._refused(person, each, said)
        made = written(self.hub, view, self._words(person, way), way.channel)
        own = channels_word(way.channel, made.content, made.draft)
        said = [*said, own, *plugins_word(self.hub, made.draft, view, self.now)]
        return self._of(each, made.draft, made.content, said, made.failures)

    def _refused(self, person: Profile, each: _Try, said: Sequence[Answer]) -> Drafted:
        """Kept with the words that it would have had, where there are any."""
        try:
            draft = self._words(person, each.way)
            return self._of(each, draft, fit(draft, each.way.channel), said)
        except Unwritten:
            return self._of(each, without_words(self.wish, person, each.way), None, said)

    def _words(self, person: Profile, way: Way) -> Draft:
        zone = ZoneInfo(self._config.outreach.quiet.timezone)
        today, senders = self.now.astimezone(zone).date(), self._config.sender.by_language
        return first_draft(self.wish, person, way, senders, today)

    def _of(
        self,
        each: _Try,
        draft: Draft,
        content: BaseModel | None,
        said: Sequence[Answer],
        failures: Sequence[Failure] = (),
    ) -> Drafted:
        new = New(
            customer_id=each.message.customer_id,
            connection=draft.connection,
            point=each.way.point,
            address=each.way.address,
            content=content.model_dump_json(by_alias=True, exclude_none=True) if content else "{}",
            author=self.author,
            purpose=draft.purpose,
            topic=draft.topic,
            language=draft.language,
            template=draft.template,
            campaign=self.campaign,
        )
        channel, purpose = each.way.channel, draft.purpose
        text = preview(channel, content, purpose, draft.language) if content else ""
        return Drafted(draft.profile_id, each.way, new, text, tuple(said), tuple(failures))


def keep(tx: Transaction, drafted: Sequence[Drafted]) -> list[int]:
    """Write drafts, and the refusals among them with rule and reason; their ids, in that order."""
    ids = turns.draft(tx, [each.new for each in drafted])
    changes, refused = Changes(), dict[int, Denied]()
    for number, each in zip(ids, drafted, strict=True):
        changes.add(each.profile_id, "message")
        if refusal := each.refusal:
            refused[number] = refusal
    if refused:
        turns.deny(tx, refused, moment(tx.now_us))
    changes.write(tx)
    return ids


def _whose(way: Way, ids: Mapping[tuple[str, str], int], speaker: int | None) -> int:
    """The customer whose contact point it is; who has none is spoken for by the first."""
    found = ids.get(way.source) if way.source else None
    return found or speaker or 0


def _final(denied: Denied | None) -> Denied | None:
    return denied if denied and not (denied.until or denied.held) else None
