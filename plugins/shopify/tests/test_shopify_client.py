"""What Shopify says no with, and what the connector makes of it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx
from tokui.connector import Pull
from tokui.errors import AuthError, FatalError, RateLimited, Unavailable

URL = "https://demo.myshopify.com/admin/api/2026-07/graphql.json"
ASK = Pull("customers", None, datetime(2026, 10, 1, tzinfo=UTC))
EMPTY = {
    "data": {"customers": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}}
}


def refusal(code: str, message: str = "no", **more: Any) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code, **more}}]}


def throttled(available: int) -> dict[str, Any]:
    return refusal("THROTTLED") | {"extensions": cost(500, available)}


def cost(requested: int, available: int) -> dict[str, Any]:
    status = {"maximumAvailable": 2000, "currentlyAvailable": available, "restoreRate": 100}
    return {"cost": {"requestedQueryCost": requested, "throttleStatus": status}}


@pytest.fixture
def answers() -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """`answers(first, second, …)`: what Shopify says; returns the variables it was asked with."""
    with respx.mock(assert_all_called=False) as router:

        def say(*replies: dict[str, Any] | httpx.Response) -> list[dict[str, Any]]:
            asked: list[dict[str, Any]] = []
            left = [
                r if isinstance(r, httpx.Response) else httpx.Response(200, json=r) for r in replies
            ]

            def answer(request: httpx.Request) -> httpx.Response:
                asked.append(json.loads(request.content)["variables"])
                reply = left.pop(0) if len(left) > 1 else left[0]
                return httpx.Response(reply.status_code, content=reply.content)

            router.post(URL).mock(side_effect=answer)
            return asked

        yield say


def read(connector: Any) -> list[Any]:
    return list(connector.pull(ASK))


def test_throttling_is_waited_out_for_as_long_as_the_points_take(shop: Any, answers: Any) -> None:
    answers(throttled(available=200), EMPTY)
    connector = shop()

    assert len(read(connector)) == 1
    assert connector.ctx.stop.waits == [(3.0, "Shopify has throttled us")]


def test_throttling_without_end_is_given_up(shop: Any, answers: Any) -> None:
    answers(throttled(available=0))

    with pytest.raises(RateLimited) as caught:
        read(shop())

    assert caught.value.retry_after_s == 5.0


def test_points_that_are_missing_are_waited_for_before_the_query(shop: Any, answers: Any) -> None:
    one = {"hasNextPage": True, "endCursor": "a"}
    first = {"data": {"customers": {"nodes": [], "pageInfo": one}}}
    answers(first | {"extensions": cost(992, available=492)}, EMPTY)
    connector = shop()

    read(connector)

    assert connector.ctx.stop.waits == [(5.0, "Shopify's rate limit")]


def test_a_query_that_costs_too_much_is_asked_for_less(shop: Any, answers: Any) -> None:
    asked = answers(refusal("MAX_COST_EXCEEDED", cost=2000, maxCost=1000), EMPTY)

    read(shop(page_size=50))

    assert [variables["first"] for variables in asked] == [50, 22]


def test_pages_grow_when_shopify_counts_less_than_planned(shop: Any, answers: Any) -> None:
    more = {
        "data": {"customers": {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "a"}}}
    }
    asked = answers(more | {"extensions": cost(500, available=2000)}, EMPTY)

    read(shop())

    assert [variables["first"] for variables in asked] == [90, 180]


def test_a_refused_token_names_the_setting(shop: Any, answers: Any) -> None:
    answers(httpx.Response(401, json={"errors": "[API] Invalid API key or access token"}))

    with pytest.raises(AuthError, match="access_token") as caught:
        read(shop())

    assert "shpat_secret" not in f"{caught.value!r}{caught.value}"


def test_a_missing_scope_is_named(shop: Any, answers: Any) -> None:
    needed = "`read_customers` access scope."
    answers(refusal("ACCESS_DENIED", requiredAccess=needed) | {"data": {"customers": None}})

    with pytest.raises(AuthError, match=r"Customers is not permitted.*read_customers"):
        read(shop())


def test_an_unknown_shop_names_the_settings(shop: Any, answers: Any) -> None:
    answers(httpx.Response(404, json={"errors": "Not Found"}))

    with pytest.raises(FatalError, match="settings shop and api_version"):
        read(shop())


def test_a_failure_inside_shopify_is_tried_again(shop: Any, answers: Any) -> None:
    answers(refusal("INTERNAL_SERVER_ERROR"), EMPTY)

    assert len(read(shop())) == 1


def test_an_answer_without_data_is_no_answer(shop: Any, answers: Any) -> None:
    answers({})

    with pytest.raises(Unavailable):
        read(shop())


def test_a_wrong_query_is_fatal_and_quotes_nothing(shop: Any, answers: Any) -> None:
    answers(refusal("undefinedField", "hanako@example.jp does not exist"))

    with pytest.raises(FatalError, match="undefinedField") as caught:
        read(shop())

    assert "hanako" not in str(caught.value)


def test_a_cursor_that_went_stale_starts_anew_at_what_was_seen(shop: Any, answers: Any) -> None:
    stale = {"errors": [{"message": "Invalid cursor for current pagination sort."}]}
    asked = answers(stale, EMPTY)
    cursor = {"updated_at": "2026-09-01T00:00:00Z", "filter": "updated_at:>='x'", "after": "old"}

    list(shop().pull(Pull("customers", cursor, ASK.until)))

    resumed, anew = asked
    assert (resumed["after"], resumed["filter"]) == ("old", "updated_at:>='x'")
    assert (anew["after"], anew["filter"]) == (None, "updated_at:>='2026-08-31T23:55:00Z'")


def test_a_stop_ends_the_waiting(shop: Any, answers: Any) -> None:
    answers(throttled(available=0))
    connector = shop()
    connector.ctx.stop.stop_at = 1

    with pytest.raises(Exception, match="asked to stop"):
        read(connector)
