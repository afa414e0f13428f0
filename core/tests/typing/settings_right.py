from tokui.connector import Connector, Settings


class TillSettings(Settings):
    url: str


class Till(Connector[TillSettings]):
    Settings = TillSettings
    holds_nothing = "typing"

    def address(self) -> str:
        return self.settings.url
