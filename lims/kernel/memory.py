"""What a long-lived process does once, when everything is loaded."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50
"""After how many new objects Python looks for rubbish; its own figures suit small programs."""


def freeze() -> None:
    """Let the rubbish collector leave alone what was loaded for good.

    Else it walks through all of it in the middle of a request: some 20 ms at every other one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
