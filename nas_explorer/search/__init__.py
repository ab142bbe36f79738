"""Who runs a search, and where: budget, loop, session on a run folder, background kernel, and the handle a notebook holds."""
