"""The state of a world: tables of columns, personal ties and pools of newcomers."""
