"""What people send to sign in."""

from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, Length

from allies.forms import Form, clean
from allies.i18n import _l


class SignInForm(Form):
    email = EmailField(
        _l("E-mail address"),
        [DataRequired(_l("Please fill in your e-mail address.")), Length(max=254)],
        filters=[clean],
    )
    passphrase = PasswordField(
        _l("Passphrase"),
        [DataRequired(_l("Please fill in your passphrase.")), Length(max=128)],
    )
