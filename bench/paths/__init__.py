"""The measured paths, one module each: a module here with a ``PATH`` is run by the harness."""
