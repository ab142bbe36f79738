"""The loops that train: lean, on tensors that are there already, one epoch a call. Files here need torch."""
