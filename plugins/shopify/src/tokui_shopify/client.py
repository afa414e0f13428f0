"""Speaks Shopify's Admin GraphQL API: documents, points, errors."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any, NamedTuple

from tokui.connector import Context
from tokui.errors import AuthError, FatalError, RateLimited, TokuiError, Unavailable

from tokui_shopify.settings import ShopifySettings

QUERY_LIMIT = 1000
"""Points that one query may cost at most (Shopify API limits, "Single query limit")."""

TRIES = 8
"""How often a query is tried that Shopify throttles, or fails inside."""

Variables = Mapping[str, Any]


class Reply(NamedTuple):
    """
    Data of one query.

    Attributes:
        data: By root field.
        denied: Path of each field that is null because a permission is missing.
    """

    data: dict[str, Any]
    denied: list[tuple[str | int, ...]]


class TooCostly(FatalError):
    """
    The query exceeds what one query may cost.

    Attributes:
        fits: Share of the cost that would be allowed, between 0 and 1.
    """

    def __init__(self, who: str, fits: float) -> None:
        super().__init__("a query costs more than Shopify allows for one", who=who)
        self.fits = fits


class Forbidden(AuthError):
    """
    Nothing of the answer may be seen.

    Attributes:
        fields: The fields that are forbidden.
    """

    fields: frozenset[str] = frozenset()


class StaleCursor(FatalError):
    """Shopify no longer knows the place in a listing to go on from."""


@cache
def document(file: str) -> str:
    """The text of `queries/FILE.graphql`."""
    return files("tokui_shopify").joinpath(f"queries/{file}.graphql").read_text("utf-8")


class Client:
    """
    One shop. Keeps count of the points left, and waits before they are spent.

    Shopify fills the bucket at a steady rate and takes a query's requested cost before it runs
    (GraphQL Admin API rate limits).
    """

    def __init__(self, name: str, settings: ShopifySettings, ctx: Context) -> None:
        base = settings.base_url or f"https://{settings.shop}"
        self.url = f"{base}/admin/api/{settings.api_version}/graphql.json"
        self.served_version: str | None = None
        self.last_cost = 0
        self._costs: dict[str, int] = {}
        self._name = name
        self._settings = settings
        self._ctx = ctx
        self._available = self._bucket = float(QUERY_LIMIT)
        self._restore = 50.0
        self._at: datetime | None = None

    def run(
        self, file: str, operation: str, variables: Variables, cost: int | None = None
    ) -> Reply:
        """
        Send one operation of `queries/FILE.graphql`.

        Args:
            file: Which document.
            operation: Which of its operations.
            variables: Its variables.
            cost: Points it is expected to cost, for it waits until there are as many; None means
                as many as it did cost before.

        Raises:
            AuthError: The token is refused, or the operation as a whole is not permitted.
            RateLimited: Throttled in spite of waiting.
            Unavailable: Shopify failed, or answered without sense.
            TooCostly: It must be split.
            StaleCursor: `after` is no longer valid.
            FatalError: Shopify finds the query wrong.
        """
        body = {"query": document(file), "operationName": operation, "variables": variables}
        failure: TokuiError | None = None
        for tried in range(TRIES):
            self._wait_for(self._costs.get(operation, 0) if cost is None else cost)
            answer = self._post(body)
            self._costs[operation] = self.last_cost
            failure = self._trouble(answer, operation)
            if failure is None:
                return Reply(answer["data"], list(_denied(answer)))
            if isinstance(failure, RateLimited):
                self._pause(failure.retry_after_s or 1.0, "Shopify has throttled us")
            elif isinstance(failure, Unavailable):
                self._pause(2.0**tried, "Shopify has failed inside")
            else:
                raise failure
        raise failure or FatalError("no try was made", who=self._name)

    def vendor_time(self, until: datetime) -> datetime:
        """`until`, or Shopify's present time when its clock is behind that."""
        theirs = self._ctx.http.server_time()
        return min(until, theirs) if theirs else until

    def _post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"X-Shopify-Access-Token": self._settings.access_token.get_secret_value()}
        try:
            response = self._ctx.http.post(self.url, headers=headers, json=body, allow=(404,))
        except AuthError:
            raise AuthError(
                "Shopify refuses the token", who=self._name, todo="check the setting access_token"
            ) from None
        if response.status == 404:
            raise FatalError(
                "there is no such shop or API version at Shopify",
                who=self._name,
                todo="check the settings shop and api_version",
            )
        self.served_version = response.headers.get("x-shopify-api-version")
        answer = response.json()
        if not isinstance(answer, dict):
            raise Unavailable("Shopify's answer is not an object", who=self._name)
        self._note_cost(answer)
        return answer

    def _note_cost(self, answer: Mapping[str, Any]) -> None:
        cost = (answer.get("extensions") or {}).get("cost") or {}
        status = cost.get("throttleStatus")
        if status:
            self._available = float(status["currentlyAvailable"])
            self._bucket = float(status["maximumAvailable"])
            self._restore = float(status["restoreRate"]) or self._restore
            self._at = self._ctx.now()
        self.last_cost = int(cost.get("requestedQueryCost") or 0)

    def _wait_for(self, cost: int) -> None:
        """Wait until the bucket holds `cost` points, as far as the last answer tells."""
        if self._at is None:
            return
        gained = (self._ctx.now() - self._at) / timedelta(seconds=1) * self._restore
        missing = min(cost, self._bucket) - self._available - max(gained, 0.0)
        if missing > 0:
            self._pause(missing / self._restore, "Shopify's rate limit")

    def _pause(self, seconds: float, why: str) -> None:
        self._ctx.stop.wait(seconds, why)
        self._at = None

    def _trouble(self, answer: Mapping[str, Any], operation: str) -> TokuiError | None:
        """What stands against using the answer; None when it can be used."""
        errors = answer.get("errors") or []
        if not isinstance(errors, list):
            return FatalError(f"Shopify refuses {operation}", who=self._name)
        codes = {_code(error) for error in errors}
        if "THROTTLED" in codes:
            return RateLimited("throttled", who=self._name, retry_after_s=self._refill_s())
        if "MAX_COST_EXCEEDED" in codes:
            return TooCostly(self._name, _fits(errors))
        if "INTERNAL_SERVER_ERROR" in codes:
            return Unavailable("Shopify failed inside", who=self._name)
        data = answer.get("data")
        if codes == {"ACCESS_DENIED"} and _reaches_items(data):
            return None
        if "ACCESS_DENIED" in codes:
            return self._forbidden(errors, operation)
        if errors:
            return self._refused(errors, operation)
        return None if isinstance(data, dict) else Unavailable("no data", who=self._name)

    def _refill_s(self) -> float:
        want = self.last_cost or QUERY_LIMIT
        missing = min(want, self._bucket) - self._available
        return max(1.0, ceil(missing / self._restore))

    def _forbidden(self, errors: list[Any], operation: str) -> AuthError:
        wanted = {
            str(needed)
            for error in errors
            if (needed := (error.get("extensions") or {}).get("requiredAccess"))
        }
        error = Forbidden(
            f"{operation} is not permitted",
            who=self._name,
            todo=f"grant the app: {' '.join(sorted(wanted)) or 'access to protected customer data'}",
        )
        error.fields = frozenset(str(step) for one in errors for step in one.get("path") or ())
        return error

    def _refused(self, errors: list[Any], operation: str) -> FatalError:
        messages = [str(error.get("message")) for error in errors if isinstance(error, dict)]
        if any("Invalid cursor" in message for message in messages):
            return StaleCursor("Shopify no longer knows the cursor", who=self._name)
        code = ", ".join(sorted({_code(error) or "no code" for error in errors}))
        return FatalError(f"Shopify refuses {operation} ({code})", who=self._name)


def _code(error: Any) -> str | None:
    extensions = error.get("extensions") if isinstance(error, dict) else None
    return extensions.get("code") if isinstance(extensions, dict) else None


def _fits(errors: list[Any]) -> float:
    """Share of the refused cost that is allowed; half when Shopify does not say."""
    for error in errors:
        extensions = error.get("extensions") or {}
        if extensions.get("code") == "MAX_COST_EXCEEDED" and extensions.get("cost"):
            return float(extensions.get("maxCost") or QUERY_LIMIT) / float(extensions["cost"])
    return 0.5


def _reaches_items(data: object) -> bool:
    return isinstance(data, dict) and any(value is not None for value in data.values())


def _denied(answer: Mapping[str, Any]) -> Iterator[tuple[str | int, ...]]:
    for error in answer.get("errors") or ():
        yield tuple(error.get("path") or ())
