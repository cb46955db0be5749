#!/usr/bin/env python
"""The command line of the study. Commands that need services start the embedded ones where none are configured."""

import os
import sys

# These read and write files alone, or bring their own services up.
WITHOUT_SERVICES = {
    "clean_images",
    "weigh_labels",
    "up",
    "help",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "draw_states",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    asks_for_help = "--help" in sys.argv or "-h" in sys.argv
    if os.environ["DJANGO_SETTINGS_MODULE"].endswith("development") and not asks_for_help:
        from config.services import provide

        if command not in WITHOUT_SERVICES:
            provide()

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
