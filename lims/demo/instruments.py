"""What the demonstration's instruments are: who made them, which model, what they can do."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Made(NamedTuple):
    """A model that is on the market, invented where no maker would mind."""

    manufacturer: str
    country: str
    model: str
    characteristics: Mapping[str, str]


def _dial_scale(capacity: str, least: str, interval: str) -> Sequence[Made]:
    written = {"max": capacity, "min": least, "e": interval, "d": interval, "class": "IIII"}
    return (
        Made("Cân Nhơn Hòa", "Việt Nam", f"NHS-{capacity}", written),
        Made("Cơ khí Đồng Tháp", "Việt Nam", f"CĐH {capacity}K", written),
    )


MODELS: Mapping[str, Sequence[Made]] = {
    "kd-can-dong-ho-lo-xo-5kg": _dial_scale("5", "0,2", "20"),
    "kd-can-dong-ho-lo-xo-30kg": _dial_scale("30", "1", "100"),
    "kd-can-dong-ho-lo-xo-60kg": _dial_scale("60", "2", "200"),
    "kd-can-dia-20kg": (
        Made(
            "Cân Nhơn Hòa",
            "Việt Nam",
            "NHĐ-20",
            {"max": "20", "min": "0,4", "e": "10", "d": "10", "class": "III"},
        ),
    ),
    "kd-can-ban-500kg": (
        Made(
            "Yaohua",
            "Trung Quốc",
            "XK3190-A12",
            {"max": "500", "min": "4", "e": "200", "d": "200", "class": "III"},
        ),
    ),
    "kd-cot-do-xang-dau": (
        Made("Tatsuno", "Nhật Bản", "Sunny-XE", {"qmax": "45", "qmin": "5", "mpe": "0,5"}),
    ),
    "kd-dong-ho-nuoc-lanh": (
        Made("Phú Thịnh", "Việt Nam", "PT-15", {"q3": "2,5", "r": "80", "dn": "15", "class": "2"}),
    ),
    "kd-ap-ke": (Made("Wika", "Đức", "213.53", {"range": "0 – 10", "d": "0,2", "class": "1,6"}),),
    "kd-huyet-ap-ke": (Made("ALPK2", "Nhật Bản", "500-V", {"range": "0 – 300", "d": "2"}),),
    "kd-cong-to-1-pha-dien-tu": (
        Made(
            "Gelex",
            "Việt Nam",
            "CE-18G",
            {"u": "220", "i": "5(80)", "constant": "1600 xung/kWh", "class": "1"},
        ),
    ),
    "hc-can-phan-tich": (
        Made(
            "Ohaus",
            "Trung Quốc",
            "PX224",
            {"max": "220", "min": "0,01", "e": "1", "d": "0,1", "class": "I"},
        ),
    ),
}
"""By the code of the service that is asked for."""


def made(code: str, number: int) -> Made:
    """Return the model of the instrument of a number; a sample has none."""
    models = MODELS.get(code)
    return models[number % len(models)] if models else Made("", "", "", {})


def year(number: int, until: int) -> int:
    """Return when the instrument of a number was made: within the eight years before."""
    return until - 1 - number % 8
