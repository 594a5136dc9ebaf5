"""The start page: what waits for me (PRODUCT 4.1)."""

from flask import Blueprint
from flask_login import current_user

from allies.alliances.models import memberships_of
from allies.web import allow, render

bp = Blueprint("home", __name__)


@bp.get("/")
@allow("home.show")
def show():
    return render("home/show.html", memberships=memberships_of(current_user))
