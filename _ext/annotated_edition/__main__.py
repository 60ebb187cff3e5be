"""``python -m annotated_edition``: the commands, also without an installation."""

import gc
import sys

from annotated_edition.cli import main


def run() -> int:
    """Run a command in a process that is its own; the exit code.

    Nearly all that a check makes lives until it ends.  Looking through it for garbage every
    700 objects, as Python does by default, takes a sixth of its time.
    """
    gc.set_threshold(50_000, 20, 20)
    return main()


if __name__ == "__main__":
    sys.exit(run())
