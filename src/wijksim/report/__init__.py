"""From a comparison to a page that an alderman understands and a referee can check."""
