"""What mails are coloured with: those of the pages, so that people know them again."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Colours:
    """What a mail is coloured with, by day and, on a device that is set so, by night."""

    paper: str
    card: str
    tint: str
    line: str
    ink: str
    heading: str
    link: str
    button: str
    label: str
    accent: str  # only ever decoration


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; every text has a contrast of at least 4.5:1 (WCAG 1.4.3)."""

    light: Colours
    dark: Colours


PALETTES = {
    "charity": Palette(
        Colours(
            paper="#fbf8f3", card="#ffffff", tint="#e6f0ed", line="#dfd8cc", ink="#212b32",
            heading="#0b3f42", link="#14595c", button="#14595c", label="#ffffff",
            accent="#e8976b",
        ),
        Colours(
            paper="#0e1716", card="#172322", tint="#20312f", line="#344744", ink="#eceae5",
            heading="#ffffff", link="#8fd6cd", button="#8fd6cd", label="#08302f",
            accent="#e8976b",
        ),
    ),
    "nhs-organisation": Palette(
        Colours(
            paper="#f0f4f5", card="#ffffff", tint="#e1ecf7", line="#d8dde0", ink="#212b32",
            heading="#003087", link="#005eb8", button="#007f3b", label="#ffffff",
            accent="#005eb8",
        ),
        Colours(
            paper="#0d131a", card="#17202a", tint="#1f2d3d", line="#344454", ink="#eceef0",
            heading="#ffffff", link="#9cc9f5", button="#8fdcb0", label="#04301a",
            accent="#9cc9f5",
        ),
    ),
}  # fmt: skip
