"""Options as they are typed in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.options import read


@pytest.mark.parametrize(("text", "kind", "value"), [
    ("10", int, 10), ("-3", int, -3), ("1e-3", float, 0.001), ("5", float, 5.0), ("yes", bool, True), ("False", bool, False),
    ("a b", str, "a b"), ("none", int | None, None), ("7", int | None, 7), ("sobol", str | None, "sobol"), ("2.5", int | float, 2.5),
    ("12", Literal[12, 200], 12), ("macs, test_error", tuple[str, ...], ("macs", "test_error")), ("", tuple[str, ...], ()),
    ("1,2", list[int], (1, 2)), ('{"a": 1}', Mapping[str, Any], {"a": 1}),
])
def test_a_text_means_a_value_of_the_options_type(text: str, kind: Any, value: object) -> None:
    found = read("option", text, kind)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("text", "kind", "message"), [
    ("ten", int, "option must be a whole number, got 'ten'"),
    ("nan", float, "option must be a number, got 'nan'"),
    ("1e999", float, "option must be a number, got '1e999'"),
    ("maybe", bool, "option must be true or false, got 'maybe'"),
    ("100", Literal[12, 200], "option must be one of 12, 200, got '100'"),
    ("ten", int | None, "option must be none or must be a whole number, got 'ten'"),
    ("[1]", Mapping[str, Any], "option must be a mapping in JSON"),
    ("1,b", tuple[int, ...], "option must be a whole number, got 'b'"),
    ("x", object, "option cannot be set from a terminal"),
])
def test_a_text_that_means_nothing_is_refused(text: str, kind: Any, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        read("option", text, kind)
