from tokui.connector import Connector, Settings


class TillSettings(Settings):
    url: str


class OtherSettings(Settings):
    port: int


class Till(Connector[TillSettings]):
    Settings = OtherSettings
    holds_nothing = "typing"

    def address(self) -> str:
        return self.settings.url
