"""The fonts that drawings and books are set with, beside those inside Typst."""

from pathlib import Path

#: The folder of font files; their licence is beside them.
FONTS = Path(__file__).parent
