import json
from pathlib import Path

from tokui_line.settings import LineSettings

README = Path(__file__).parents[1] / "README.md"


def row(name: str) -> str:
    field = LineSettings.model_fields[name]
    default = None if field.is_required() else field.default
    shown = "none" if default is None else f"`{json.dumps(default)}`"
    return f"| `{name}` | {'required' if field.is_required() else shown} | {field.description} |"


def test_the_readme_lists_every_setting_as_it_is() -> None:
    lines = README.read_text("utf-8").splitlines()
    start = lines.index("| setting | default | what it is |") + 2

    table = lines[start : lines.index("", start)]

    assert table == [row(name) for name in LineSettings.model_fields]
