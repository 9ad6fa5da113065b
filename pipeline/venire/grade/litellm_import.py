"""litellm, imported in the one way in which it does nothing on its own."""

import logging
import os
import warnings
from functools import cache
from typing import Any, Final

# Otherwise the import loads a `.env` from the working directory and fetches a price map and header settings. The map
# decides prices and the form of requests, so a verdict could not be reproduced without it.
_SETTINGS: Final = {
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
}


@cache
def import_litellm() -> Any:
    """The module `litellm`, quiet: its messages and instructor's would repeat whole prompts on every failure."""
    os.environ.update(_SETTINGS)
    import litellm

    litellm.suppress_debug_info = True
    # A request that is broken off before it began leaves a coroutine of litellm's behind.
    warnings.filterwarnings("ignore", message="coroutine '.*' was never awaited", category=RuntimeWarning)
    for name in ("LiteLLM", "instructor"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm
