"""For Piccolo's own tools. It imports black: keep it off the serving path (tables name their engine themselves)."""

from piccolo.conf.apps import AppRegistry

from app.db import ENGINE

DB = ENGINE
APP_REGISTRY = AppRegistry(apps=["app.piccolo_app"])
