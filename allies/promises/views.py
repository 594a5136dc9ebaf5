"""What members can count on, for whoever is signed in (PRODUCT 3, TRUST P1-P8)."""

from flask import Blueprint

from allies.web import allow, render

bp = Blueprint("promises", __name__)


@bp.get("/promises")
@allow("promise.show")
def show():
    return render("promises/show.html")


@bp.get("/who-sees-what")
@allow("promise.show")
def who_sees_what():
    return render("promises/who_sees_what.html")


@bp.get("/house-rules")
@allow("promise.show")
def house_rules():
    return render("promises/house_rules.html")
