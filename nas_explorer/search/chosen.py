"""Which trial somebody means: the best, one by its number, or one they hold."""

from __future__ import annotations

from nas_explorer.errors import InvalidOption, RunError
from nas_explorer.records import History, Trial


def chosen_trial(history: History, which: Trial | int | None = None) -> Trial:
    """The trial to build, train again or export.

    Args:
        which: None: the best; of a one-shot search what it derived last, because weights that went on learning make scores of
            different epochs no measure of each other.

    Raises:
        RunError: if there is no best one yet, because no trial has finished.
        InvalidOption: if there is no trial of this number, or it failed.
    """
    if isinstance(which, Trial):
        return which
    if which is None:
        if history.best is None:
            raise RunError("no trial has finished yet, so there is no best one")
        return _derived(history) or history.best
    if isinstance(which, bool) or not isinstance(which, int) or not 0 <= which < len(history):
        raise InvalidOption(f"trial must be a number from 0 to {len(history) - 1}, got {which!r}")
    trial = history.trial(which)
    if trial.status == "failed":
        raise InvalidOption(f"trial {which} failed ({trial.message}); choose another one")
    return trial


def _derived(history: History) -> Trial | None:
    """The newest trial of the architecture that shared weights answer with; None where there is none."""
    if not history.snapshots:
        return None
    answer = history.snapshots[-1].architecture
    number = next((number for number in reversed(range(len(history))) if history.architecture(number) == answer), None)
    return None if number is None else history.trial(number)
