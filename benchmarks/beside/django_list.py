"""The list of projects as Django's admin makes it of the same tables, for somebody who has signed
in: arguments are the database (to which Django's own tables are added) and the rows of a page."""

import sys
from decimal import Decimal

import django
from django.conf import settings
from serving import serve_page

database, rows = sys.argv[1], int(sys.argv[2])
BACKEND = "django.contrib.messages.context_processors.messages"
settings.configure(
    SECRET_KEY="of a benchmark",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    USE_TZ=False,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    STATIC_URL="/static/",
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    BACKEND,
                ]
            },
        }
    ],
)
django.setup()

from django.contrib import admin  # noqa: E402 - after the settings, as Django wants it
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import models  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402


class Region(models.Model):
    name = models.TextField()

    class Meta:
        app_label, db_table, managed = "auth", "regions", False

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    name = models.TextField()
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    partner = models.ForeignKey(Region, models.PROTECT, related_name="+", null=True)
    category = models.TextField(choices=[("industry", "产业合作"), ("other", "其他")])
    total_investment = models.BigIntegerField()
    signed_on = models.DateField(null=True)
    started_on = models.DateField(null=True)
    investor = models.TextField()
    industry = models.TextField()
    origin = models.TextField()

    class Meta:
        app_label, db_table, managed = "auth", "projects", False


class Entry(models.Model):
    project = models.ForeignKey(Project, models.PROTECT)
    kind = models.TextField()
    amount = models.BigIntegerField()

    class Meta:
        app_label, db_table, managed = "auth", "ledger_entries", False


def paid(kind: str) -> models.Subquery:
    entries = Entry.objects.filter(project=models.OuterRef("pk"), kind=kind).values("project")
    return models.Subquery(entries.annotate(sum=models.Sum("amount")).values("sum"))


def in_wan(amount: int | None) -> str:
    return "未报" if amount is None else f"{Decimal(amount) / 1_000_000:,.2f}"


def share(amount: int | None, of: int) -> str:
    return "未报" if amount is None else f"{100 * Decimal(amount) / of:.1f}"


@admin.register(Project)
class Projects(admin.ModelAdmin):
    list_per_page = rows
    list_display = (
        "name", "region", "category", "stage", "investment", "in_place", "in_place_share", "done",
        "done_share", "signed_on", "partner", "investor", "industry", "started_on", "origin",
    )  # fmt: skip
    list_select_related = ("region", "partner")
    list_filter = ("region", "category", "signed_on")
    search_fields = ("name", "investor")
    ordering = ("-signed_on",)

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found.annotate(paid_in=paid("funds_in_place"), spent=paid("investment"))

    def stage(self, project):
        return "开工" if project.started_on else "签约"

    def investment(self, project):
        return in_wan(project.total_investment)

    def in_place(self, project):
        return in_wan(project.paid_in)

    def in_place_share(self, project):
        return share(project.paid_in, project.total_investment)

    def done(self, project):
        return in_wan(project.spent)

    def done_share(self, project):
        return share(project.spent, project.total_investment)


urlpatterns = [path("admin/", admin.site.urls)]
call_command("migrate", verbosity=0)
user, _ = User.objects.get_or_create(username="b", is_staff=True, is_superuser=True)
client = Client()
client.force_login(user)
serve_page(client, "/admin/auth/project/", rows)
