"""One-shot searches under way, a file a method: they hold tensors, and torch loads with them."""
