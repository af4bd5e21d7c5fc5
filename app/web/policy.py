"""The Content-Security-Policy of our pages: they may load from and call this server, and nothing else."""

from collections.abc import Mapping

_OURS = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    # 'self' includes WebSockets to the page's own origin (CSP 3, section 6.7.2.8).
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def policy(more: Mapping[str, str]) -> dict[str, str]:
    """The security headers of a page and its files; `more` adds or replaces directives (name and sources)."""
    return {
        "content-security-policy": "; ".join(f"{what} {sources}" for what, sources in {**_OURS, **more}.items()),
        "permissions-policy": _PERMISSIONS,
    }
