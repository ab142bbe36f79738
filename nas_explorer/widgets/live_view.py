"""What every live view of a run is made of: a thread that looks, a stream that it writes, a picture below, and clicks that come in."""

from __future__ import annotations

import threading
import traceback
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import anywidget

from nas_explorer.errors import RunError
from nas_explorer.search.follower import Follower
from nas_explorer.widgets.display import view_bundle
from nas_explorer.widgets.picture_output import PictureOutput
from nas_explorer.widgets.steering import QUIET_SECONDS
from nas_explorer.widgets.stream import Stream

STATIC = Path(__file__).parent / "static"


class LiveView(anywidget.AnyWidget):
    """A widget that follows a run until it is closed.

    One of them calls `_get_ready` before all else and `_go_live` at the end of its making, and says in `look` what is shown, in
    `_take` what a message of the browser means, and in `_picture` what a saved notebook keeps.

    Attributes:
        stream: all that is shown; only the follower's thread writes it.
        follower: calls `look`, at most 8 times a second.
        picture: what stands for the view where no kernel runs.
    """

    RUN: ClassVar[str] = "run"  # what cannot be read on,
    WORK: ClassVar[str] = "search"  # and what a view that stumbles does not touch

    stream: Stream
    follower: Follower
    picture: PictureOutput

    def _get_ready(self, words: str = "A picture of the search") -> None:
        """Before anything can fail: a widget whose making fails is closed all the same."""
        self.follower = Follower(self._look_safely)
        self.picture = PictureOutput(words)
        self._seen: tuple[Any, ...] = ()

    def _go_live(self, choices: Sequence[str]) -> None:
        """Show the first look, and look again whenever one of these traits changes."""
        self.on_msg(self._heard)
        self.observe(lambda change: self.follower.nudge(), names=list(choices))
        self.look()
        self.follower.start()

    def show(self) -> None:
        """Display it, and below it the static picture that stands for it where no kernel runs."""
        from IPython.display import display

        display(view_bundle(self), raw=True)
        self.picture.display(self._picture)

    def _ipython_display_(self) -> None:
        self.show()

    def close(self) -> None:
        """Stop following; what is followed goes on."""
        self.follower.close()
        self.picture.stop()
        super().close()

    @abstractmethod
    def look(self) -> None:
        """Take in what is new and show it."""

    @abstractmethod
    def _take(self, message: dict[str, Any]) -> None:
        """A message from the browser; whatever is not one of ours is left alone."""

    @abstractmethod
    def _picture(self) -> str:
        """An SVG of what is shown now."""

    def _heard(self, _: LiveView, message: Any, __: Any) -> None:
        if not isinstance(message, dict):
            return
        if message.get("type") == "hello":
            self.send({"type": "ack", "thread": threading.current_thread().name})
        else:
            self._take(message)

    def _look_safely(self) -> None:
        """What goes wrong is said in the banner; the thread must outlive it, or the view would stand still without a word."""
        try:
            self.look()
        except RunError as error:
            self._stumbled(f"This {self.RUN} cannot be read on.", str(error))
        except Exception as error:
            text = f"{error}. The {self.WORK} is not touched by it; the view tries again by itself."
            self._stumbled("This view stumbled.", text, "".join(traceback.format_exception(error)))

    def _stumbled(self, bold: str, text: str, details: str | None = None) -> None:
        self.stream.show({"banner": {"kind": "err", "bold": bold, "text": text, "details": details, "actions": []}})
        self.follower.period = QUIET_SECONDS
        self._forget()

    def _forget(self) -> None:
        """Show all of it anew next time, or the banner would stay when all is well again."""
        self._seen = ()
