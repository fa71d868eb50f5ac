"""What Điều 7 keeps out, and what it does not."""

import pytest

from documents import article7

HEAD = "ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU\nSố: 12/QĐ-UBND\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}MẬT\nMộc Châu, ngày 05 tháng 5 năm 2016",
        f"{HEAD}[TỐI MẬT]\n",
        f"{HEAD}TUYỆT  MẬT\n",
        f"{HEAD}Độ mật: Tối mật\n",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐỘC LẬP\nĐƠN KHIẾU NẠI\nKính gửi: …",
        "ĐƠN TỐ CÁO\n(về hành vi …)",
        "Đơn khiếu nại của ông Nguyễn Văn A",
    ],
)
def test_a_mark_of_secrecy_or_a_citizens_letter_near_the_head_is_found(text):
    assert article7.find_in_text(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}Điều 12. Giữ bí mật mật khẩu tài khoản của mình.",
        f"{HEAD}QUYẾT ĐỊNH\nBan hành Quy chế bảo vệ bí mật nhà nước",
        f"{HEAD}V/v bảo mật thông tin",
        f"{HEAD}về việc giải quyết\nđơn khiếu nại của công dân",
        "KẾ HOẠCH\nTiếp công dân, giải quyết khiếu nại, tố cáo năm 2016",
        HEAD + "dòng\n" * article7.HEAD_LINES + "MẬT\n",
    ],
)
def test_the_same_words_in_running_text_are_no_reason_to_refuse(text):
    assert article7.find_in_text(text) is None


@pytest.mark.parametrize("subject", ["Đơn tố cáo", "ĐƠN KHIẾU NẠI về đất đai", "V/v đơn khiếu nại của bà B."])
def test_a_citizens_letter_is_known_by_its_subject(subject):
    assert article7.find_in_subject(subject)


@pytest.mark.parametrize("subject", ["Kế hoạch tiếp công dân", "Báo cáo giải quyết đơn khiếu nại quý I", "Đơn giá đất"])
def test_documents_about_letters_pass(subject):
    assert article7.find_in_subject(subject) is None
