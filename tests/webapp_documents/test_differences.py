"""Two versions of a text side by side."""

from webapp.documents.differences import changes_between

OLD = "Điều 1. Ban hành Quy chế, gồm 14 Điều.\nĐiều 3. Dung lượng\n3. Không quá 20MB.\nĐiều 4. Thi hành."


def test_equal_texts_have_no_changes() -> None:
    assert changes_between(OLD, OLD + "\n\n") == []


def test_a_changed_word_is_told_with_its_article_and_clause() -> None:
    (change,) = changes_between(OLD, OLD.replace("20MB", "25MB"))

    assert change.place == "Điều 3, khoản 3"
    assert [(p.kind, p.text) for p in change.pieces if p.kind != "same"] == [("out", "20MB"), ("in", "25MB")]


def test_added_and_removed_paragraphs_stand_alone() -> None:
    added = changes_between(OLD, OLD + "\nĐiều 5. Hiệu lực.")
    removed = changes_between(OLD, OLD.replace("\nĐiều 4. Thi hành.", ""))

    assert [[p.kind for p in c.pieces] for c in added] == [["in"]]
    assert [[p.kind for p in c.pieces] for c in removed] == [["out"]]
    assert (added[0].place, removed[0].place) == ("Điều 5", "Điều 4")


def test_paragraphs_too_long_to_be_compared_by_word_are_shown_whole() -> None:
    old, new = "a " * 3_000, "a " * 2_999 + "b"

    (change,) = changes_between(old, new)

    assert [piece.kind for piece in change.pieces] == ["out", "in"]
