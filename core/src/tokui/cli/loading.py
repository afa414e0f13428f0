"""Importing what a plugin offers, when the command line asks for it."""

from tokui.errors import PluginError
from tokui.hub.offers import Offer, cause


def loaded(offer: Offer) -> object:
    """
    Import it.

    Raises:
        PluginError: It cannot be imported, whatever it raised.
    """
    try:
        return offer.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin's sys.exit() is a failure, not an end
        what = f"cannot be imported ({cause(error, quote=True)})"
    raise PluginError(what, who=f"{offer.name} ({offer})")
