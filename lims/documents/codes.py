"""Two-dimensional codes for paper and screen."""

import re

import zxingcpp

_DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>\s*")


def qr_svg(text: str) -> str:
    """Draw a QR code of the text, level M, with its quiet zone."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg: str = code.to_svg(add_quiet_zones=True)
    return _DOCTYPE.sub("", svg)
