"""Measures of supporting counties, gathered over all their pairs; no record serves them yet."""

from __future__ import annotations

from tracker.measures.declare import SubjectKind, pending

_PROJECTS = "按支援方归集的产业合作项目"
_COUNTED = (
    "支援县所有结对的山海协作产业合作项目，当年签约，或此前三年内签约且当年初仍在续建；"
    "年末前终止的不计，同一项目只计一次。"
)

# Name, label, unit, definition, the record that is missing.
_MEASURES = (
    (
        "support.aid_paid",
        "拨付的援建资金",
        "万元",
        "支援县当年向所有结对县财政拨付的援建资金合计，以拨付凭证为准，社会帮扶资金不计。",
        "援建资金拨付",
    ),
    (
        "support.aid_on_time",
        "按期拨付的援建资金",
        "万元",
        "当年拨付的援建资金中，拨付日期不晚于任务规定日期的合计。",
        "援建资金拨付",
    ),
    (
        "support.social_aid",
        "社会帮扶资金",
        "万元",
        "支援县的企业、社会组织和个人当年向结对县捐赠的资金和物资折价，以捐赠票据为准。",
        "社会帮扶资金",
    ),
    ("support.projects", "结对产业合作项目数", "个", _COUNTED, _PROJECTS),
    (
        "support.projects_large",
        "结对亿元以上项目数",
        "个",
        f"{_COUNTED}其中计划总投资10000万元及以上的。",
        _PROJECTS,
    ),
    (
        "support.funds_in_place",
        "结对项目到位资金",
        "万元",
        "支援县所有结对的产业合作项目当年到位资金合计，同一笔资金只计一次。",
        _PROJECTS,
    ),
    (
        "support.cooperation_parks",
        "产业合作园数",
        "个",
        "支援县与结对县共建、当年新批复或年末在运行的产业合作园数；没有的报0。",
        "产业园",
    ),
    (
        "support.enclaves",
        "承接的飞地数",
        "个",
        "以支援县为飞入地、当年存续的各类飞地数；没有的报0。",
        "按飞入地归集的飞地",
    ),
    (
        "support.space_agreed",
        "约定交付的飞地空间",
        "m²",
        "各飞地协议约定截至当年年末应累计交付的土地和楼宇面积，土地1亩按666.67平方米折算。",
        "飞地空间交付",
    ),
    (
        "support.space_delivered",
        "已交付的飞地空间",
        "m²",
        "截至12月31日累计已交付的土地和楼宇面积，以交付确认书为准，折算办法与约定数相同。",
        "飞地空间交付",
    ),
    (
        "support.tenants",
        "飞地入驻企业数",
        "家",
        "年末在支援县承接的各飞地内注册并实际经营的企业数。",
        "飞地入驻企业",
    ),
    (
        "support.returns_due",
        "当年应付分成返利",
        "万元",
        "支援县承接的各飞地按合同当年到期应付的分成、返利合计；没有应付的报0。",
        "按飞入地归集的应付分成返利",
    ),
    (
        "support.returns_on_time",
        "按期到账的分成返利",
        "万元",
        "当年应付分成、返利中，到账日期不晚于合同到期日的合计，以银行回单为准。",
        "按飞入地归集的分成返利",
    ),
    (
        "support.cadres",
        "选派挂职干部数",
        "人",
        "支援县选派、当年到结对县任职满规定期限或年末在任的挂职干部人数，以任职文件为准。",
        "挂职干部",
    ),
    (
        "support.specialists",
        "选派专技人才人次",
        "人次",
        "支援县当年选派到结对县服务的教师、医生、农技等专业技术人才人次，以派出名单为准。",
        "专技人才",
    ),
    (
        "support.training",
        "帮助培训就业人次",
        "人次",
        "支援县当年为结对县劳动者组织或出资的劳务培训和帮助实现就业的人次，以名单为准。",
        "劳务培训和就业名单",
    ),
    (
        "support.partners",
        "结对学校和医院数",
        "对",
        "年末有效的与结对县学校、医院（含医共体）结对协议数，一份协议计一对。",
        "教育医疗结对",
    ),
    (
        "support.consumption",
        "消费帮扶采购额",
        "万元",
        "支援县的单位、企业、居民当年采购和帮助销售结对县农特产品的金额，以发票或平台订单为准。",
        "消费帮扶",
    ),
)

for _name, _label, _unit, _definition, _records in _MEASURES:
    pending(
        _name,
        label=_label,
        unit=_unit,
        subject=SubjectKind.COUNTY,
        definition=_definition,
        records=_records,
    )
