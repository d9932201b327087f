"""The console's own pages: signing in, one's own account, the audit trail, the first page."""

from flask import Flask

from membership.staff.pages.account import own_account
from membership.staff.pages.audit import audit
from membership.staff.pages.by_organisation import by_organisation
from membership.staff.pages.home import home
from membership.staff.pages.renewing import renewing
from membership.staff.pages.setting_up import setting_up
from membership.staff.pages.signing_in import signing_in


def install(app: Flask) -> None:
    """Let *app* serve them."""
    # Forms of other services are sent there, which this one's check cannot know. Neither changes
    # anything for who comes without the cookie, and other sites cannot send that.
    app.extensions["csrf"].exempt(renewing)
    for blueprint in (signing_in, by_organisation, renewing, setting_up, own_account, audit, home):
        app.register_blueprint(blueprint)
