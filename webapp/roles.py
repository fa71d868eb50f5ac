"""Which roles see which part of the product; the operations check the same roles again."""

MANAGERS = ("lanh-dao", "chanh-van-phong", "truong-don-vi", "quan-tri")
DESIGNERS = ("thiet-ke-quy-trinh", "quan-tri")
OPERATORS = ("lanh-dao", "chanh-van-phong", "quan-tri")
WATCHERS = (*OPERATORS, "thiet-ke-quy-trinh")
