"""How all options of a space are computed at once, exactly and fast. Called by the supernet."""
