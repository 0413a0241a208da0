"""The form for signing in."""

from __future__ import annotations

from wtforms import PasswordField

from tracker.web.forms import Form, LineField, NotLonger, Required


class SignInForm(Form):
    username = LineField("用户名", [Required(), NotLonger(64)])
    password = PasswordField("密码", [Required(), NotLonger(200)])
