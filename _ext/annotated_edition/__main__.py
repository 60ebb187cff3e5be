"""``python -m annotated_edition``: the commands, also without an installation."""

import gc
import sys

from annotated_edition.cli import main

# So short a process need not collect garbage; that would be a tenth of its time.
gc.disable()
sys.exit(main())
