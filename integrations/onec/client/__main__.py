"""`python -m integrations.onec.client`: the simulated 1C base at the command line."""

import sys

from integrations.onec.client.command_line import main

sys.exit(main(sys.argv[1:]))
