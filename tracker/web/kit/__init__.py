"""Lists, pages, forms and histories of records, from what each kind of record declares."""

from tracker.web.kit import looks
from tracker.web.kit.declared import Action, Blocked, Column, Field, Filter, Scope, Section, Show
from tracker.web.kit.fields import RecordForm, field_of, form_of
from tracker.web.kit.files import offer_files
from tracker.web.kit.kinds import Kind, Parent, through
from tracker.web.kit.listing import flag, in_year, linked, one_of, this_year, yes_no
from tracker.web.kit.related import related_section
from tracker.web.kit.views import (
    blocked_page,
    detail_page,
    list_of,
    list_page,
    on_every_list,
    on_every_page,
    record_blueprint,
)

__all__ = [
    "Action",
    "Blocked",
    "Column",
    "Field",
    "Filter",
    "Kind",
    "Parent",
    "RecordForm",
    "Scope",
    "Section",
    "Show",
    "blocked_page",
    "detail_page",
    "field_of",
    "flag",
    "form_of",
    "in_year",
    "linked",
    "list_of",
    "list_page",
    "looks",
    "offer_files",
    "on_every_list",
    "on_every_page",
    "one_of",
    "record_blueprint",
    "related_section",
    "this_year",
    "through",
    "yes_no",
]
