"""What browsers are told about every answer: what may run, who may frame it, what may be kept."""

import secrets

from flask import Flask, Response, g

from shared.config import WebSettings

_ONE_YEAR = 365 * 24 * 60 * 60  # seconds


def install(app: Flask, settings: WebSettings) -> None:
    """Send the headers with every answer of *app*, but where a view has set its own.

    `g.csp_nonce` is this request's nonce.
    """
    encrypted = settings.base_url.startswith("https://")

    @app.before_request
    def make_nonce() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _headers(g.csp_nonce).items():
            response.headers.setdefault(name, value)
        if encrypted:
            response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
        return response


def _headers(nonce: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy(nonce),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        # Pages hold what people typed: on a shared computer the next person must not find it.
        "Cache-Control": "no-store",
    }


def policy(nonce: str) -> str:
    """Return the Content-Security-Policy: our own files, and the inline script with *nonce*."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
