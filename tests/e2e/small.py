"""The smallest scenario from which a memo can be made, on top of a parent."""

SMALL = """\
schema: 1
title: A small world
extends: {parent}
months: 14
world: {{size: 300, warmup: 1}}
"""
