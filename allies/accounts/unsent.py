"""What was sent after the sign-in had lapsed: to read, to send after all, or to throw away."""

from flask import flash, request
from flask_login import current_user

from allies import held
from allies.accounts.devices import bp
from allies.i18n import _
from allies.web import allow, done, render


@bp.get("/unsent")
@allow("account.show")
def unsent():
    return render("accounts/unsent.html", forms=held.waiting(current_user.id))


@bp.post("/unsent")
@allow("account.show")
def throw_away():
    chosen = request.form.get("form")
    mine = [each.key for each in held.waiting(current_user.id) if each.id == chosen]
    held.let_go(mine)
    if mine:
        flash(_("Thrown away."))
    return done(unsent)
