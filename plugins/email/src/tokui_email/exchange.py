"""Connections to one mail server, kept for the next message."""

import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from tokui.connector import Stop
from tokui.errors import TokuiError

from tokui_email.session import Session
from tokui_email.settings import SmtpSettings


class Exchange:
    """Lends sessions to threads, one each; those given back are used again while they last."""

    def __init__(self, who: str, settings: SmtpSettings, stop: Stop) -> None:
        self._who, self._settings, self._stop = who, settings, stop
        self._idle: deque[Session] = deque()
        self._end = weakref.finalize(self, _hang_up, self._idle)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A connection that works, an old one or a new one."""
        session = self._take() or Session(self._who, self._settings, self._stop)
        try:
            yield session
        except TokuiError:
            self._give_back(session)
            raise
        except BaseException:
            session.broken = True
            session.close()
            raise
        self._give_back(session)

    def close(self) -> None:
        """Hang up all that are idle."""
        _hang_up(self._idle)

    def _take(self) -> Session | None:
        while self._idle:
            try:
                session = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if not session.stale:
                return session
            session.close()
        return None

    def _give_back(self, session: Session) -> None:
        if session.broken or session.sent >= self._settings.messages_per_connection:
            session.close()
        else:
            self._idle.append(session)


def _hang_up(idle: deque[Session]) -> None:
    while idle:
        idle.pop().close()
