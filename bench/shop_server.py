"""
A shop's customers over HTTP, for measuring: 250 a page, `updated_at_min`, a `Link` to the next page.

Records are rendered to bytes once at start, so that a page costs the server one join and one write,
and the reader under test is never the one that waits. `GET /stats` tells what was handed out.
"""

import argparse
import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

PATH = "/admin/api/customers.json"
PAGE = 250
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
FAMILY = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤".split()
GIVEN = "陽菜 蓮 葵 湊 凛 大翔 結菜 悠真 美咲 健太".split()
CITY = "札幌市 仙台市 千代田区 横浜市 名古屋市 京都市 大阪市 神戸市 広島市 福岡市".split()
STATES = ("subscribed", "not_subscribed", "unsubscribed")


def moment(seconds: int) -> str:
    """Seconds after the shop's first day, as Shopify writes a time."""
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def customer(number: int) -> dict[str, object]:
    """One customer, about 1.4 kB, changed `number` seconds after the first day."""
    mixed = (number * 2654435761) & 0xFFFFFFFF
    given, family = GIVEN[mixed % 10], FAMILY[mixed // 10 % 10]
    consent = {
        "state": STATES[mixed % 3],
        "opt_in_level": "single_opt_in",
        "consent_updated_at": moment(number - number % 7),
    }
    return {
        "id": 6_000_000_000 + number,
        "email": f"customer{number}@example.com",
        "phone": f"+8180{10_000_000 + number % 80_000_000:08d}",
        "first_name": given,
        "last_name": family,
        "verified_email": True,
        "state": "enabled",
        "note": None,
        "tags": "vip, line" if mixed % 5 == 0 else "newsletter",
        "currency": "JPY",
        "orders_count": mixed % 23,
        "total_spent": f"{mixed % 100_000}.00",
        "created_at": moment(number),
        "updated_at": moment(number),
        "addresses": [address(mixed, family, given, part) for part in (0, 1)],
        "email_marketing_consent": consent,
        "sms_marketing_consent": consent,
        "admin_graphql_api_id": f"gid://shopify/Customer/{6_000_000_000 + number}",
    }


def address(mixed: int, family: str, given: str, part: int) -> dict[str, object]:
    """One of the customer's two addresses."""
    city = CITY[mixed // 100 % 10]
    return {
        "id": mixed * 10 + part,
        "first_name": given,
        "last_name": family,
        "company": None,
        "address1": f"{mixed % 9 + 1}丁目{mixed % 900 + 1}",
        "address2": f"ハイツ{mixed % 77}号" if part else None,
        "city": city,
        "province": city,
        "country": "Japan",
        "zip": f"{mixed % 10**7:07d}",
        "phone": f"+8190{10_000_000 + mixed % 80_000_000:08d}",
        "country_code": "JP",
        "default": part == 0,
    }


class Shop(asyncio.Protocol):
    """Answers one client's requests; all clients share the rows and the figures."""

    rows: ClassVar[list[bytes]] = []
    requests = 0
    handed_out = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the client."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole request; none has a body."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.answer(head.split(b" ", 2)[1].decode())

    def answer(self, target: str) -> None:
        """Send a page, or the figures."""
        url = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/stats":
            figures = {"requests": Shop.requests, "records": Shop.handed_out}
            Shop.requests = Shop.handed_out = 0
            self.send(json.dumps(figures).encode())
        else:
            self.send(*self.page(query))

    def page(self, query: dict[str, str]) -> tuple[bytes, str]:
        """The page's body and its `Link` header."""
        start = int(query.get("page_info", 0))
        if "updated_at_min" in query:
            since = datetime.fromisoformat(query["updated_at_min"]) - EPOCH
            start = max(0, int(since.total_seconds()))
        rows = self.rows[start : start + PAGE]
        Shop.requests += 1
        Shop.handed_out += len(rows)
        after = start + PAGE
        more = after < len(self.rows)
        link = f'Link: <{PATH}?page_info={after}>; rel="next"\r\n' if more else ""
        return b'{"customers":[%s]}' % b",".join(rows), link

    def send(self, body: bytes, link: str = "") -> None:
        """Write an answer."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{link}"
        self.transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


async def serve(records: int, port: int) -> None:
    """Render the rows, say the port, serve for ever."""
    Shop.rows[:] = [
        json.dumps(customer(number), ensure_ascii=False, separators=(",", ":")).encode()
        for number in range(records)
    ]
    server = await asyncio.get_running_loop().create_server(Shop, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=50_000)
    options.add_argument("--port", type=int, default=0)
    given = options.parse_args()
    asyncio.run(serve(given.records, given.port))
