import logging
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import respx
from tokui import __version__
from tokui.errors import AuthError, ConfigError, FatalError, RateLimited, Stopped, Unavailable
from tokui.http import Http, HttpSettings, Response
from tokui_contracts.context import NOON, Waits, context

URL = "https://shop.test/api/orders.json"
CANARY = "shpat_canary_0451"


@respx.mock
def test_a_request_says_who_asks(http: Http) -> None:
    route = respx.post(URL).respond(200)

    http.post(
        f"{URL}?shop=1",
        json={"a": 1},
        headers={"X-Shopify-Access-Token": CANARY},
        params={"page": 2},
    )

    sent = route.calls.last.request
    assert sent.headers["user-agent"] == f"tokui/{__version__}"
    assert sent.headers["x-shopify-access-token"] == CANARY
    assert (sent.content, sent.url.query) == (b'{"a":1}', b"shop=1&page=2")


@respx.mock
def test_a_429_is_tried_again_after_the_seconds_it_asks_for(http: Http, waits: Waits) -> None:
    respx.get(URL).mock(
        side_effect=[httpx.Response(429, headers={"Retry-After": "2.0"}), httpx.Response(200)]
    )

    assert http.get(URL).status == 200

    [(seconds, why)] = waits.waits
    assert 2 <= seconds <= 2.1
    assert why == "429"


@respx.mock
def test_a_429_may_ask_for_a_date_on_its_own_clock(http: Http, waits: Waits) -> None:
    headers = {
        "Date": "Thu, 01 Oct 2026 03:10:00 GMT",
        "Retry-After": "Thu, 01 Oct 2026 03:10:30 GMT",
    }
    respx.get(URL).mock(side_effect=[httpx.Response(429, headers=headers), httpx.Response(200)])

    http.get(URL)

    assert 30 <= waits.waits[0][0] <= 30.1


@respx.mock
def test_a_429_that_lasts_says_when_it_may_end(http: Http) -> None:
    route = respx.get(URL).respond(429, headers={"Retry-After": "2"})

    with pytest.raises(
        RateLimited, match=r"shop: GET shop\.test/api/orders\.json: rate limited; next try in 2 s"
    ) as e:
        http.get(URL)

    assert e.value.retry_after_s == 2
    assert route.call_count == HttpSettings().tries


@respx.mock
def test_a_wait_that_would_outlast_the_deadline_is_not_begun(http: Http, waits: Waits) -> None:
    route = respx.get(URL).respond(429, headers={"Retry-After": "301"})

    with pytest.raises(RateLimited):
        http.get(URL)

    assert (route.call_count, waits.waits) == (1, [])


@respx.mock
@pytest.mark.parametrize("nonsense", ["soon", "-5", "nan", "1e999", "9" * 5000, ""])
def test_a_senseless_retry_after_leaves_the_usual_backoff(nonsense: str, lent) -> None:
    respx.get(URL).mock(
        side_effect=[httpx.Response(429, headers={"Retry-After": nonsense}), httpx.Response(200)]
    )

    with lent() as (http, waits):
        http.get(URL)

    assert 0 <= waits.waits[0][0] <= 1


@respx.mock
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(http: Http, waits: Waits, status: int) -> None:
    respx.get(URL).mock(side_effect=[httpx.Response(status), httpx.Response(200, content=b"ok")])

    assert http.get(URL).content == b"ok"
    assert waits.waits[0][1] == str(status)


@respx.mock
def test_backoff_has_full_jitter_under_a_doubling_ceiling(waits: Waits, lent) -> None:
    respx.get(URL).respond(503)
    with lent(tries=9, deadline_s=3600) as (http, waits), pytest.raises(Unavailable):
        http.get(URL)

    seconds = [wait for wait, _ in waits.waits]
    assert all(0 <= wait <= min(60, 2**n) for n, wait in enumerate(seconds))
    assert len(set(seconds)) == 8


@respx.mock
@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError])
def test_a_connection_that_breaks_is_unavailable_after_the_tries(
    http: Http, error: type[httpx.TransportError]
) -> None:
    route = respx.get(URL).mock(side_effect=error)

    with pytest.raises(Unavailable, match=r"shop: GET shop\.test/api/orders\.json"):
        http.get(URL)

    assert route.call_count == HttpSettings().tries


@respx.mock
def test_a_call_that_must_not_be_repeated_is_made_once(http: Http) -> None:
    route = respx.post(URL).respond(503)

    with pytest.raises(Unavailable):
        http.post(URL, tries=1)

    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize(
    ("status", "error"),
    [(401, AuthError), (403, AuthError), (404, FatalError), (400, FatalError), (302, FatalError)],
)
def test_a_refusal_is_not_tried_again(http: Http, status: int, error: type[Exception]) -> None:
    route = respx.get(URL).respond(status, headers={"Location": "https://elsewhere.test/"})

    with pytest.raises(error, match=f"answered {status}"):
        http.get(URL)

    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize("status", [404, 429, 503])
def test_an_allowed_status_is_returned_as_it_is(http: Http, status: int) -> None:
    respx.get(URL).respond(status, content=b"why")

    assert http.get(URL, allow={status}) == Response(status, {"content-length": "3"}, b"why")


@respx.mock
def test_a_stopped_run_sends_nothing() -> None:
    route = respx.get(URL).respond(200)

    with pytest.raises(Stopped):
        context(stop=Waits(stopped=True)).http.get(URL)

    assert route.call_count == 0


@respx.mock
def test_a_run_stopped_while_waiting_sends_nothing_more() -> None:
    route = respx.get(URL).respond(503)

    with pytest.raises(Stopped):
        context(stop=Waits(stop_at=2)).http.get(URL)

    assert route.call_count == 2


@respx.mock
def test_requests_are_spaced_by_the_rate() -> None:
    respx.get(URL).respond(200)
    stop, ticks = Waits(), iter([100.0] * 20)
    http = Http(
        "shop",
        HttpSettings(rate_per_s=4),
        stop=stop,
        now=lambda: NOON,
        rng=context().rng,
        clock=lambda: next(ticks),
    )

    for _ in range(3):
        http.get(URL)

    assert stop.waits == [(0.25, "rate limit"), (0.5, "rate limit")]
    http.close()


@respx.mock
def test_the_far_sides_clock_is_known_from_its_answers(http: Http) -> None:
    respx.get(URL).respond(200, headers={"Date": "Thu, 01 Oct 2026 03:07:00 GMT"})
    assert http.server_time() is None

    http.get(URL)

    assert http.server_time() == datetime(2026, 10, 1, 3, 7, tzinfo=UTC)
    assert http.server_time() == NOON + timedelta(minutes=7)


@respx.mock
@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a": NaN}', b"[" * 5000, b'"\\ud800"'])
def test_an_answer_that_is_not_json_is_unavailable(http: Http, body: bytes) -> None:
    respx.get(URL).respond(200, content=body)

    with pytest.raises(Unavailable, match="is not JSON"):
        http.get(URL).json()


@respx.mock
def test_a_page_in_the_place_of_json_is_named_for_what_it_is(http: Http) -> None:
    respx.get(URL).respond(200, content=b"<html>", headers={"content-type": "Text/HTML; x=Sato"})

    with pytest.raises(Unavailable) as refused:
        http.get(URL).json()

    assert str(refused.value).startswith("the answer (6 bytes of text/html) is not JSON. Run again")


@respx.mock
@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(401, text=CANARY),
        httpx.Response(404, text=CANARY),
        httpx.Response(429, text=CANARY),
        httpx.Response(503, text=CANARY),
        httpx.Response(200, text=CANARY),
        httpx.ReadTimeout(CANARY),
        httpx.RemoteProtocolError(CANARY),
    ],
)
def test_a_secret_shows_neither_in_errors_nor_in_logs(
    reply: httpx.Response | Exception, caplog: pytest.LogCaptureFixture, lent
) -> None:
    caplog.set_level(logging.DEBUG)
    respx.get(host="shop.test").mock(side_effect=[reply])

    with lent(tries=1) as (http, _), pytest.raises(Exception, match=r"orders\.json|not JSON") as e:
        http.get(
            f"https://user:{CANARY}@shop.test/orders.json?token={CANARY}",
            headers={"Authorization": f"Bearer {CANARY}", "X-Shopify-Access-Token": CANARY},
        ).json()

    assert CANARY not in repr(e.value) + str(e.value)
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    "somebody", ["U4af4980629f1a2b3c4d5e6f708192a3b", "hana%40example.jp", "hana@example.jp"]
)
@respx.mock
def test_whom_a_path_names_shows_neither_in_errors_nor_in_logs(
    somebody: str, caplog: pytest.LogCaptureFixture, lent
) -> None:
    caplog.set_level(logging.DEBUG)
    respx.get(host="line.test").mock(return_value=httpx.Response(404))

    with lent() as (http, _), pytest.raises(FatalError, match=r"/v2/profile/… answered 404") as e:
        http.get(f"https://line.test/v2/profile/{somebody}")

    assert "4af4980629" not in str(e.value) + caplog.text
    assert "hana" not in str(e.value) + caplog.text


@respx.mock
def test_what_is_said_to_be_private_in_a_path_shows_nowhere(
    caplog: pytest.LogCaptureFixture, lent
) -> None:
    caplog.set_level(logging.DEBUG)
    respx.get(host="points.test").mock(return_value=httpx.Response(404))

    with lent() as (http, _), pytest.raises(FatalError, match=r"/cards/…/moves answered 404") as e:
        http.get("https://points.test/cards/ha%20na/moves", private=("ha na",))

    assert "ha%20na" not in str(e.value) + caplog.text
    assert "ha na" not in str(e.value) + caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "http://192.0.2.1/",
        "ftp://192.0.2.1/",
    ],
)
def test_private_addresses_and_plain_http_are_refused_unless_allowed(url: str, lent) -> None:
    with (
        lent(allow_private=False) as (http, _),
        pytest.raises(ConfigError, match=r"allow_private = true under \[connections.shop.http"),
    ):
        http.get(url)


@pytest.mark.parametrize("url", ["shop.test/orders", "https://", "https://[::1/", "", "mailto:x"])
def test_what_is_no_address_is_a_config_error(http: Http, url: str) -> None:
    with pytest.raises(ConfigError, match="the request cannot be written"):
        http.get(url)
