"""Speaks the Messaging API; each method is one endpoint."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tokui.connector import Context
from tokui.errors import AuthError, FatalError, Unanswered
from tokui.http import Response

from tokui_line import answers
from tokui_line.pace import Paces
from tokui_line.settings import LineSettings
from tokui_line.tokens import Tokens

ACCEPTED_BEFORE = 409
"""The retry key was accepted already."""

PERMITS = {
    "followers": "have the account verified: LINE lets only verified and premium accounts list who"
    " follows; without it people become known by the webhooks they cause"
}
"""Endpoint → who may ask for it."""


class Client:
    """One channel."""

    def __init__(self, name: str, settings: LineSettings, ctx: Context) -> None:
        self._name = name
        self._base = f"{settings.base_url}/v2/bot"
        self._ctx = ctx
        self._tokens = Tokens(name, settings, ctx)
        self._paces = Paces(ctx)

    def ready(self) -> None:
        """
        Have a token.

        Raises:
            AuthError: LINE issues none for this key.
            Unavailable: LINE does not answer.
        """
        self._tokens.header()

    # --- sending -----------------------------------------------------------------------------------

    def push(
        self, key: str, to: str, messages: Sequence[Mapping[str, Any]], *, silent: bool
    ) -> str | None:
        """Send to one person; LINE's id of the message."""
        return self._send("push", key, {"to": to, "messages": messages}, silent=silent)

    def multicast(
        self, key: str, to: Sequence[str], messages: Sequence[Mapping[str, Any]], *, silent: bool
    ) -> str | None:
        """Send the same to many persons; LINE's id of the request."""
        return self._send("multicast", key, {"to": list(to), "messages": messages}, silent=silent)

    def _send(
        self, endpoint: str, key: str, body: Mapping[str, Any], *, silent: bool
    ) -> str | None:
        headers = {**self._tokens.header(), "X-Line-Retry-Key": key}
        self._paces.wait(endpoint)
        answer = self._ctx.http.post(
            f"{self._base}/message/{endpoint}",
            headers=headers,
            json={**body, "notificationDisabled": True} if silent else body,
            tries=1,
            allow=range(400, 600),
        )
        self._judge_token(answer)
        if answer.status >= 400 and answer.status != ACCEPTED_BEFORE:
            raise answers.refusal(answer, self._name, self._ctx.now())
        return self._accepted(answer)

    def _accepted(self, answer: Response) -> str | None:
        """The message's id, or the request's; only LINE's own answer says that it was accepted."""
        said = answers.quiet_mapping(answer)
        if said is None:
            raise Unanswered("the answer makes no sense", who=self._name, todo="run again later")
        sent = said.get("sentMessages")
        if isinstance(sent, list) and sent and isinstance(sent[0], dict) and "id" in sent[0]:
            return str(sent[0]["id"])
        first = answer.headers.get("x-line-accepted-request-id")
        return first or answer.headers.get("x-line-request-id")

    # --- reading -----------------------------------------------------------------------------------

    def bot(self) -> dict[str, Any]:
        """The account itself."""
        return self._mapping(self._get("info", "info"))

    def quota(self) -> dict[str, Any]:
        """How many messages may be sent in this month."""
        return self._mapping(self._get("quota", "message/quota"))

    def consumption(self) -> dict[str, Any]:
        """How many of them were."""
        return self._mapping(self._get("consumption", "message/quota/consumption"))

    def webhook(self) -> dict[str, Any] | None:
        """Where events are sent to; None where no address is set."""
        answer = self._get("webhook", "channel/webhook/endpoint", allow=(404,))
        return None if answer.status == 404 else self._mapping(answer)

    def followers(self, start: str | None, limit: int) -> dict[str, Any]:
        """
        A page of followers' ids.

        Raises:
            AuthError: The account may not list them.
        """
        params: dict[str, str | int] = {"limit": limit}
        if start is not None:
            params["start"] = start
        return self._mapping(self._get("followers", "followers/ids", params))

    def profile(self, user: str) -> dict[str, Any] | None:
        """A person's profile; None for one that is no friend, hides it, or does not exist."""
        answer = self._get("profile", f"profile/{quote(user, safe='')}", allow=(400, 404))
        if answer.status != 200:
            return None
        found = self._mapping(answer)
        if found.get("userId") != user:
            raise FatalError("LINE answered with the profile of somebody else", who=self._name)
        return found

    def link_token(self, user: str) -> str:
        """A token with which this person may link an account, once, within ten minutes."""
        answer = self._call("POST", "linkToken", f"user/{quote(user, safe='')}/linkToken", tries=1)
        found = self._mapping(answer).get("linkToken")
        if not isinstance(found, str):
            raise FatalError("LINE's answer holds no link token", who=self._name)
        return found

    def _get(
        self,
        endpoint: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        allow: Sequence[int] = (),
    ) -> Response:
        return self._call("GET", endpoint, path, params=params, allow=allow)

    def _call(
        self,
        method: str,
        endpoint: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        allow: Sequence[int] = (),
        tries: int | None = None,
    ) -> Response:
        headers = self._tokens.header()
        self._paces.wait(endpoint)
        answer = self._ctx.http.request(
            method,
            f"{self._base}/{path}",
            params=params,
            headers=headers,
            tries=tries,
            allow=(401, 403, *allow),
        )
        self._judge_token(answer)
        if answer.status == 403:
            raise AuthError(
                f"LINE does not let this account ask for {endpoint} (403)",
                who=self._name,
                todo=PERMITS.get(endpoint, "look at the account's status and plan"),
            )
        return answer

    def _judge_token(self, answer: Response) -> None:
        if answer.status == 401:
            raise self._tokens.refused()
        self._tokens.worked()

    def _mapping(self, answer: Response) -> dict[str, Any]:
        return answers.mapping(answer, self._name)
