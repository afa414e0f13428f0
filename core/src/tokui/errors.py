"""
Everything that can go wrong, branched by what the engine does next.

    TokuiError
    ├── ConfigError       stop: the configuration must be changed                  exit 3
    ├── AuthError         stop this connection: the credentials must be changed    exit 4
    ├── PluginError       leave this plugin out, report it, go on
    ├── RetryableError    the far side may answer later                            exit 6
    │   ├── RateLimited       it said when
    │   │   └── QuotaExceeded     an allowance is used up; trying again does not help before
    │   └── Unavailable       it did not answer, or not with sense
    │       └── Unanswered        and it may have done what it was asked to
    ├── SkipItem          put this item in quarantine, go on
    ├── FatalError        stop this stream, keep its cursor                        exit 5
    ├── PolicyRefusal     a rule forbids it; asking again does not help            exit 7
    │   └── NotEnough         so many points are not there
    ├── StoreError        the store could not be written                           exit 5
    │   ├── StoreBusy         another process holds it                         exit 6
    │   ├── StoreUnreachable  its server does not answer                       exit 6
    │   └── StoreFull         no space is left
    ├── LockedError       another run holds the lease of this connection           exit 9
    └── Stopped           the run was asked to stop; what is committed is saved    exit 130

A message says who, what happened and what to do next. It never holds a name, an address, a phone
number, an e-mail address or a secret.
"""

from typing import ClassVar


class TokuiError(Exception):
    """
    Root of all errors that tokui raises on purpose.

    Attributes:
        what: What happened, a clause without a capital.
        who: The connection, plugin or file it happened to. The core fills it in when it is None.
        todo: What the reader should do next, a clause in the imperative.
    """

    exit_code: ClassVar[int] = 5

    def __init__(self, what: str, *, who: str | None = None, todo: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.who = who
        self.todo = todo

    def __str__(self) -> str:
        head = f"{self.who}: {self.what}" if self.who else self.what
        stop = "" if head.endswith("?") else "."
        return f"{head}{stop} {self.todo[0].upper()}{self.todo[1:]}." if self.todo else head

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self).__new__, (type(self), self.what), self.__dict__)


class ConfigError(TokuiError):
    """The configuration is wrong; nothing was done."""

    exit_code = 3


class AuthError(TokuiError):
    """The far side refuses the credentials, or they lack a permission that is named."""

    exit_code = 4


class PluginError(TokuiError):
    """A plugin failed to load, to be constructed or to answer. Reported, never fatal to others."""


class RetryableError(TokuiError):
    """The same call may succeed later. Raised after the retries of `tokui.http` are used up."""

    exit_code = 6


class RateLimited(RetryableError):
    """
    The far side asked us to slow down.

    Attributes:
        retry_after_s: Seconds until the next call may be made; None when it did not say.
    """

    def __init__(
        self,
        what: str,
        *,
        who: str | None = None,
        todo: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(what, who=who, todo=todo)
        self.retry_after_s = retry_after_s


class QuotaExceeded(RateLimited):
    """
    An allowance (messages of a month) is used up: what waits stays where it is, with this reason.

    `retry_after_s` is when to look again; None means that only a person can change it.
    """


class Unavailable(RetryableError):
    """The far side did not answer in time, broke off, or answered with something unreadable."""


class Unanswered(Unavailable):
    """The request went out whole, and no answer that makes sense came: it may have been carried out."""


class SkipItem(TokuiError):
    """Raised by `parse` for an item that must not be stored; the item goes to quarantine."""


class FatalError(TokuiError):
    """This stream cannot go on; its cursor stays where the last commit left it."""


class PolicyRefusal(TokuiError):
    """A rule forbids it: consent, suppression, a cap, an approval that is missing."""

    exit_code = 7


class NotEnough(PolicyRefusal):
    """So many points are not there to be spent; nothing was moved."""


class StoreError(TokuiError):
    """The store could not be read or written; nothing half written is left behind."""


class StoreBusy(StoreError):
    """Another process held the store for longer than the busy time-out."""

    exit_code = 6


class StoreUnreachable(StoreError):
    """The database's server does not answer; nothing was done."""

    exit_code = 6


class StoreFull(StoreError):
    """The disk (or the database's quota) is full. The run resumes once there is space."""


class LockedError(TokuiError):
    """Another run holds the lease of this connection, or took it over."""

    exit_code = 9


class Stopped(TokuiError):
    """The run was asked to stop (Ctrl-C, SIGTERM, `--max-duration`, a revoked lease)."""

    exit_code = 130
