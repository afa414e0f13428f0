"""The HTTP client against a server on loopback: what no mock of a transport shows."""

import gzip
import logging
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tokui.errors import ConfigError, Unavailable
from tokui.http import Http

CANARY = "shpat_canary_0451"
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """A server on loopback whose every GET is answered by `answer`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, body: bytes, **headers: str) -> None:
    handler.send_response(200)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def test_an_answer_has_its_status_headers_in_lower_case_and_its_body(http: Http) -> None:
    with serving(lambda server: send(server, b'{"id": 7}', X_Shop="Ginza")) as url:
        answer = http.get(url)

    assert answer.status == 200
    assert answer.headers["x-shop"] == "Ginza"
    assert answer.json() == {"id": 7}


def test_a_truncated_answer_is_tried_again(lent) -> None:
    bodies = iter([b"half", b"whole"])

    def answer(server: BaseHTTPRequestHandler) -> None:
        send(server, next(bodies), Content_Length="5")

    with serving(answer) as url, lent() as (http, waits):
        assert http.get(url).content == b"whole"

    assert [why for _, why in waits.waits] == ["no answer"]


def test_an_answer_over_the_limit_is_refused(lent) -> None:
    big = serving(lambda server: send(server, bytes(5000)))
    with (
        big as url,
        lent(tries=1, max_response_bytes=4096) as (http, _),
        pytest.raises(Unavailable, match="the answer is over 4096 bytes"),
    ):
        http.get(url)


def test_a_gzip_bomb_is_refused_before_it_unfolds(lent) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    server = serving(lambda server: send(server, bomb, Content_Encoding="gzip"))
    with (
        server as url,
        lent(tries=1, max_response_bytes=100_000) as (http, _),
        pytest.raises(Unavailable, match="over 100000 bytes"),
    ):
        http.get(url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 10_000_000


HELLO = gzip.compress(b"hello", mtime=0)  # the same in every process that collects


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", HELLO[:-9]),
        ("gzip", b"not gzip"),
        ("gzip, gzip", gzip.compress(HELLO, mtime=0)),
        ("br", b"hello"),
    ],
)
def test_an_encoding_that_cannot_be_undone_is_unavailable(encoding: str, body: bytes, lent) -> None:
    server = serving(lambda server: send(server, body, Content_Encoding=encoding))
    with server as url, lent(tries=1) as (http, _), pytest.raises(Unavailable):
        http.get(url)


def test_a_gzipped_answer_is_unfolded(http: Http) -> None:
    text = "銀座".encode() * 50_000
    with serving(lambda s: send(s, gzip.compress(text), Content_Encoding="gzip")) as url:
        assert http.get(url).content == text


def test_an_answer_that_trickles_for_ever_ends_at_the_deadline(lent) -> None:
    def trickle(server: BaseHTTPRequestHandler) -> None:
        server.send_response(200)
        server.end_headers()
        for _ in range(200):
            server.wfile.write(b".")
            time.sleep(0.05)

    def quietly(server: BaseHTTPRequestHandler) -> None:
        try:
            trickle(server)
        except OSError:
            server.close_connection = True

    with (
        serving(quietly) as url,
        lent(deadline_s=0.3) as (http, _),
        pytest.raises(Unavailable, match="took too long"),
    ):
        http.get(url)


def test_a_silent_server_is_given_up(lent) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        lent(tries=1) as (http, _),
        pytest.raises(Unavailable, match=r"no answer within 0\.1 s"),
    ):
        http.get(f"http://127.0.0.1:{mute.getsockname()[1]}/", timeout_s=0.1)


@pytest.mark.parametrize("header", [f"{CANARY}\n", f"{CANARY}あ"])
def test_a_credential_with_stray_characters_is_a_config_error_that_hides_it(
    http: Http, header: str
) -> None:
    with (
        serving(lambda server: send(server, b"")) as url,
        pytest.raises(ConfigError, match="stray characters") as e,
    ):
        http.get(url, headers={"Authorization": header})

    assert CANARY not in str(e.getrepr(style="short"))


def test_log_records_of_a_real_exchange_hold_no_query_and_no_header(
    http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda server: send(server, b"ok", Set_Cookie=f"session={CANARY}")) as url:
        http.get(f"{url}?token={CANARY}")

    assert "/feed" in caplog.text
    assert CANARY not in caplog.text
