"""The bureaus of a county that work is given out to."""

from __future__ import annotations

# Whom counties commonly ask; any other may be typed.
BUREAUS = (
    *("发展和改革局", "经济和信息化局", "教育局", "科学技术局", "财政局", "人力资源和社会保障局"),
    *("农业农村局", "商务局", "文化和旅游局", "卫生健康局", "国有资产监督管理办公室"),
)
