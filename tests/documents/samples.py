"""A plain, complete content for every paper, as a caller would hand it over."""

from lims import features

__all__ = ["SAMPLES", "features"]

CENTRE = {
    "parent": "Sở Khoa học và Công nghệ tỉnh Kiên Giang",
    "name": "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng",
    "name_en": "Technical Centre for Standards, Metrology and Quality",
    "address": "Số 1 đường Mẫu, phường Vĩnh Thanh, TP. Rạch Giá, tỉnh Kiên Giang",
    "phone": "0297 3000 000",
    "email": "kythuat@trungtam.example",
    "designation": "Tổ chức được chỉ định theo Quyết định số 000/QĐ-TĐC",
    "city": "Kiên Giang",
}
DIRECTOR = {"title": "KT. Giám đốc\nPhó giám đốc", "name": "Danh Thị Hoàng Oanh"}
INSPECTOR = {"name": "Trần Văn Đực", "card": "KĐV-0123"}
PUBLIC = "https://lims.trungtam.example/c/"
STANDARDS = [
    {
        "code": "CH-KL-04",
        "name": "Bộ quả cân chuẩn E2, 1 mg – 200 g",
        "certificate": "V01.CN1.0456.16",
        "valid_until": "31/05/2018",
        "traceable_to": "Viện Đo lường Việt Nam (VMI)",
    },
    {
        "code": "CH-KL-07",
        "name": "Bộ quả cân chuẩn F1, 1 g – 20 kg",
        "certificate": "KT3-01234AKL6",
        "valid_until": "30/09/2018",
        "traceable_to": "Quatest 3 → VMI",
    },
]
CUSTOMER = {
    "name": "Công ty TNHH MTV Chế biến Thủy sản Hòn Đất",
    "address": "Khu cảng cá Tắc Cậu, xã Bình An, huyện Châu Thành, tỉnh Kiên Giang",
}
OBJECTS = [
    ("Cân đồng hồ lò xo", "Nhơn Hòa 60 kg", "Chợ Rạch Sỏi"),
    ("Cân bàn điện tử", "CAS DB-II 150", "Vựa lúa Út Hiền, xã Mỹ Lâm"),
    ("Cột đo nhiên liệu", "Tatsuno Sunny-XE", "DNTN Xăng dầu Bảy Ẩn"),
    ("Đồng hồ nước lạnh", "Zenner MTKD DN15", "Công ty CP Cấp thoát nước"),
    ("Công tơ điện xoay chiều 1 pha", "EMIC CV140", "Điện lực Kiên Lương"),
]
SERVICES = ("Kiểm định định kỳ", "Kiểm định sau sửa chữa", "Hiệu chuẩn", "Thử nghiệm mẫu")


def _common(number: str) -> dict:
    return {"centre": CENTRE, "number": number}


def _checkable(number: str, code: str) -> dict:
    return {
        **_common(number),
        "code": code,
        "check_url": PUBLIC + code,
        "issued_on": "22/11/2017",
        "signatory": DIRECTOR,
    }


def slip(count: int = 12) -> dict:
    return {
        **_common("PN17-01234"),
        "order_url": "https://lims.trungtam.example/reception/PN17-01234",
        "requester": {**CUSTOMER, "phone": "0297 3111 222", "tax_code": "1700000000"},
        "payer": {
            "name": "Phòng Kinh tế và Hạ tầng huyện Châu Thành",
            "address": "Thị trấn Minh Lương",
        },
        "contract": "Hợp đồng số 12/2017/HĐDV ngày 03/01/2017",
        "received_on": "20/11/2017 08:15",
        "promised_on": "24/11/2017",
        "place": "Tại phòng thí nghiệm của Trung tâm",
        "items": [
            {
                "code": f"PN17-01234-{n + 1:03}",
                "name": " ".join(OBJECTS[n % 5][:2]),
                "label": OBJECTS[n % 5][0],
                "serial": f"SN{2017000 + n}",
                "user": OBJECTS[n % 5][2],
                "service": SERVICES[n % 3],
                **({"condition": "Mất núm vặn, mặt kính nứt"} if n % 7 == 3 else {}),
            }
            for n in range(count)
        ],
        "note": "Khách hàng yêu cầu làm gấp; mẫu nhận kèm bộ nguồn.",
        "handed_over_by": "Lý Văn Khởi",
        "received_by": "Nguyễn Thị Bích Ngọc",
    }


def minutes(count: int = 8) -> dict:
    odd = {
        2: {"outcome": "fail", "reason": "sai số vượt giới hạn ở mức 30 kg"},
        5: {"outcome": "not_performed", "reason": "thiếu nguồn điện"},
    }
    return {
        **_common("BB17-00456"),
        "kind": "verification",
        "requester": CUSTOMER["name"],
        "place": "Chợ Rạch Sỏi, phường Rạch Sỏi, TP. Rạch Giá",
        "method": "ĐLVN 30:2009 Cân đồng hồ lò xo – Quy trình kiểm định",
        "environment": "Nhiệt độ (28,5 ± 0,5) °C; độ ẩm (71 ± 3) %RH",
        "standards": [
            {key: one[key] for key in ("code", "name", "certificate", "valid_until")}
            for one in STANDARDS
        ],
        "items": [
            {
                "code": f"PN17-01234-{n + 1:03}",
                "name": " ".join(OBJECTS[n % 5][:2]),
                "serial": f"SN{2017000 + n}",
                "user": OBJECTS[n % 5][2],
                **odd.get(n, {"outcome": "pass", "sticker": f"17V{10001 + n}"}),
            }
            for n in range(count)
        ],
        "remarks": ["Hai cân đã được khách hàng sửa chữa trước khi kiểm định."],
        "performed_on": "20/11/2017 – 21/11/2017",
        "performed_by": INSPECTOR,
        "checked_by": "Lê Thị Mỹ Duyên",
        "witness": "Huỳnh Văn Sáu",
    }


def verification() -> dict:
    return {
        **_checkable("V17-00012", "7K3M-9QXP"),
        "name": "Cân đồng hồ lò xo",
        "type": "NH 60",
        "serial": "NH-60-2017/00431",
        "maker": "Nhơn Hòa, Việt Nam",
        "year": "2015",
        "characteristics": ["Phạm vi đo: Max 60 kg, Min 2 kg; e = d = 200 g", "Cấp chính xác 4"],
        "user": "Hộ kinh doanh Nguyễn Thị Sương",
        "place_of_use": "Chợ Rạch Sỏi, phường Rạch Sỏi, TP. Rạch Giá, tỉnh Kiên Giang",
        "verification_kind": "Định kỳ",
        "method": "ĐLVN 30:2009 Cân đồng hồ lò xo – Quy trình kiểm định",
        "performed_on": "20/11/2017",
        "sticker": "Sê-ri A, số 17V10431",
        "seals": "Kẹp chì 02 vị trí, số hiệu KG-17",
        "valid_until": "30/11/2018",
        "inspector": INSPECTOR,
        "replaces": "V17-00009 ngày 15/11/2017",
    }


def verification_list(count: int = 30) -> dict:
    return {
        **_checkable("V17-00013", "2M8T-4WYH"),
        "subject": "Cân đồng hồ lò xo, cân bàn điện tử và phương tiện đo khác",
        "requester": "Ban quản lý chợ Rạch Sỏi",
        "place": "Chợ Rạch Sỏi, phường Rạch Sỏi, TP. Rạch Giá",
        "verification_kind": "Định kỳ",
        "method": "ĐLVN 30:2009; ĐLVN 15:2009",
        "standards": ["Bộ quả cân chuẩn M1, mã CH-KL-11, giấy chứng nhận số 0456.16"],
        "performed_on": "20/11/2017",
        "items": [
            {
                "name": OBJECTS[n % 5][0],
                "type": OBJECTS[n % 5][1],
                "serial": f"SN{2017000 + n}",
                "maker": "Việt Nam",
                "characteristics": "Max 60 kg; e = 200 g; cấp 4",
                "user": f"Hộ kinh doanh số {n + 1}",
                "place_of_use": f"{OBJECTS[n % 5][2]}, sạp {n + 1}",
                "sticker": f"A 17V{10500 + n}",
                "valid_until": "30/11/2018",
            }
            for n in range(count)
        ],
        "inspector": INSPECTOR,
    }


def _points(count: int, shift: int) -> list[dict]:
    return [
        {
            "nominal": f"{n * 2},000",
            "reference": f"{n * 2},000 02",
            "indication": f"{n * 2},00{(n + shift) % 4}",
            "error": f"{'−' if n % 2 else ''}0,00{(n + shift) % 4}",
            "uncertainty": "0,0012",
            "k": "2,00",
        }
        for n in range(1, count + 1)
    ]


def calibration() -> dict:
    return {
        **_checkable("C17-00034", "5HNB-8DKV"),
        "name": "Cân không tự động cấp chính xác II",
        "type": "Ohaus PA-20K",
        "serial": "B7261-88431",
        "maker": "Ohaus, Hoa Kỳ",
        "year": "2014",
        "characteristics": ["Max 20 kg; Min 5 g; d = 0,1 g; e = 1 g"],
        "customer": CUSTOMER,
        "place": "Tại cơ sở của khách hàng",
        "condition": "Hoạt động bình thường, đủ phụ kiện",
        "method": "ĐLVN 16:2009 và QTHC-05, lần ban hành 3",
        "environment": "Nhiệt độ (24,1 ± 0,4) °C; độ ẩm (58 ± 2) %RH; áp suất 1 008 hPa",
        "received_on": "20/11/2017",
        "performed_on": "21/11/2017",
        "sticker": "17C00034",
        "standards": [
            {key: one[key] for key in ("code", "name", "certificate", "traceable_to")}
            for one in STANDARDS
        ],
        "traceability": "Kết quả đo được liên kết với đơn vị đo SI qua các chuẩn nêu trên và chuẩn "
        "đo lường quốc gia của Việt Nam, theo một chuỗi hiệu chuẩn không đứt đoạn.",
        "results": [
            {"title": "Kết quả trước hiệu chỉnh", "unit": "kg", "points": _points(5, 2)},
            {"title": "Kết quả sau hiệu chỉnh", "unit": "kg", "points": _points(10, 0)},
        ],
        "coverage": "95 %",
        "deviations": "Không",
        "customer_supplied": "Năm sản xuất do khách hàng cung cấp.",
        "remarks": ["Cân đã được hiệu chỉnh bằng quả cân trong (Ω, µ, ≤, ± đọc được)."],
        "performed_by": "Trần Văn Đực",
        "checked_by": "Lê Thị Mỹ Duyên",
    }


def test_report() -> dict:
    parameters = [
        ("pH", "TCVN 6492:2011", "–", "7,1", "6,0 – 8,5", "yes"),
        ("Độ đục", "TCVN 6184:2008", "NTU", "1,2", "≤ 2", "yes"),
        ("Hàm lượng asen tổng số (As)", "SMEWW 3114B:2017", "mg/L", "< 0,001", "≤ 0,01", "yes"),
        ("Coliform tổng số", "TCVN 6187-1:2009", "CFU/100 mL", "12", "0", "no"),
        ("Độ cứng, tính theo CaCO₃", "TCVN 6224:1996", "mg/L", "86", "≤ 300", "yes"),
        ("Màu sắc", "Cảm quan", "–", "Không màu", "", ""),
    ]
    names = ("name", "method", "unit", "result", "limit", "meets")
    rows = [
        {key: value for key, value in zip(names, one, strict=True) if value} for one in parameters
    ]
    rows[1]["uncertainty"] = "0,1 (k = 2)"
    rows[2]["external"] = True
    return {
        **_checkable("T17-00047", "9FQL-3CJR"),
        "customer": CUSTOMER,
        "sample": {
            "code": "M17-0047",
            "name": "Nước sinh hoạt sau xử lý",
            "description": "Nước trong, đựng trong 02 chai nhựa 1,5 L và 01 chai vô trùng 500 mL",
            "condition": "Nguyên niêm phong, nhiệt độ 6 °C",
            "sampling": "Do khách hàng lấy và gửi; kết quả áp dụng cho mẫu như đã nhận",
        },
        "place": "Tại phòng thí nghiệm của Trung tâm",
        "specification": "QCVN 02:2009/BYT Chất lượng nước sinh hoạt",
        "environment": "Nhiệt độ (25 ± 2) °C; độ ẩm (60 ± 10) %RH",
        "received_on": "15/11/2017",
        "performed_on": "15/11/2017 – 21/11/2017",
        "parameters": rows,
        "decision_rule": "So sánh trực tiếp, không tính độ không đảm bảo đo",
        "conclusion": "Mẫu không đạt chỉ tiêu Coliform tổng số theo QCVN 02:2009/BYT",
        "customer_supplied": "Tên mẫu, nơi lấy mẫu",
        "performed_by": "Thị Sà Rịt",
        "checked_by": "Lê Thị Mỹ Duyên",
    }


def invoice(count: int = 4) -> dict:
    return {
        **_common("00000123"),
        "kind": "vat",
        "form": "1",
        "series": "C26TAA",
        "issued_at": "22/11/2026 10:15",
        "signed_at": "22/11/2026 10:16",
        "authority_code": "00B1C2D3E4F5A6978877665544332211AB",
        "check_url": "https://lims.trungtam.example/i/00000123",
        "seller": {
            "name": CENTRE["name"],
            "tax_code": "1700000001",
            "address": CENTRE["address"],
            "phone": CENTRE["phone"],
            "account": "3713.0.1000000 tại Kho bạc Nhà nước Kiên Giang",
        },
        "buyer": {
            "name": "Phòng Kinh tế và Hạ tầng huyện Châu Thành",
            "person": "Lý Văn Khởi",
            "address": "Thị trấn Minh Lương, huyện Châu Thành",
            "budget_code": "1000001",
        },
        "payment": "Chuyển khoản",
        "lines": [
            {
                "name": f"Kiểm định {OBJECTS[n % 5][0].lower()} (phiếu PN17-{n:05})",
                "unit": "Cái",
                "quantity": str(n + 1),
                "price": "120.000",
                "rate": "8 %" if n % 2 else "10 %",
                "amount": f"{120 * (n + 1)}.000",
            }
            for n in range(count)
        ],
        "vat": [
            {"rate": "8 %", "net": "720.000", "tax": "57.600", "sum": "777.600"},
            {"rate": "10 %", "net": "480.000", "tax": "48.000", "sum": "528.000"},
        ],
        "net": "1.200.000",
        "tax": "105.600",
        "total": "1.305.600",
        "total_words": "Một triệu ba trăm linh năm nghìn sáu trăm đồng",
    }


def receipt() -> dict:
    return {
        **_common("PT17-00088"),
        "received_on": "22/11/2017",
        "payer": {"name": "Lý Văn Khởi", "address": CUSTOMER["name"]},
        "reason": "Nộp tiền kiểm định theo hóa đơn 1C26TAA số 00000123",
        "amount": "1.305.600",
        "amount_words": "Một triệu ba trăm linh năm nghìn sáu trăm đồng",
        "method": "Tiền mặt",
        "attached": "01 hóa đơn",
        "prepared_by": "Phạm Thị Út",
        "cashier": "Võ Ngọc Ánh",
        "accountant": "Đặng Thị Thảo",
        "signatory": {"title": "Giám đốc", "name": "Nguyễn Xuân Niệm"},
    }


def hand_over(count: int = 5) -> dict:
    odd = {
        1: {"result": "fail", "reason": "sai số vượt giới hạn ở mức 30 kg"},
        2: {"result": "not_performed", "reason": "thiếu nguồn điện"},
        3: {"result": "cancelled"},
    }
    return {
        **_common("N17-01234-BG1"),
        "order": "N17-01234",
        "requester": CUSTOMER,
        "received_on": "20/11/2017",
        "handed_over_on": "24/11/2017",
        "items": [
            {
                "code": f"N17-01234-{n + 1:03}",
                "name": " ".join(OBJECTS[n % 5][:2]),
                "serial": f"SN{2017000 + n}",
                **odd.get(n, {"result": "pass", "certificate": f"KĐ17-{n + 1:05}"}),
            }
            for n in range(count)
        ],
        "remaining": "7",
        "handed_over_by": "Nguyễn Thị Bích Ngọc",
        "receiver": "Lý Văn Khởi",
    }


SAMPLES = {
    "slip": slip,
    "minutes": minutes,
    "verification": verification,
    "verification-list": verification_list,
    "calibration": calibration,
    "test-report": test_report,
    "invoice": invoice,
    "receipt": receipt,
    "hand-over": hand_over,
}
