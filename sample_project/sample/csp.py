"""A Content-Security-Policy for all pages: nothing inline, and nothing from elsewhere.

Django 6.0 and later has a middleware of its own for this; the sample runs with 5.2 too.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "default-src 'self'"

GetResponse = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """The middleware, which adds the header to every response that has none."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return respond
