"""Two customers and what speaks for and against their being one person, on a screen and as JSON."""

from collections.abc import Mapping

from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tokui.cli.output import plain
from tokui.cli.words import Lang, word
from tokui.identity.explain import Explanation, Strength, explain
from tokui.identity.person import Person
from tokui.identity.weigh import Policy
from tokui.identity.weighing import Weighed

SIGNS: Mapping[Strength, tuple[str, str]] = {
    "strong": ("++", "bold green"),
    "some": ("+", "green"),
    "little": ("·", "dim"),
    "against": ("-", "red"),
    "strongly against": ("--", "bold red"),
}


def named(person: Person) -> str:
    """A customer, as it is named on the command line."""
    return f"{person.connection}:{person.external_id}"


def explained(weighed: Weighed, policy: Policy, lang: Lang) -> Explanation:
    """Why."""
    return explain(weighed.judgement, lang, policy, weighed.standing)


def as_text(weighed: Weighed, policy: Policy, lang: Lang) -> RenderableType:
    """Who the two are, the verdict, and a line for each reason."""
    ends = Text("  ·  ").join(_end(each, lang) for each in (weighed.one, weighed.other))
    return Group(ends, reasons(explained(weighed, policy, lang)))


def reasons(said: Explanation) -> RenderableType:
    """The verdict, and a line for each reason with a sign of how much it says."""
    first, *rest = said.summary
    grid = Table.grid(padding=(0, 1))
    for each in said.reasons:
        sign, style = SIGNS[each.strength]
        grid.add_row(Text(f"{sign:>2}", style), each.text)
    return Group(Text(first, "bold"), *map(Text, rest), grid)


def as_data(weighed: Weighed, policy: Policy, lang: Lang) -> dict[str, JsonValue]:
    """For `--json`; scores and weights are natural logarithms of odds."""
    said, standing = explained(weighed, policy, lang), weighed.standing
    weights = {term.code: term for term in weighed.judgement.terms}
    return {
        "customers": [_customer(weighed.one), _customer(weighed.other)],
        "verdict": said.verdict,
        "score": weighed.judgement.score / 1000,
        "rival": said.rival,
        "answer": standing.answer,
        "objection": standing.objection,
        "summary": list(said.summary),
        "reasons": [
            {
                "code": each.code,
                "strength": each.strength,
                "text": each.text,
                "family": weights[each.code].family / 1000,
                "stranger": weights[each.code].stranger / 1000,
            }
            for each in said.reasons
        ],
    }


def _end(person: Person, lang: Lang) -> Text:
    where = f" ({word('profile', lang)} {person.profile_id})"
    return Text(plain(named(person)), "bold").append(where, "dim")


def _customer(person: Person) -> JsonValue:
    return {
        "connection": person.connection,
        "external_id": person.external_id,
        "profile_id": person.profile_id,
    }
