"""The reader as a Flask application over an index; every page is made here and works without script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, render_template, request
from jinja2 import Environment
from werkzeug.exceptions import HTTPException

from newscrawl.arabic import clean
from newscrawl.browse import charts, overview
from newscrawl.browse.entry import FIELDS, shown_moment
from newscrawl.browse.guard import guard
from newscrawl.browse.interface import Language, counted, isolated, said
from newscrawl.browse.listening import LOOPBACK
from newscrawl.browse.reader import Reader
from newscrawl.browse.search import Search, SearchError
from newscrawl.browse.views import pages
from newscrawl.storage import StorageError


def create_app(data_dir: Path, *, host: str = LOOPBACK, password: str | None = None) -> Flask:
    """The reader of a data directory; `host` is where it will listen."""
    app = Flask(__name__, static_url_path="/static")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    prepare(app.jinja_env)
    app.extensions["reader"] = Reader(data_dir)
    app.extensions["cached"] = overview.Cached(app.extensions["reader"])
    guard(app, host, password)
    app.before_request(_choose_language)
    app.context_processor(_words_and_links)
    app.register_blueprint(pages)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(StorageError, _unreadable)
    app.register_error_handler(SearchError, _misasked)
    return app


def prepare(environment: Environment) -> None:
    """What the templates need besides their words."""
    environment.globals.update(shade=charts.shade, moment=shown_moment, FIELDS=FIELDS)
    environment.filters["tojson_plain"] = _plain_json


def _plain_json(value: Any) -> str:
    """A value as stored, for reading; escaped by the template like any text."""
    return json.dumps(value, ensure_ascii=False)


def _choose_language() -> None:
    g.language = "en" if request.args.get("lang") == "en" else "ar"


def _words_and_links() -> dict[str, Any]:
    language: Language = g.get("language", "ar")

    def to(search: Search, path: str = "/", **changes: Any) -> str:
        """The address of a search in the language of this page."""
        return search.address(path, **changes, **({"lang": "en"} if language == "en" else {}))

    other = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    other += [("lang", "en")] if language == "ar" else []
    elsewhere = f"{request.path}?{urlencode(other)}" if other else request.path
    return {**words_for(language), "to": to, "elsewhere": elsewhere}


def words_for(language: Language) -> dict[str, Any]:
    """What every template asks for: the interface's words, the direction, and addresses in this language."""

    def link(path: str, **arguments: Any) -> str:
        pairs = [(name, str(value)) for name, value in arguments.items() if value not in (None, "", False)]
        pairs += [("lang", "en")] if language == "en" else []
        return f"{path}?{urlencode(pairs)}" if pairs else path

    return {
        "t": lambda key: isolated(key, language),
        "counted": lambda what, count: counted(what, count, language),
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "link": link,
    }


def _refused(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    sentence = (
        said("not_found", g.get("language", "ar")) if error.code == 404 and _is_usual(error) else error.description
    )
    return _sorry(sentence or error.name, error.code or 500)


def _is_usual(error: HTTPException) -> bool:
    return error.description == type(error).description


def _unreadable(error: StorageError) -> Response:
    return _sorry(str(error), 503)


def _misasked(error: SearchError) -> Response:
    return _sorry(str(error), 400)


def _sorry(sentence: str, status: int) -> Response:
    return Response(render_template("error.html", sentence=clean(sentence)), status)
