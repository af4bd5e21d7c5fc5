"""What the browser lets our pages do: load and call what this server serves, and nothing else."""

from collections.abc import Mapping

_OURS = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    # WebSockets of a page's own origin are of its 'self' (CSP 3, section 6.7.2.8).
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def policy(more: Mapping[str, str]) -> dict[str, str]:
    """The headers of a page and of what it loads; `more` has what it is allowed beside that, by directive."""
    return {
        "content-security-policy": "; ".join(f"{what} {sources}" for what, sources in {**_OURS, **more}.items()),
        "permissions-policy": _PERMISSIONS,
    }
