"""Who decides, from the measurements of all trials of a search, which go on. One file a stopper; `EarlyStopping` names them."""
