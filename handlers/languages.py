"""The languages that we speak, each by its own name."""

from typing import Final

LANGUAGES: Final = {"en": "English", "zh_Hans": "简体中文", "zh_Hant": "繁體中文", "es": "Español"}
