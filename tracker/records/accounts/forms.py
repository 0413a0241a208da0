"""The forms for signing in, for passwords and for accounts."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, PasswordField
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from tracker.records.accounts.permissions import Role
from tracker.records.accounts.service import LONGEST_PASSWORD, SHORTEST_PASSWORD
from tracker.web.forms import Form, LineField, NotLonger, Required, choice, text

_ABOUT_PASSWORDS = (
    f"{SHORTEST_PASSWORD} 至 {LONGEST_PASSWORD} 个字符，不能与用户名相同。"
    "建议用几个互不相关的词连成一句。"
)


def _on_or_off(raw: object) -> bool:
    if str(raw) not in ("True", "False"):
        raise ValueError
    return str(raw) == "True"


class SignInForm(Form):
    username = LineField("用户名", [Required(), NotLonger(64)])
    password = PasswordField("密码", [Required(), NotLonger(200)])


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField("新密码", [Required()], description=_ABOUT_PASSWORDS)
    again = PasswordField("再输入一次新密码", [Required()])

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field by itself, then whether both are the same."""
        good = super().validate(extra_validators)
        if good and self.password.data != self.again.data:
            self.add_error("again", "两次输入的新密码不一致，请重新输入。")
            return False
        return good


def _meant(form: Form, field: BooleanField) -> None:
    if not field.data:
        raise StopValidation("原密码随即失效，请先确认。")


class ResetPasswordForm(NewPasswordForm):
    """A new password for somebody else, whose old one is then worth nothing."""

    confirmed = BooleanField(
        "我已核实是本人要求，确认重设；原密码随即失效，不能恢复", validators=[_meant]
    )


class OwnPasswordForm(NewPasswordForm):
    """A new password of one's own, for one who knows the present one."""

    present = PasswordField("现用密码", [Required(), NotLonger(200)])


class UserForm(Form):
    """What may be changed of an account; `version` is the row version that the person saw."""

    version = IntegerField(widget=HiddenInput())

    display_name = text("姓名", 64, required=True, description="显示在页面和操作记录中。")
    role = choice("角色", Role.choices(), coerce=Role)
    region_id = choice(
        "所在地区",
        coerce=int,
        required=False,
        empty="无",
        description="账户能看到这一地区及其下辖各县的记录。只有系统管理员可以不选。",
    )
    active = choice("状态", [("True", "启用"), ("False", "停用")], coerce=_on_or_off)


class NewUserForm(NewPasswordForm):
    """A new account."""

    makes = True

    username = text("用户名", 64, required=True, description="登录时填写，以后不能更改。")
    display_name = text("姓名", 64, required=True, description="显示在页面和操作记录中。")
    role = choice("角色", Role.choices(), coerce=Role)
    region_id = choice(
        "所在地区",
        coerce=int,
        required=False,
        empty="无",
        description="账户能看到这一地区及其下辖各县的记录。只有系统管理员可以不选。",
    )
