import json
from contextlib import closing
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from threading import Thread

import httpx
import pytest
from tokui_contracts.faults import Fault, FaultProxy, at_random, lost, unknown
from tokui_contracts.shopify import THROTTLED


class Counter(BaseHTTPRequestHandler):
    served = 0

    def do_GET(self):
        type(self).served += 1
        body = json.dumps(
            {"number": self.served, "items": [{"id": 1, "name": "x" * 5000}]}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def proxy():
    Counter.served = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    with closing(FaultProxy(f"http://127.0.0.1:{server.server_port}")) as proxy:
        yield proxy
    server.shutdown()
    thread.join()
    server.server_close()


def get(proxy, **options):
    return httpx.get(proxy.url, timeout=5, verify=False, **options)


def test_a_proxy_without_a_fault_passes_all_on(proxy):
    assert [get(proxy).json()["number"] for _ in range(3)] == [1, 2, 3]
    assert proxy.requests == 3


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault("limited", 7), 429),
        (Fault("broken"), 503),
        (Fault("broken", status=502), 502),
        (Fault("denied"), 401),
        (Fault("refused", says="no"), 400),
        (THROTTLED, 200),
    ],
)
def test_a_fault_has_its_status_once(proxy, fault, status):
    proxy.inject(fault, after=1)

    assert [get(proxy).status_code for _ in range(3)] == [200, status, 200]


def test_a_429_says_when_to_come_again(proxy):
    proxy.follow([Fault("limited", 7), Fault("limited", 7, as_date=True), Fault("limited")])

    seconds, date, unsaid = (get(proxy).headers for _ in range(3))
    assert seconds["Retry-After"] == "7"
    assert parsedate_to_datetime(date["Retry-After"]).tzinfo
    assert "Retry-After" not in unsaid


@pytest.mark.parametrize("kind", ["reset", "midway"])
def test_a_connection_breaks_with_a_reset(proxy, kind):
    proxy.inject(Fault(kind))

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        get(proxy)
    assert get(proxy).status_code == 200


def test_a_truncated_answer_ends_early(proxy):
    proxy.inject(Fault("truncated"))

    with pytest.raises(httpx.RemoteProtocolError):
        get(proxy)


@pytest.mark.parametrize("fault", [Fault("garbage"), Fault("answer", says='{"items": [')])
def test_garbage_is_no_json(proxy, fault):
    proxy.inject(fault)

    with pytest.raises(json.JSONDecodeError):
        get(proxy).json()


def test_a_slow_answer_arrives_all_the_same(proxy):
    proxy.inject(Fault("slow", seconds=0.05))

    assert get(proxy).json()["number"] == 1


def test_a_field_is_lost_or_comes_unannounced(proxy):
    proxy.follow([lost("name"), unknown("news")])

    without, more = get(proxy).json(), get(proxy).json()
    assert "name" not in without["items"][0]
    assert more["news"] == more["items"][0]["news"] == "new"


def test_a_repeated_page_never_ends(proxy):
    proxy.inject(Fault("repeat"), after=1, times=None)

    assert [get(proxy).json()["number"] for _ in range(4)] == [1, 2, 2, 2]


def test_chance_is_the_same_for_a_seed():
    faults = [Fault("reset"), Fault("garbage")]

    first = list(islice(at_random(3, 0.2, faults), 500))
    assert first == list(islice(at_random(3, 0.2, faults), 500))
    assert 60 < sum(fault is not None for fault in first) < 140


def test_a_healed_proxy_forgets_its_faults(proxy):
    proxy.inject(Fault("broken"), times=None)
    proxy.heal()

    assert get(proxy).status_code == 200
