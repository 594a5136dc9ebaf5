"""What people send to sign in, and to choose another passphrase."""

from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, Length, ValidationError

from allies.accounts.passphrases import weakness
from allies.forms import Form, TwicePassphrase, clean
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


class PassphraseForm(Form):
    """A new passphrase; `about` are words about its owner that it may not be made of."""

    passphrase = TwicePassphrase(
        _l("New passphrase"), [DataRequired(_l("Please choose a passphrase."))]
    )

    def __init__(self, *args, about=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about

    def validate_passphrase(self, field):
        if reason := weakness(field.data, about=self.about):
            raise ValidationError(reason)
