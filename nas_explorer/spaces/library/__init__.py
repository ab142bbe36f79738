"""Ready spaces, one a file: `name.py` holds a function `name(**options)` that draws the space, and its SOURCE."""
