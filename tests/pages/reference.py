"""Opens one screen in AppTest with an address of its own."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).resolve().parents[2] / "pages"


def opened(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(PAGES / "ui" / "main.py"), default_timeout=30).run()
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(str(PAGES / f"{page}.py")).run()


def words(app: AppTest) -> str:
    """Everything that is written on the screen."""
    kinds = ("title", "caption", "markdown", "html", "code", "subheader", "info")
    return "\n".join(str(block.value) for kind in kinds for block in getattr(app, kind))
