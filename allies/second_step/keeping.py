"""What is kept of code apps and recovery codes, and for how long."""

from allies.i18n import _l
from allies.keeping import About, keep, theirs
from allies.second_step.models import CodeApp, RecoveryCode


def code_app_of(user):
    has_one = CodeApp.select().where(CodeApp.user == user.id).exists()
    return [{"is_set": True}] if has_one else []


def recovery_codes_of(user):
    number = RecoveryCode.select().where(RecoveryCode.user == user.id).count()
    return [{"codes_left": number}] if number else []


keep(
    CodeApp,
    about=About.SIGNING_IN,
    what=_l("The secret we share with your code app, encrypted."),
    term=_l("Until you set up another one, or leave."),
    export=code_app_of,
    erase=theirs(CodeApp),
)
keep(
    RecoveryCode,
    about=About.SIGNING_IN,
    what=_l("Your printed codes that are not used yet, made unreadable."),
    term=_l("Until you use them, or leave."),
    export=recovery_codes_of,
    erase=theirs(RecoveryCode),
)
