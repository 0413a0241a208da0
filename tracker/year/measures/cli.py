"""`tracker measures`: the catalogue in words."""

from __future__ import annotations

import click

from tracker.year.measures.declare import SubjectKind

HEADINGS = {
    SubjectKind.COUNTY: "县（市、区）",
    SubjectKind.ENCLAVE: "飞地",
    SubjectKind.PARK: "产业园",
    SubjectKind.VILLAGE: "乡村振兴示范点",
    SubjectKind.CITY: "设区市",
    SubjectKind.PAIR: "结对",
}


@click.command()
@click.option("--names", is_flag=True, help="只列名称，一行一个。")
def measures(names: bool) -> None:
    """列出指标目录：名称、含义、单位、口径、所读记录。"""
    from tracker.year.measures.catalogue import CATALOGUE

    if names:
        click.echo("\n".join(CATALOGUE.measures))
        return
    for subject in SubjectKind:
        declared = CATALOGUE.of(subject)
        if not declared:
            continue
        click.echo(f"\n【{HEADINGS[subject]}】{len(declared)} 项")
        for measure in declared:
            unit = f"({measure.unit})" if measure.unit else ""
            click.echo(f"{measure.name}  {measure.label}{unit}")
            click.echo(f"    口径：{measure.definition}")
            click.echo(f"    记录：{measure.records}")
            nought = f"，显示为{measure.nought}" if measure.nought else ""
            click.echo(f"    没有记录：{measure.nothing.label}{nought}")
