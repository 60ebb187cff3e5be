"""``python -m annotated_edition``: the commands, also without an installation."""

import sys

from annotated_edition.cli import main

sys.exit(main())
