"""Who wins? Several strategies on one budget, many seeds each, on tables as matrices, with trained networks on workers."""
