"""
The one HTTP client for connectors: retries, limits, redacts, and stops when the run stops.

httpx is imported here only, at the first request, and no httpx type is in a public signature.
"""

from tokui.http.answer import Response
from tokui.http.client import Http
from tokui.http.settings import HttpSettings

__all__ = ["Http", "HttpSettings", "Response"]
