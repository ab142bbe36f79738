"""Many searches of one strategy at once, a step at a time, as matrices: what a table needs a thousand of. One file a strategy."""
